package org.vilam.web.format;

import java.util.List;
import java.util.Optional;
import org.vilam.grounding.result.FoundObject;

/**
 * Annotations of one picture, read from a file.
 *
 * @param fileName what the file calls the picture, without folders
 * @param width as the file says
 * @param height as the file says
 * @param pixels the picture's own file, where the annotations carry it
 * @param objects what is annotated, in pixels
 * @param skipped what was left out and why, a sentence each
 */
public record ImportedImage(
        String fileName,
        int width,
        int height,
        Optional<byte[]> pixels,
        List<FoundObject> objects,
        List<String> skipped) {
    public ImportedImage {
        objects = List.copyOf(objects);
        skipped = List.copyOf(skipped);
    }
}
