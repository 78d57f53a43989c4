package org.vilam.vision.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

/** Decoding in tests, and comparing what came of it. */
final class Pixels {
    static final ImageDecoder DOOR = new ImageDecoder();

    private Pixels() {}

    static DecodedImage decode(byte[] file) {
        return DOOR.decode(file);
    }

    /** The pixels as {@code 0xRRGGBB}, row by row. */
    static int[] of(DecodedImage image) {
        byte[] rgb = image.pixels().rgb();
        int[] pixels = new int[rgb.length / 3];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (rgb[3 * i] & 0xFF) << 16 | (rgb[3 * i + 1] & 0xFF) << 8 | (rgb[3 * i + 2] & 0xFF);
        }
        return pixels;
    }

    /** One pixel for each grey level. */
    static int[] grey(int... levels) {
        int[] pixels = new int[levels.length];
        for (int i = 0; i < levels.length; i++) {
            pixels[i] = levels[i] * 0x010101;
        }
        return pixels;
    }

    static void assertPixels(DecodedImage image, int width, int height, int... expected) {
        assertThat(image.pixels().width()).as("width").isEqualTo(width);
        assertThat(image.pixels().height()).as("height").isEqualTo(height);
        assertThat(of(image)).as("pixels").containsExactly(expected);
    }

    /** Every channel of every pixel is within {@code tolerance} of the expected one. */
    static void assertPixelsNear(DecodedImage image, int tolerance, int... expected) {
        int[] actual = of(image);
        assertThat(actual).hasSize(expected.length);
        for (int i = 0; i < expected.length; i++) {
            for (int shift = 0; shift <= 16; shift += 8) {
                assertThat(actual[i] >> shift & 0xFF)
                        .as("pixel %d is %06x, not %06x", i, actual[i], expected[i])
                        .isBetween(
                                (expected[i] >> shift & 0xFF) - tolerance, (expected[i] >> shift & 0xFF) + tolerance);
            }
        }
    }

    static double meanAbsoluteDifference(DecodedImage a, DecodedImage b) {
        byte[] left = a.pixels().rgb();
        byte[] right = b.pixels().rgb();
        assertThat(a.pixels().width()).isEqualTo(b.pixels().width());
        assertThat(left).hasSameSizeAs(right);
        long sum = 0;
        for (int i = 0; i < left.length; i++) {
            sum += Math.abs((left[i] & 0xFF) - (right[i] & 0xFF));
        }
        return (double) sum / left.length;
    }

    /** The refusal that these bytes meet. */
    static VilamException refusal(byte[] file) {
        return refusal(DOOR, file);
    }

    static VilamException refusal(ImageDecoder door, byte[] file) {
        Throwable thrown = catchThrowable(() -> door.decode(file));
        assertThat(thrown).as("refusal").isInstanceOf(VilamException.class);
        return (VilamException) thrown;
    }

    static void assertRefused(byte[] file, ErrorCode code, String naming) {
        VilamException refusal = refusal(file);
        assertThat(refusal.code()).as(refusal.getMessage()).isEqualTo(code);
        assertThat(refusal).hasMessageContaining(naming);
        assertThat(refusal.hint()).isNotBlank();
    }

    static String[] warningCodes(DecodedImage image) {
        return image.info().warnings().stream().map(ImageWarning::code).toArray(String[]::new);
    }
}
