package org.vilam.vision.parity;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.TestReporter;

/** What is noted of a comparison at full size: time, largest difference, and the most memory the process has had. */
public final class FullSizeRecord {
    private static final Path STATUS = Path.of("/proc/self/status");

    private FullSizeRecord() {}

    /**
     * Publishes a record.
     *
     * @param start {@link System#nanoTime} before the comparison
     * @param worst the largest difference, as a share of its tensor's largest element or of 1
     */
    public static void publish(TestReporter reporter, String name, long start, double worst) {
        double seconds = (System.nanoTime() - start) / 1e9;
        reporter.publishEntry(Map.of(
                "case", name,
                "seconds", String.format(Locale.ROOT, "%.1f", seconds),
                "largest difference", String.format(Locale.ROOT, "%.1e", worst),
                "peak memory", peak()));
    }

    /** As Linux tells it, of the whole process, Java's heap and the arrays of the tensor engine together. */
    private static String peak() {
        if (!Files.exists(STATUS)) {
            return "unknown";
        }
        try {
            return Files.readAllLines(STATUS).stream()
                    .filter(line -> line.startsWith("VmHWM"))
                    .findFirst()
                    .orElse("unknown");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
