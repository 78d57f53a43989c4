package org.vilam.vision.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** EXIF orientation (EXIF 2.32, tag 0x0112): how a stored picture is to be turned or mirrored to stand upright. */
final class ExifOrientation {
    static final int TAG = 0x0112;
    private static final byte[] PREFIX = {'E', 'x', 'i', 'f', 0, 0};
    private static final int BLOCK = 64;

    private ExifOrientation() {}

    /**
     * The orientation an EXIF block states, 1 when it states none; a broken block never fails an image, but is warned of.
     *
     * @param exif a TIFF structure, with or without the prefix {@code Exif\0\0}; null when the file has none
     */
    static int of(@Nullable ByteBuffer exif, DecodeRun run) {
        if (exif == null) {
            return 1;
        }
        ByteBuffer block = exif.duplicate();
        if (block.remaining() >= PREFIX.length
                && block.slice(block.position(), PREFIX.length).equals(ByteBuffer.wrap(PREFIX))) {
            block.position(block.position() + PREFIX.length);
        }
        try {
            return checked(TiffDirectory.first(block).value(TAG, 1), run);
        } catch (IOException | RuntimeException e) {
            run.warn("exif_unreadable", "The EXIF block is damaged; the image is taken to be upright as stored.");
            return 1;
        }
    }

    /** 1..8 as it is; anything else is 1, with a warning. */
    static int checked(long orientation, DecodeRun run) {
        if (orientation >= 1 && orientation <= 8) {
            return (int) orientation;
        }
        run.warn(
                "exif_orientation_invalid",
                "The EXIF orientation is " + orientation + ", not 1..8; the image is taken to be upright as stored.");
        return 1;
    }

    /**
     * The upright picture.
     *
     * @param rgb {@code height * width * 3} bytes as stored; used up
     * @param width pixels across as stored
     * @param height pixels down as stored
     * @param orientation 1..8
     */
    static RgbImage upright(byte[] rgb, int width, int height, int orientation) {
        if (orientation == 1) {
            return new RgbImage(width, height, rgb);
        }
        // Upright pixel (x, y) is stored pixel origin + x * right + y * down.
        int last = width * height - 1;
        return switch (orientation) {
            case 2 -> turn(rgb, width, height, width - 1, -1, width);
            case 3 -> turn(rgb, width, height, last, -1, -width);
            case 4 -> turn(rgb, width, height, last - width + 1, 1, -width);
            case 5 -> turn(rgb, height, width, 0, width, 1);
            case 6 -> turn(rgb, height, width, last - width + 1, -width, 1);
            case 7 -> turn(rgb, height, width, last, -width, -1);
            case 8 -> turn(rgb, height, width, width - 1, width, -1);
            default -> throw new IllegalArgumentException("orientation " + orientation + " is not 1..8");
        };
    }

    private static RgbImage turn(byte[] stored, int width, int height, int origin, int right, int down) {
        byte[] upright = new byte[stored.length];
        // Block by block: with sides swapped one of the two pictures is walked column by column.
        for (int top = 0; top < height; top += BLOCK) {
            for (int left = 0; left < width; left += BLOCK) {
                int end = Math.min(width, left + BLOCK);
                for (int y = top; y < Math.min(height, top + BLOCK); y++) {
                    int to = (y * width + left) * 3;
                    int from = (origin + y * down + left * right) * 3;
                    for (int x = left; x < end; x++, to += 3, from += 3 * right) {
                        upright[to] = stored[from];
                        upright[to + 1] = stored[from + 1];
                        upright[to + 2] = stored[from + 2];
                    }
                }
            }
        }
        return new RgbImage(width, height, upright);
    }
}
