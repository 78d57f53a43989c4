package org.vilam.assistant.library;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.vilam.assistant.Assistant;
import org.vilam.assistant.ModelInfo;
import org.vilam.assistant.vilam.OpenModel;
import org.vilam.vision.checkpoint.ModelFolder;
import org.vilam.vision.checkpoint.Provenance;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

/**
 * The bundled models and those in folders of the user's: one of the user's that is called like a bundled one takes its place.
 *
 * <p>Safe for several threads.
 */
public final class ModelLibrary {
    /** Folders of the class path's {@code /models}. */
    private static final List<String> BUNDLED = List.of("mini");

    private final Path cache;
    private final List<Path> shelves;
    private @Nullable List<ModelFolder> bundled;

    /**
     * @param cache where bundled models are copied to when they lie inside a jar; made where it is missing
     * @param shelves folders whose sub-folders are models; one that is missing is empty
     */
    public ModelLibrary(Path cache, List<Path> shelves) {
        this.cache = cache;
        this.shelves = List.copyOf(shelves);
    }

    /**
     * A model that could be opened.
     *
     * @param info what it says of itself; it has no device yet
     * @param sizeBytes of its files together
     */
    public record Entry(ModelFolder folder, ModelInfo info, long sizeBytes) {}

    /**
     * What a look at the folders found.
     *
     * @param models the bundled ones first
     * @param problems a reason for each folder that is no model
     */
    public record Listing(List<Entry> models, List<VilamException> problems) {
        /** Copies the lists. */
        public Listing {
            models = List.copyOf(models);
            problems = List.copyOf(problems);
        }
    }

    /** Looks at the folders. Reads their small files only. */
    public Listing list() {
        Map<String, Entry> models = new LinkedHashMap<>();
        List<VilamException> problems = new ArrayList<>();
        for (ModelFolder folder : bundled(problems)) {
            models.put(folder.id(), entry(folder));
        }
        for (Path shelf : shelves) {
            for (Path folder : folders(shelf, problems)) {
                try {
                    Entry entry = entry(ModelFolder.open(folder));
                    models.put(entry.folder().id(), entry);
                } catch (VilamException e) {
                    problems.add(e);
                }
            }
        }
        return new Listing(List.copyOf(models.values()), problems);
    }

    /** Their digests are compared once; a damaged copy is replaced by {@link ModelFolder#bundled}. */
    private synchronized List<ModelFolder> bundled(List<VilamException> problems) {
        if (bundled != null) {
            return bundled;
        }
        List<ModelFolder> folders = new ArrayList<>();
        try {
            for (String id : BUNDLED) {
                folders.add(ModelFolder.bundled(ModelLibrary.class, "/models/" + id, cache));
            }
            bundled = folders;
        } catch (VilamException e) {
            problems.add(e); // a full disk, for instance; looked at again the next time
        }
        return folders;
    }

    private static List<Path> folders(Path shelf, List<VilamException> problems) {
        if (!Files.isDirectory(shelf)) {
            return List.of();
        }
        try (Stream<Path> inside = Files.list(shelf)) {
            return inside.filter(Files::isDirectory)
                    .filter(folder -> !folder.getFileName().toString().startsWith("."))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            problems.add(new VilamException(
                    ErrorCode.FILE_UNREADABLE,
                    shelf + ": the folder cannot be read: " + e.getMessage(),
                    "Give this user the right to read it.",
                    e));
            return List.of();
        }
    }

    private static Entry entry(ModelFolder folder) {
        long size = 0;
        for (String file : folder.provenance().sha256().keySet()) {
            size += folder.path().resolve(file).toFile().length();
        }
        return new Entry(folder, info(folder, ""), size);
    }

    private static ModelInfo info(ModelFolder folder, String device) {
        Provenance provenance = folder.provenance();
        return new ModelInfo(
                folder.id(),
                folder.config().path("family").asText(),
                "ViLaM " + folder.id(),
                provenance.commit(),
                folder.sha256(),
                device,
                Knowledge.words(provenance),
                provenance.trainedOn(),
                provenance.licence());
    }

    /** A model in memory; closing it gives the memory back. */
    public static final class Loaded implements AutoCloseable {
        private final NDManager manager;
        private final OpenModel model;
        private final Assistant assistant;

        private Loaded(NDManager manager, OpenModel model) {
            this.manager = manager;
            this.model = model;
            this.assistant =
                    Assistant.over(info(model.folder(), deviceName(manager.getDevice())), model.vilam(), model.vilam());
        }

        /** What answers; for use until this is closed. */
        public Assistant assistant() {
            return assistant;
        }

        @Override
        public void close() {
            model.close();
            manager.close();
        }
    }

    /**
     * Loads a model onto the first GPU, or the CPU where there is none.
     *
     * @throws VilamException NOT_FOUND, or what is wrong with its files
     */
    public Loaded open(String id) {
        Entry entry = list().models().stream()
                .filter(model -> model.folder().id().equals(id))
                .findFirst()
                .orElseThrow(() -> new VilamException(
                        ErrorCode.NOT_FOUND,
                        "there is no model of this name",
                        "Put its folder under models/ in the home folder."));
        NDManager manager = NDManager.newBaseManager();
        try {
            return new Loaded(manager, OpenModel.open(entry.folder(), manager));
        } catch (RuntimeException | Error e) {
            manager.close();
            throw e;
        }
    }

    static String deviceName(Device device) {
        return device.isGpu() ? "cuda:" + device.getDeviceId() : "cpu";
    }
}
