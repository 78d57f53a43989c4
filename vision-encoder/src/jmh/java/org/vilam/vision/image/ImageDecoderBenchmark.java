package org.vilam.vision.image;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A 12-megapixel photograph through the door, against the JDK's bare reader. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class ImageDecoderBenchmark {
    @Param({"jpeg", "png"})
    public String format = "jpeg";

    private final ImageDecoder door = new ImageDecoder();
    private byte[] file = {};

    /** A smooth picture with some noise, which compresses about as a photograph does. */
    @Setup
    public void write() throws IOException {
        BufferedImage image = new BufferedImage(4000, 3000, BufferedImage.TYPE_3BYTE_BGR);
        byte[] bytes = ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
        Random random = new Random(1);
        for (int i = 0; i < bytes.length; i++) {
            int x = i / 3 % 4000;
            int y = i / 12000;
            bytes[i] = (byte) (128 + 90 * Math.sin(x / 97.0 + i % 3) * Math.cos(y / 61.0) + random.nextInt(12));
        }
        ImageIO.setUseCache(false);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(image, format, out);
        file = out.toByteArray();
    }

    @Benchmark
    public DecodedImage door() {
        return door.decode(file);
    }

    @Benchmark
    public BufferedImage jdk() throws IOException {
        return ImageIO.read(new ByteArrayInputStream(file));
    }
}
