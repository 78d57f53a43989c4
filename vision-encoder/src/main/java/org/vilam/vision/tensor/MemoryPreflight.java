package org.vilam.vision.tensor;

import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

/**
 * Whether a network fits the machine's memory, said before anything is loaded.
 *
 * @param needed bytes by weight type: all weights, the working memory, and what loading the largest tensor takes meanwhile
 * @param available bytes that can be had without swapping
 */
public record MemoryPreflight(Map<WeightType, Long> needed, long available) {
    private static final Path MEMINFO = Path.of("/proc/meminfo");
    private static final double GIB = 1L << 30;

    /** Copies the map. */
    public MemoryPreflight {
        needed = Map.copyOf(needed);
    }

    /**
     * Counts.
     *
     * @param parameters every weight and buffer with its shape
     * @param packs which of them are kept in the weight type; the others are float32
     * @param workingBytes caches and activations of the longest request
     * @param available bytes; {@link #availableBytes()} for this machine's
     */
    public static MemoryPreflight of(
            Map<String, Shape> parameters, Predicate<String> packs, long workingBytes, long available) {
        Map<WeightType, Long> needed = new EnumMap<>(WeightType.class);
        for (WeightType type : WeightType.values()) {
            long weights = 0;
            long largest = 0;
            for (Map.Entry<String, Shape> parameter : parameters.entrySet()) {
                Shape shape = parameter.getValue();
                long whole = shape.size() * Float.BYTES;
                boolean packed = type.packing().isPresent() && packs.test(parameter.getKey());
                weights += packed ? type.bytes(shape) : whole;
                // A tensor is packed from float32, with one more of the same size for the rounded numbers.
                largest = packed ? Math.max(largest, 2 * whole) : largest;
            }
            needed.put(type, weights + largest + workingBytes);
        }
        return new MemoryPreflight(needed, available);
    }

    /** The weight type with the most bits that fits; empty when none does. */
    public Optional<WeightType> best() {
        for (WeightType type : WeightType.values()) {
            if (fits(type)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    /** Whether a weight type fits. */
    public boolean fits(WeightType type) {
        return bytes(type) <= available;
    }

    /** Bytes that a weight type needs. */
    public long bytes(WeightType type) {
        return needed.getOrDefault(type, Long.MAX_VALUE);
    }

    /**
     * This preflight, if the weight type fits.
     *
     * @throws VilamException INVALID_ARGUMENT saying what each type needs and what there is
     */
    public MemoryPreflight require(WeightType type) {
        if (!fits(type)) {
            throw new VilamException(
                    ErrorCode.INVALID_ARGUMENT,
                    "the model does not fit the memory in " + type + ": " + text(),
                    best().map(best -> "Use weight type " + best + ".")
                            .orElse("Close other programs, use a machine with more memory, or a smaller model."));
        }
        return this;
    }

    /** For a person: {@code fp32 31.4 GiB (too much), bf16 17.2 GiB, int8 10.9 GiB; 20.0 GiB available}. */
    public String text() {
        StringBuilder text = new StringBuilder();
        for (WeightType type : WeightType.values()) {
            text.append(text.isEmpty() ? "" : ", ").append(type).append(' ').append(gib(bytes(type)));
            text.append(fits(type) ? "" : " (too much)");
        }
        return text.append("; ").append(gib(available)).append(" available").toString();
    }

    private static String gib(long bytes) {
        return String.format(Locale.ROOT, "%.1f GiB", bytes / GIB);
    }

    /**
     * What this machine has left: Linux's own estimate, which counts caches that can be dropped, within the limit of a container;
     * elsewhere the free memory.
     */
    public static long availableBytes() {
        com.sun.management.OperatingSystemMXBean system =
                ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class);
        try {
            if (Files.isReadable(MEMINFO)) {
                return Math.min(available(Files.readString(MEMINFO)), system.getTotalMemorySize());
            }
        } catch (IOException e) {
            return system.getFreeMemorySize(); // what it gives everywhere
        }
        return system.getFreeMemorySize();
    }

    /** {@code MemAvailable} of /proc/meminfo, which counts in KiB; no limit where a very old kernel does not say. */
    static long available(String meminfo) {
        return meminfo.lines()
                .filter(line -> line.startsWith("MemAvailable:"))
                .map(line -> line.replaceAll("\\D", ""))
                .filter(digits -> !digits.isEmpty())
                .map(digits -> Long.parseLong(digits) << 10)
                .findFirst()
                .orElse(Long.MAX_VALUE);
    }
}
