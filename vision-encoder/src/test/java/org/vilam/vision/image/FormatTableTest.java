package org.vilam.vision.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.vilam.vision.error.VilamException;
import org.vilam.vision.parity.SharedData;

/**
 * What becomes of every file of the shared format collection, held against {@code formats-expected.tsv} and written to
 * {@code target/format-table.md}.
 */
class FormatTableTest {
    private static final Duration MOST = Duration.ofSeconds(2);
    private static final long MOST_HEAP_LEFT = 64L << 20;

    private record Row(String file, String verdict, String window, long millis, String message) {}

    /** The verdict as the expectation file spells it. */
    private static Row row(Path root, Path path) {
        String file = root.relativize(path).toString().replace('\\', '/');
        long start = System.nanoTime();
        String verdict;
        String window = "";
        String message;
        try {
            DecodedImage image = Pixels.DOOR.decode(path);
            ImageInfo info = image.info();
            List<String> codes =
                    info.warnings().stream().map(ImageWarning::code).toList();
            verdict = info.format() + " " + info.width() + "x" + info.height() + " orientation " + info.orientation()
                    + ", "
                    + info.channels() + " of " + info.bitDepth() + " bits, " + info.frames() + " frames, "
                    + info.window().source() + (codes.isEmpty() ? "" : ", " + String.join(" ", codes));
            window = info.window().low() + " .. " + info.window().high();
            message = info.warnings().stream().map(ImageWarning::message).collect(Collectors.joining(" "));
            assertThat(image.pixels().rgb()).hasSize(info.width() * info.height() * 3);
        } catch (VilamException e) { // anything else fails the test
            verdict = e.code().name();
            message = e.getMessage() + ". " + e.hint();
        }
        return new Row(file, verdict, window, (System.nanoTime() - start) / 1_000_000, message);
    }

    private static Map<String, String> expected() throws IOException {
        try (InputStream in = FormatTableTest.class.getResourceAsStream("/formats-expected.tsv")) {
            String text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
            return text.lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split("\t"))
                    .collect(Collectors.toMap(line -> line[0], line -> line[1], (a, b) -> a, TreeMap::new));
        }
    }

    private static long heapInUse() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    @Test
    void every_file_is_read_or_refused_as_expected_and_in_time() throws IOException {
        Path root = SharedData.path("data/formats");
        List<Path> files;
        try (Stream<Path> walk = Files.walk(root)) {
            files = walk.filter(Files::isRegularFile).sorted().toList();
        }
        Pixels.decode(new PngWriter(1, 1, 0, 8).write(0)); // loads the classes the first file would be charged with
        long before = heapInUse();
        List<Row> rows = new ArrayList<>();
        for (Path file : files) {
            rows.add(row(root, file));
        }
        long left = heapInUse() - before;
        writeTable(rows);
        Map<String, String> actual = new TreeMap<>();
        rows.forEach(row -> actual.put(row.file(), row.verdict()));
        assertThat(actual).containsExactlyEntriesOf(expected());
        assertThat(rows)
                .allSatisfy(row -> assertThat(Duration.ofMillis(row.millis()))
                        .as(row.file())
                        .isLessThan(MOST));
        assertThat(left).as("bytes of heap that stay after all decodes").isLessThan(MOST_HEAP_LEFT);
    }

    private static void writeTable(List<Row> rows) throws IOException {
        StringBuilder table = new StringBuilder("| file | verdict | window | ms | message |\n|---|---|---|---|---|\n");
        for (Row row : rows) {
            table.append("| ")
                    .append(String.join(
                            " | ",
                            row.file(),
                            row.verdict(),
                            row.window(),
                            "" + row.millis(),
                            row.message().replace("|", "\\|")))
                    .append(" |\n");
        }
        Files.createDirectories(Path.of("target"));
        Files.writeString(Path.of("target/format-table.md"), table);
    }
}
