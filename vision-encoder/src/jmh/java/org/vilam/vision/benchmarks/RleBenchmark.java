package org.vilam.vision.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.vilam.vision.geometry.Mask;
import org.vilam.vision.geometry.Rle;

/** 1000 masks of 640 x 480 pixels, each a wavy disc of 40 to 200 pixels radius, as COCO's compressed run-length codes. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
@Fork(value = 1, jvmArgsAppend = "-Xmx3g")
public class RleBenchmark {
    private static final int WIDTH = 640;
    private static final int HEIGHT = 480;

    private final List<Mask> masks = new ArrayList<>();
    private final List<byte[]> bytes = new ArrayList<>();

    /** Draws the masks. */
    @Setup
    public void draw() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 1000; i++) {
            double radius = 40 + 160 * random.nextDouble();
            double cx = WIDTH * random.nextDouble();
            double cy = HEIGHT * random.nextDouble();
            double phase = 6 * random.nextDouble();
            byte[] pixels = new byte[WIDTH * HEIGHT];
            for (int y = 0; y < HEIGHT; y++) {
                for (int x = 0; x < WIDTH; x++) {
                    double angle = Math.atan2(y - cy, x - cx);
                    double edge = radius * (1 + 0.1 * Math.sin(5 * angle + phase));
                    pixels[y * WIDTH + x] = (byte) (Math.hypot(x - cx, y - cy) < edge ? 1 : 0);
                }
            }
            bytes.add(pixels);
            masks.add(Mask.ofBytes(WIDTH, HEIGHT, pixels));
        }
    }

    /** From bit masks. */
    @Benchmark
    public int encode() {
        int length = 0;
        for (Mask mask : masks) {
            length += mask.toRle().toCompressedString().length();
        }
        return length;
    }

    /** From row-major bytes, as a decoder of pictures gives them. */
    @Benchmark
    public int encodeFromBytes() {
        int length = 0;
        for (byte[] pixels : bytes) {
            length += Mask.ofBytes(WIDTH, HEIGHT, pixels).toRle().toCompressedString().length();
        }
        return length;
    }

    /** The rule written down plainly: down the columns, pixel by pixel; counts only, no string. */
    @Benchmark
    public int plainCounts() {
        int runs = 0;
        for (byte[] pixels : bytes) {
            byte current = 0;
            for (int x = 0; x < WIDTH; x++) {
                for (int y = 0; y < HEIGHT; y++) {
                    if (pixels[y * WIDTH + x] != current) {
                        current = pixels[y * WIDTH + x];
                        runs++;
                    }
                }
            }
        }
        return runs;
    }
}
