package org.vilam.web.format;

import java.util.List;
import org.jspecify.annotations.Nullable;
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
@SuppressWarnings("ArrayRecordComponent") // passed on, never compared
public record ImportedImage(
        String fileName,
        int width,
        int height,
        byte @Nullable [] pixels,
        List<FoundObject> objects,
        List<String> skipped) {
    public ImportedImage {
        objects = List.copyOf(objects);
        skipped = List.copyOf(skipped);
    }
}
