package org.vilam.vision.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A gibibyte of weights opens at once and passes through a small heap; the file is sparse, so the disk is spared. */
class LargeCheckpointTest {
    private static final int TENSORS = 16;
    private static final int TENSOR_BYTES = 64 << 20;
    private static final long HEAP_LIMIT = 200L << 20;

    @TempDir
    private static Path folder = Path.of("");

    @BeforeAll
    static void startEngine() {
        try (NDManager manager = NDManager.newBaseManager()) {
            manager.ones(new Shape(1));
        }
    }

    private static Path sparse(DType dtype) throws IOException {
        StringBuilder header = new StringBuilder("{");
        long begin = 0;
        for (int i = 0; i < TENSORS; i++) {
            header.append(i == 0 ? "" : ",").append("\"layers.").append(i).append(".weight\":{\"dtype\":\"");
            header.append(dtype).append("\",\"shape\":[1024,").append(TENSOR_BYTES / 1024 / dtype.bytes());
            header.append("],\"data_offsets\":[")
                    .append(begin)
                    .append(',')
                    .append(begin += TENSOR_BYTES)
                    .append("]}");
        }
        header.append('}');
        while (header.length() % 8 != 0) {
            header.append(' ');
        }
        Path path = folder.resolve(dtype + ".safetensors");
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.writeLong(Long.reverseBytes(header.length()));
            file.writeBytes(header.toString());
            file.setLength(8 + header.length() + begin);
            // The last element of the last tensor is 1.
            file.seek(file.length() - dtype.bytes());
            file.write(dtype == DType.F32 ? new byte[] {0, 0, (byte) 0x80, 0x3F} : new byte[] {(byte) 0x80, 0x3F});
        }
        return path;
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"F32", "BF16"})
    void a_gibibyte_opens_at_once_and_loads_tensor_by_tensor_in_a_small_heap(DType dtype) throws IOException {
        Path path = sparse(dtype);
        System.gc();
        resetPeak();
        long start = System.nanoTime();
        try (SafetensorsFile file = SafetensorsFile.open(path);
                NDManager manager = NDManager.newBaseManager()) {
            double openMillis = (System.nanoTime() - start) / 1e6;
            float last = 0;
            for (String name : file.names()) {
                try (NDArray array = file.load(name, manager)) {
                    last = array.get(1023).get(-1).getFloat();
                }
            }
            double loadSeconds = (System.nanoTime() - start) / 1e9;
            long peak = peakHeap();
            report(
                    "1 GiB of %s: open %.1f ms, open and load %.2f s, peak heap %d MiB",
                    dtype, openMillis, loadSeconds, peak >> 20);
            assertThat(last).isEqualTo(1);
            assertThat(openMillis).isLessThan(1000);
            assertThat(peak).isLessThan(HEAP_LIMIT);
        }
    }

    @Test
    void a_gibibyte_is_mapped_without_being_copied() throws IOException {
        Path path = sparse(DType.F32);
        try (SafetensorsFile file = SafetensorsFile.open(path);
                NDManager manager = NDManager.newBaseManager()) {
            long start = System.nanoTime();
            List<NDArray> arrays = new ArrayList<>();
            file.names().forEach(name -> arrays.add(file.loadMapped(name, manager)));
            double millis = (System.nanoTime() - start) / 1e6;
            report("1 GiB of F32 mapped in %.1f ms", millis);
            assertThat(arrays.get(TENSORS - 1).get(1023).get(-1).getFloat()).isEqualTo(1);
            assertThat(millis).as("a copy takes several hundred milliseconds").isLessThan(150);
        }
    }

    @Test
    void a_gibibyte_is_copied_and_cut_into_shards_in_a_small_heap() throws IOException {
        Path path = sparse(DType.BF16);
        Path target = folder.resolve("sharded");
        Files.createDirectory(target);
        System.gc();
        resetPeak();
        try (SafetensorsFile file = SafetensorsFile.open(path);
                NDManager manager = NDManager.newBaseManager()) {
            List<String> names = List.copyOf(file.names()).subList(0, 4);
            List<TensorInfo> infos = names.stream()
                    .map(name -> new TensorInfo(name, DType.BF16, file.shape(name)))
                    .toList();
            try (ShardedSafetensorsWriter writer =
                    ShardedSafetensorsWriter.create(target, infos, Map.of(), 2L * TENSOR_BYTES)) {
                writer.write(names.get(0), file.data(names.get(0)));
                for (String name : names.subList(1, 4)) {
                    try (NDArray array = file.load(name, manager)) {
                        writer.write(name, array);
                    }
                }
                writer.finish();
            }
        }
        long peak = peakHeap();
        report("256 MiB written through float32 arrays: peak heap %d MiB", peak >> 20);
        assertThat(peak).isLessThan(HEAP_LIMIT);
        try (TensorSource source = TensorSource.open(target)) {
            assertThat(source.names()).hasSize(4);
        }
    }

    private static void report(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }

    private static List<MemoryPoolMXBean> heapPools() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .toList();
    }

    private static void resetPeak() {
        heapPools().forEach(MemoryPoolMXBean::resetPeakUsage);
    }

    /** An upper bound: the pools need not peak at one moment. */
    private static long peakHeap() {
        return heapPools().stream()
                .mapToLong(pool -> pool.getPeakUsage().getUsed())
                .sum();
    }
}
