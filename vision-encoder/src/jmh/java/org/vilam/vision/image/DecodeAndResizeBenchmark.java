package org.vilam.vision.image;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
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

/** A 12 megapixel JPEG (4000 x 3000, quality 0.75, textured) decoded and resized to 384 x 288. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2, time = 5)
@Measurement(iterations = 4, time = 5)
@Fork(value = 1, jvmArgsAppend = "-Xmx3g")
public class DecodeAndResizeBenchmark {
    private final ImageDecoder decoder = new ImageDecoder();
    private byte[] jpeg = {};

    /** Draws the picture: smooth shading with fine texture, so that the JPEG has a photograph's size (about 3 MB). */
    @Setup
    public void draw() throws IOException {
        BufferedImage image = new BufferedImage(4000, 3000, BufferedImage.TYPE_3BYTE_BGR);
        SplittableRandom random = new SplittableRandom(1);
        for (int y = 0; y < 3000; y++) {
            for (int x = 0; x < 4000; x++) {
                int noise = random.nextInt(24);
                int r = (int) (110 + 70 * Math.sin(x / 310.0) + noise);
                int g = (int) (110 + 70 * Math.sin(y / 230.0) + noise);
                int b = (int) (110 + 70 * Math.sin((x + y) / 170.0) + noise);
                image.setRGB(x, y, r << 16 | g << 8 | b);
            }
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(image, "jpeg", out);
        jpeg = out.toByteArray();
    }

    /** Through the door, then Pillow's bicubic. */
    @Benchmark
    public RgbImage decodeAndResize() {
        return Resampler.resize(decoder.decode(jpeg).pixels(), 384, 288, ResampleFilter.PIL_BICUBIC);
    }

    /** The JDK's own decoder and scaler, without limits, orientation or colour management, and not equal to any reference. */
    @Benchmark
    public BufferedImage jdkDecodeAndResize() throws IOException {
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(jpeg));
        BufferedImage out = new BufferedImage(384, 288, BufferedImage.TYPE_3BYTE_BGR);
        Graphics2D g = out.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
        g.drawImage(image, 0, 0, 384, 288, null);
        g.dispose();
        return out;
    }
}
