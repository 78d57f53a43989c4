package org.vilam.vision.geometry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

/**
 * Damaged and random run-length codes: each is either refused as GEOMETRY_INVALID or a code that is sound in itself.
 * Runs for {@code -Dfuzz.seconds}, 3 by default.
 */
final class RleFuzzTest {
    private static final long SECONDS = Long.getLong("fuzz.seconds", 3);
    private final Random random = new Random(20261120);
    private int accepted;
    private int refused;

    @Test
    void every_string_and_list_of_counts_is_refused_or_sound() {
        long end = System.nanoTime() + SECONDS * 1_000_000_000L;
        while (System.nanoTime() < end) {
            for (int i = 0; i < 200; i++) {
                Mask mask = MaskSamples.mask(1 + random.nextInt(30), 1 + random.nextInt(30), random.nextLong());
                damagedString(mask);
                damagedCounts(mask);
            }
        }
        System.out.printf("RLE fuzz, %d s: %,d codes accepted, %,d refused%n", SECONDS, accepted, refused);
        assertThat(accepted).as("codes accepted").isGreaterThan(100);
        assertThat(refused).as("codes refused").isGreaterThan(100);
    }

    private void damagedString(Mask mask) {
        StringBuilder text = new StringBuilder(mask.toRle().toCompressedString());
        for (int edits = random.nextInt(4); edits > 0; edits--) {
            int at = random.nextInt(text.length() + 1);
            char c = (char) (random.nextInt(8) == 0 ? random.nextInt(0x10000) : 48 + random.nextInt(64));
            switch (random.nextInt(4)) {
                case 0 -> text.insert(at, c);
                case 1 -> text.setLength(at);
                case 2 -> text.insert(at, text.substring(0, at)); // a long one
                default -> {
                    if (at < text.length()) {
                        text.setCharAt(at, c);
                    }
                }
            }
        }
        int height = random.nextInt(10) == 0 ? random.nextInt() : mask.height();
        check(mask.width(), height, () -> Rle.parse(mask.width(), height, text.toString()));
    }

    private void damagedCounts(Mask mask) {
        int[] counts = mask.toRle().counts();
        for (int edits = random.nextInt(3); edits > 0; edits--) {
            int at = random.nextInt(counts.length);
            int by = random.nextInt(4) == 0 ? random.nextInt() : random.nextInt(5) - 2;
            counts[at] += by;
            if (random.nextBoolean()) { // keep the sum, so that some pass
                counts[random.nextInt(counts.length)] -= by;
            }
        }
        check(mask.width(), mask.height(), () -> Rle.ofCounts(mask.width(), mask.height(), counts));
    }

    private void check(int width, int height, java.util.function.Supplier<Rle> parser) {
        Rle code;
        try {
            code = parser.get();
        } catch (VilamException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.GEOMETRY_INVALID);
            refused++;
            return;
        }
        accepted++;
        Mask mask = code.toMask();
        assertThat(mask.width()).isEqualTo(width);
        assertThat(mask.height()).isEqualTo(height);
        assertThat(mask.area()).isEqualTo(code.area());
        assertThat(mask.toRle()).isEqualTo(code);
        assertThat(Rle.parse(width, height, code.toCompressedString())).isEqualTo(code);
    }
}
