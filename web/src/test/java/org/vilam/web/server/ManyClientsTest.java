package org.vilam.web.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vilam.assistant.library.ModelLibrary;
import org.vilam.web.model.LibraryCatalogue;

/**
 * 64 clients at once on the bundled model: every answer is the one the question gets alone, whoever is sent away is told when to come
 * back, and memory stays where it was. Half a minute here; {@code -Dload.seconds=300} makes it five minutes.
 */
final class ManyClientsTest {
    private static final int CLIENTS = 64;
    private static final int SECONDS = Integer.getInteger("load.seconds", 20);
    private static final ObjectMapper JSON = new ObjectMapper();

    private record Asked(String gallery, String instruction) {
        String body() {
            return JSON.createObjectNode()
                    .put("instruction", instruction)
                    .set("image", JSON.createObjectNode().put("gallery", gallery))
                    .toString();
        }
    }

    private static final List<Asked> QUESTIONS = List.of(
            new Asked("circles", "find the dotted circle"),
            new Asked("circles", "segment the green heart"),
            new Asked("blobs", "find the brown crescent"),
            new Asked("blobs", "find all purple objects"),
            new Asked("hexagons", "the striped hexagon"),
            new Asked("purple", "segment the ring"),
            new Asked("kitchen", "the purple animal"));

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(30)).build();
    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicInteger sentAway = new AtomicInteger();

    @Test
    void answers_are_never_mixed_and_memory_stays_where_it_was(@TempDir Path home) throws Exception {
        ModelLibrary library = new ModelLibrary(home.resolve("cache"), List.of());
        try (Server server = Server.start(ServerConfig.local(home).withPort(0), new LibraryCatalogue(library, null))) {
            server.awaitModel();
            URI address = URI.create("http://127.0.0.1:" + server.port() + "/v1/ground");
            List<String> alone = new ArrayList<>();
            for (Asked question : QUESTIONS) {
                alone.add(essence(post(address, question).body()));
            }
            assertThat(alone).doesNotHaveDuplicates();
            load(address, alone, Math.max(10, SECONDS / 3));
            Memory before = Memory.now();
            load(address, alone, SECONDS);
            Memory after = Memory.now();
            System.out.println(answered + " answers, " + sentAway + " sent away; " + before + ", then " + after);
            assertThat(wrong).isEmpty();
            assertThat(answered.get()).isGreaterThan(CLIENTS);
            assertThat(after.heap() - before.heap()).as("heap in use, MB").isLessThan(64);
            // The allocator's arenas fill for about a minute under this load (1.0 to 1.5 GB on two cores), then stay.
            assertThat(after.nativeMemory() - before.nativeMemory())
                    .as("native memory, MB")
                    .isLessThan(512);
        }
    }

    private void load(URI address, List<String> alone, int seconds) throws InterruptedException {
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        CountDownLatch done = new CountDownLatch(CLIENTS);
        for (int c = 0; c < CLIENTS; c++) {
            int first = c;
            Thread thread = new Thread(() -> {
                try {
                    for (int i = first; System.nanoTime() < end; i++) {
                        ask(address, i % QUESTIONS.size(), alone);
                    }
                } catch (IOException | InterruptedException e) {
                    wrong.add(e.toString());
                } finally {
                    done.countDown();
                }
            });
            thread.setDaemon(true);
            thread.start();
        }
        done.await();
    }

    private void ask(URI address, int question, List<String> alone) throws IOException, InterruptedException {
        HttpResponse<String> response = post(address, QUESTIONS.get(question));
        if (response.statusCode() == 503
                && response.headers().firstValue("Retry-After").isPresent()) {
            sentAway.incrementAndGet();
            Thread.sleep(200);
        } else if (response.statusCode() == 200 && essence(response.body()).equals(alone.get(question))) {
            answered.incrementAndGet();
        } else {
            wrong.add(QUESTIONS.get(question) + ": " + response.statusCode() + " " + response.body());
        }
    }

    private HttpResponse<String> post(URI address, Asked question) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(address)
                        .timeout(Duration.ofMinutes(3))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(question.body()))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** What must not differ: status, words, and where things are to the pixel (sums may differ by the batch they were made in). */
    private static String essence(String body) throws IOException {
        JsonNode result = JSON.readTree(body);
        StringBuilder out = new StringBuilder(
                result.path("status").asText() + " " + result.path("answer").asText());
        for (JsonNode object : result.path("objects")) {
            out.append(' ');
            for (JsonNode edge : object.path("box")) {
                out.append(Math.round(edge.asDouble())).append(',');
            }
        }
        return out.toString();
    }

    /**
     * What is held, in MB.
     *
     * @param heap in use after a collection
     * @param nativeMemory resident outside the heap; 0 where the system does not tell
     */
    private record Memory(long heap, long nativeMemory) {
        static Memory now() throws IOException {
            System.gc();
            MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
            Path status = Path.of("/proc/self/status");
            long resident = !Files.exists(status)
                    ? 0
                    : Files.readAllLines(status).stream()
                            .filter(line -> line.startsWith("VmRSS:"))
                            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                            .findFirst()
                            .orElse(0);
            return new Memory(heap.getUsed() >> 20, Math.max(0, resident - (heap.getCommitted() >> 20)));
        }
    }
}
