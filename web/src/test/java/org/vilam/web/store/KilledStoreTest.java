package org.vilam.web.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vilam.vision.image.ImageInfo;

/** A program killed in the middle of writing (SIGKILL) finds all that it had confirmed, and nothing by halves. */
class KilledStoreTest {
    private static final int KILLS = 4;

    @TempDir
    Path home = Path.of("");

    /** The program that gets killed: says {@code <session> <image>} once a turn and a correction are stored. */
    static final class Writer {
        private Writer() {}

        public static void main(String[] args) {
            try (Store store = Store.open(Path.of(args[0]))) {
                SplittableRandom random = new SplittableRandom(Long.parseLong(args[1]));
                while (true) {
                    byte[] file = new byte[1 + random.nextInt(200_000)];
                    random.nextBytes(file);
                    String id = ImageInfo.sha256Of(ByteBuffer.wrap(file));
                    store.images().put(new StoredImage(id, 2, 2, "image/png", 1, file.length), file);
                    String session = store.sessions().create(id).id();
                    store.sessions().addTurn(session, "{}", "{}");
                    store.sessions().addCorrection(session, 1, "o1", "{}");
                    System.out.println(session + " " + id);
                }
            }
        }
    }

    @Test
    void a_killed_program_finds_everything_it_had_confirmed() throws IOException, InterruptedException {
        SplittableRandom random = new SplittableRandom(11);
        List<String> confirmed = new ArrayList<>();
        for (int kill = 0; kill < KILLS; kill++) {
            confirmed.addAll(writeUntilKilled(kill, 3 + random.nextInt(12), random.nextInt(30)));
            try (Store store = Store.open(home)) {
                assertThat(store.integrity()).isEqualTo("ok");
                for (String line : confirmed) {
                    String session = line.substring(0, line.indexOf(' '));
                    String image = line.substring(line.indexOf(' ') + 1);
                    assertThat(store.sessions().get(session).image()).isEqualTo(image);
                    assertThat(store.sessions().turn(session, 1).corrections()).hasSize(1);
                }
                for (String image : store.images().ids()) {
                    assertThat(ImageInfo.sha256Of(ByteBuffer.wrap(store.images().file(image))))
                            .isEqualTo(image);
                }
            }
            try (Stream<Path> left = Files.list(home.resolve("images/unfinished"))) {
                assertThat(left).isEmpty();
            }
        }
        assertThat(confirmed).hasSizeGreaterThanOrEqualTo(3 * KILLS);
    }

    /** Kills the writer some milliseconds after it has confirmed so many turns. */
    private List<String> writeUntilKilled(int seed, int turns, int milliseconds)
            throws IOException, InterruptedException {
        Process writer = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Writer.class.getName(),
                        home.toString(),
                        Integer.toString(seed))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        List<String> confirmed = new ArrayList<>();
        try (BufferedReader out = writer.inputReader(StandardCharsets.UTF_8)) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                confirmed.add(line);
                if (confirmed.size() == turns) {
                    Thread.sleep(milliseconds);
                    writer.toHandle().destroyForcibly(); // unlike the process itself, leaves what was said to be read
                }
            }
        } finally {
            writer.toHandle().destroyForcibly();
        }
        assertThat(writer.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(writer.exitValue()).isNotZero();
        // The last line may be cut where the program was killed while it spoke.
        confirmed.removeIf(line -> !line.matches("[0-9a-z]{20} [0-9a-f]{64}"));
        return confirmed;
    }
}
