package org.vilam.web.model;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vilam.assistant.Assistant;
import org.vilam.assistant.ModelInfo;
import org.vilam.assistant.library.ModelLibrary;
import org.vilam.vision.error.VilamException;

/** The models of the bundled and the user's folders. */
public final class LibraryCatalogue implements ModelCatalogue {
    private static final Logger LOG = LoggerFactory.getLogger(LibraryCatalogue.class);

    private final ModelLibrary library;
    private final @Nullable String first;
    private String told = "";

    /**
     * A catalogue of the library.
     *
     * @param first the id of the model to begin with, or null: the bundled one
     */
    public LibraryCatalogue(ModelLibrary library, @Nullable String first) {
        this.library = library;
        this.first = first;
    }

    @Override
    public List<ModelCard> list() {
        ModelLibrary.Listing listing = library.list();
        tell(listing.problems());
        return listing.models().stream()
                .sorted(Comparator.comparing(entry -> !entry.info().id().equals(first)))
                .map(entry -> card(entry.info(), entry.sizeBytes()))
                .toList();
    }

    /** Says once what is wrong with a folder, not at every look. */
    private synchronized void tell(List<VilamException> problems) {
        String now = problems.stream()
                .map(problem -> problem.getMessage() + " " + problem.hint())
                .collect(Collectors.joining("; "));
        if (!now.equals(told) && !now.isEmpty()) {
            LOG.warn("not usable as a model: {}", now);
        }
        told = now;
    }

    private static ModelCard card(ModelInfo info, long size) {
        return new ModelCard(
                info.id(),
                info.family(),
                info.title(),
                info.knows(),
                info.trainedOn(),
                info.licence(),
                info.sha256(),
                size);
    }

    @Override
    public OpenedModel open(String id) {
        ModelLibrary.Loaded loaded = library.open(id);
        return new OpenedModel() {
            @Override
            public Assistant assistant() {
                return loaded.assistant();
            }

            @Override
            public void close() {
                loaded.close();
            }
        };
    }
}
