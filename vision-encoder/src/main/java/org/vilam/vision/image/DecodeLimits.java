package org.vilam.vision.image;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * What one image may cost. Sizes are checked against the file's header before any pixel is decoded.
 *
 * @param maxFileBytes length of the file, 1 to 2,000,000,000
 * @param maxPixels width times height of the picture that is decoded, 1 to 700,000,000 (the RGB bytes are one array)
 * @param maxSide width and height each, at least 1
 * @param maxFrames frames or pages in the file (only the first is decoded, but all are counted), at least 1
 * @param timeout time from the call to its answer, waiting for other decodes included; positive
 * @param maxMemoryBytes heap one decode may need at its peak, estimated from the header; at least 1
 */
public record DecodeLimits(
        long maxFileBytes, long maxPixels, int maxSide, int maxFrames, Duration timeout, long maxMemoryBytes) {
    /** 100 MB, 64 megapixels, sides up to 65,500, 10,000 frames, 20 s, 1 GiB of heap. */
    public static final DecodeLimits DEFAULT =
            new DecodeLimits(100_000_000L, 64_000_000L, 65_500, 10_000, Duration.ofSeconds(20), 1L << 30);

    public DecodeLimits {
        Objects.requireNonNull(timeout, "timeout");
        if (maxFileBytes < 1
                || maxFileBytes > 2_000_000_000
                || maxPixels < 1
                || maxPixels > 700_000_000
                || maxSide < 1
                || maxFrames < 1
                || maxMemoryBytes < 1
                || timeout.isNegative()
                || timeout.isZero()) {
            throw new IllegalArgumentException(
                    "a decode limit is out of its range: " + List.of(maxFileBytes, maxPixels, maxSide, maxFrames, timeout, maxMemoryBytes));
        }
    }
}
