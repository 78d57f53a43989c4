package org.vilam.vision.parity;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/** What is noted of a comparison at full size: time, largest difference, and the most memory the process has had. */
public final class FullSizeRecord {
    /** Of the module whose tests run. */
    private static final Path FILE = Path.of("target", "full-size.txt");

    private static final Path STATUS = Path.of("/proc/self/status");

    private FullSizeRecord() {}

    /**
     * Adds a line to {@code target/full-size.txt}.
     *
     * @param start {@link System#nanoTime} before the comparison
     * @param worst the largest difference, as a share of its tensor's largest element or of 1
     */
    public static void add(String name, long start, double worst) {
        double seconds = (System.nanoTime() - start) / 1e9;
        String line =
                String.format(Locale.ROOT, "%s: %.1f s, largest difference %.1e, %s%n", name, seconds, worst, peak());
        try {
            Files.writeString(FILE, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As Linux tells it, of the whole process, Java's heap and the arrays of the tensor engine together. */
    private static String peak() {
        if (!Files.exists(STATUS)) {
            return "peak memory unknown";
        }
        try {
            return Files.readAllLines(STATUS).stream()
                    .filter(line -> line.startsWith("VmHWM"))
                    .findFirst()
                    .orElse("peak memory unknown");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
