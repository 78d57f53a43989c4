package org.vilam.assistant.chat.memory;

import org.vilam.vision.error.VilamException;

/** Where the picture files of conversations are kept, each once. Safe for several threads. */
public interface ImageFiles {
    /**
     * Keeps a file.
     *
     * @return its sha256 in lower-case hexadecimal digits
     */
    String keep(byte[] file);

    /**
     * A file.
     *
     * @param sha256 as {@link #keep} gave it
     * @throws VilamException NOT_FOUND
     */
    byte[] get(String sha256);
}
