package org.vilam.vision.image;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A 12-megapixel photograph to 384 x 288, on one thread. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ResamplerBenchmark {
    /** The filter measured. */
    @Param({"PIL_BICUBIC", "PIL_BILINEAR", "OPENCV_LINEAR", "TORCH_BICUBIC"})
    public ResampleFilter filter = ResampleFilter.PIL_BICUBIC;

    private final RgbImage photograph = noise();

    /** The resized picture. */
    @Benchmark
    public RgbImage resize() {
        return Resampler.resize(photograph, 384, 288, filter);
    }

    private static RgbImage noise() {
        byte[] rgb = new byte[4000 * 3000 * 3];
        new Random(1).nextBytes(rgb);
        return new RgbImage(4000, 3000, rgb);
    }
}
