package org.vilam.web.format;

import java.util.function.Supplier;
import org.vilam.grounding.result.GroundingResult;
import org.vilam.web.image.EncodedImage;

/**
 * A result and the picture it is about.
 *
 * @param upright the picture as the result's places mean it; asked for by the formats that carry pixels
 */
public record AnnotatedImage(GroundingResult result, Supplier<EncodedImage> upright) {
    /** What the picture's file is called in an export: its digest's beginning and an ending that fits the upright file. */
    String fileName() {
        return stem() + (result.image().mediaType().equals(EncodedImage.JPEG) ? ".jpg" : ".png");
    }

    /** The file's name without its ending. */
    String stem() {
        String sha256 = result.image().sha256();
        return sha256.substring(0, Math.min(16, sha256.length()));
    }

    int width() {
        return result.image().width();
    }

    int height() {
        return result.image().height();
    }
}
