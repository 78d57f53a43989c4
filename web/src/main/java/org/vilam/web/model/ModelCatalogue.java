package org.vilam.web.model;

import java.util.List;
import org.vilam.assistant.Assistant;

/** Where models come from. */
public interface ModelCatalogue {
    /** The models there are, the one to begin with first. */
    List<ModelCard> list();

    /**
     * Loads a model; takes seconds.
     *
     * @throws org.vilam.vision.error.VilamException NOT_FOUND, or what is wrong with its files
     */
    OpenedModel open(String id);

    /** An assistant over a loaded model; closing it gives the model's memory back. */
    interface OpenedModel extends AutoCloseable {
        /** The assistant. */
        Assistant assistant();

        @Override
        void close();
    }
}
