package org.vilam.vision.geometry;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A thousand masks of 640 x 480, discs of radius 20 to 170, on one thread. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class RleBenchmark {
    private final List<Mask> masks = discs();
    private final List<String> strings =
            masks.stream().map(mask -> mask.toRle().toCompressedString()).toList();

    /** Bits to counts. */
    @Benchmark
    public List<Rle> encode() {
        return masks.stream().map(Rle::of).toList();
    }

    /** Bits to COCO strings. */
    @Benchmark
    public List<String> encodeToStrings() {
        return masks.stream().map(mask -> mask.toRle().toCompressedString()).toList();
    }

    /** COCO strings to bits. */
    @Benchmark
    public List<Mask> decodeStrings() {
        return strings.stream()
                .map(text -> Rle.parse(640, 480, text).toMask())
                .toList();
    }

    /** Bits to exact polygons. */
    @Benchmark
    public List<List<Polygon>> toPolygons() {
        return masks.stream().map(Mask::toPolygons).toList();
    }

    /** Bits to polygons of 25 points, with the overlap they keep. */
    @Benchmark
    public List<Outline> toOutlines() {
        return masks.stream()
                .map(mask -> Outline.sampled(mask, Polygon.VILAM_POINTS, 1))
                .toList();
    }

    private static List<Mask> discs() {
        Random random = new Random(1);
        List<Mask> masks = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            double cx = random.nextDouble() * 640;
            double cy = random.nextDouble() * 480;
            double radius = 20 + random.nextDouble() * 150;
            masks.add(Mask.where(640, 480, (x, y) -> Math.hypot(x + 0.5 - cx, y + 0.5 - cy) < radius));
        }
        return masks;
    }
}
