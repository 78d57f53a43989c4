package org.vilam.assistant.chat.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@org.jspecify.annotations.NullUnmarked
class KilledWriterTest {
    private static final int LENGTH = 2_000_000;

    @TempDir
    Path folder;

    /** Writes ever new versions of one conversation, and says the number of each that stands. */
    public static final class Writer {
        private Writer() {}

        /** With the folder as argument. */
        public static void main(String[] arguments) {
            FileChatRecords records = new FileChatRecords(Path.of(arguments[0]));
            for (int i = 0; ; i++) {
                records.write("chat", version(i));
                System.out.println(i);
            }
        }
    }

    static String version(int i) {
        return i + ":" + Integer.toString(i % 10).repeat(LENGTH);
    }

    @Test
    void a_conversation_survives_the_death_of_its_writer_whole() throws IOException, InterruptedException {
        for (int killed = 0; killed < 3; killed++) {
            Process writer = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            Writer.class.getName(),
                            folder.toString())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            int stands = -1;
            try (BufferedReader said =
                    new BufferedReader(new InputStreamReader(writer.getInputStream(), StandardCharsets.UTF_8))) {
                for (int i = 0; i < 4 + killed; i++) {
                    stands = Integer.parseInt(said.readLine());
                }
                writer.toHandle().destroyForcibly(); // SIGKILL, most likely within a write
                writer.waitFor();
                for (String line = said.readLine(); line != null; line = said.readLine()) {
                    stands = Integer.parseInt(line);
                }
            }
            String kept = new FileChatRecords(folder).read("chat").orElseThrow();
            int version = Integer.parseInt(kept.substring(0, kept.indexOf(':')));
            assertThat(kept).isEqualTo(version(version));
            assertThat(version).as("what was said to stand").isGreaterThanOrEqualTo(stands);
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.filter(f -> f.toString().endsWith(".json"))).hasSize(1);
        }
    }
}
