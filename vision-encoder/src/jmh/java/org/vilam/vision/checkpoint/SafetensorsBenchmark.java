package org.vilam.vision.checkpoint;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** 1 GiB of float32 in 64 tensors, in a file of the temporary folder. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 1, time = 3)
@Measurement(iterations = 3, time = 5)
@Fork(value = 1, jvmArgsAppend = "-Xmx5g")
public class SafetensorsBenchmark {
    private static final int TENSORS = 64;
    private static final int ROWS = 4096;
    private static final int COLUMNS = 1024;

    private Path file = Path.of("");

    /** Writes the file byte by byte, independent of the writer under test. */
    @Setup
    public void write() throws IOException {
        file = Files.createTempFile("vilam-benchmark", ".safetensors");
        StringBuilder header = new StringBuilder("{");
        long bytes = 4L * ROWS * COLUMNS;
        for (int i = 0; i < TENSORS; i++) {
            header.append(i == 0 ? "" : ",")
                    .append(String.format(
                            java.util.Locale.ROOT,
                            "\"layers.%d.weight\":{\"dtype\":\"F32\",\"shape\":[%d,%d],\"data_offsets\":[%d,%d]}",
                            i,
                            ROWS,
                            COLUMNS,
                            i * bytes,
                            (i + 1) * bytes));
        }
        header.append("}");
        while (header.length() % 8 != 0) {
            header.append(' ');
        }
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.WRITE)) {
            ByteBuffer length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
            length.putLong(0, header.length());
            out.write(length);
            out.write(StandardCharsets.US_ASCII.encode(header.toString()));
            ByteBuffer tensor = ByteBuffer.allocateDirect((int) bytes).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < ROWS * COLUMNS; i++) {
                tensor.putFloat(4 * i, i % 1000);
            }
            for (int i = 0; i < TENSORS; i++) {
                out.write(tensor.rewind());
            }
        }
    }

    /** Deletes the file. */
    @TearDown
    public void delete() throws IOException {
        Files.deleteIfExists(file);
    }

    /** Opening: the header is read and checked, nothing else. */
    @Benchmark
    public int open() {
        try (SafetensorsFile source = SafetensorsFile.open(file)) {
            return source.names().size();
        }
    }

    /** Every tensor as an array over the mapped file; nothing is read yet. */
    @Benchmark
    public long loadMapped() {
        try (NDManager manager = NDManager.newBaseManager();
                SafetensorsFile source = SafetensorsFile.open(file)) {
            long elements = 0;
            for (String name : source.names()) {
                elements += source.loadMapped(name, manager).size();
            }
            return elements;
        }
    }

    /** Every tensor over the mapped file, every element read once. */
    @Benchmark
    public double loadMappedAndSum() {
        try (NDManager manager = NDManager.newBaseManager();
                SafetensorsFile source = SafetensorsFile.open(file)) {
            double sum = 0;
            for (String name : source.names()) {
                try (NDArray array = source.loadMapped(name, manager)) {
                    sum += array.sum().getFloat();
                }
            }
            return sum;
        }
    }

    /** Every tensor copied to memory of its own, every element read once. */
    @Benchmark
    public double loadAndSum() {
        try (NDManager manager = NDManager.newBaseManager();
                SafetensorsFile source = SafetensorsFile.open(file)) {
            double sum = 0;
            for (String name : source.names()) {
                try (NDArray array = source.load(name, manager)) {
                    sum += array.sum().getFloat();
                }
            }
            return sum;
        }
    }

    /** DJL's own reader, which copies the file through the heap. */
    @Benchmark
    public double djlLoadAndSum() throws IOException {
        try (NDManager manager = NDManager.newBaseManager();
                InputStream in = Files.newInputStream(file)) {
            double sum = 0;
            for (NDArray array : NDList.decode(manager, in.readAllBytes())) {
                sum += array.sum().getFloat();
            }
            return sum;
        }
    }
}
