package org.vilam.vision.image;

import java.io.IOException;

/** Decodes one format. */
interface FormatReader {
    /**
     * Parses the header, has it admitted ({@link DecodeRun#admit}) and only then decodes the first picture of the file.
     *
     * @throws org.vilam.vision.error.VilamException for what the reader itself recognises
     * @throws IOException (as any RuntimeException) when the bytes cannot be decoded
     */
    StoredPicture read(byte[] file, DecodeRun run) throws IOException;
}
