package org.vilam.web.program;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vilam.web.json.Json;
import org.vilam.web.store.Store;
import picocli.CommandLine;

class ProgramTest {
    private static final Pattern ADDRESS = Pattern.compile("listens on (http://[^ ]+/)");

    private record Outcome(int code, String out, String err) {}

    private static Outcome execute(Object... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Program.commandLine();
        line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        int code = line.execute(Arrays.stream(arguments).map(Object::toString).toArray(String[]::new));
        return new Outcome(code, out.toString(), err.toString());
    }

    @Test
    void every_command_explains_itself() {
        assertThat(execute("--help").out()).contains("Exit codes: 0 done, 1 failed, 2");
        for (String command : List.of("serve", "doctor", "version")) {
            assertThat(execute(command, "--help").out()).contains("Usage: vilam " + command);
            assertThat(execute("--help").out()).contains("  " + command);
        }
    }

    @Test
    void the_version_is_that_of_the_build() {
        assertThat(execute("version").out())
                .startsWith("vilam ")
                .contains("Java " + System.getProperty("java.version"));
        assertThat(execute("--version").out()).isEqualTo(execute("version").out());
    }

    @Test
    void a_command_line_that_is_not_understood_ends_with_two() {
        for (List<String> arguments : List.of(
                List.<String>of(),
                List.of("dance"),
                List.of("serve", "--port", "many"),
                List.of("doctor", "--wings"))) {
            Outcome outcome = execute(arguments.toArray());
            assertThat(outcome.code()).as(arguments.toString()).isEqualTo(2);
            assertThat(outcome.err()).contains("Usage: ").doesNotContain("\tat ");
        }
    }

    @Test
    void a_port_that_is_none_is_refused_with_what_to_do(@TempDir Path home) {
        Outcome outcome = execute("serve", "--home", home, "--port", "70000");
        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.err()).contains("error: port 70000", "hint: ");
    }

    @Test
    void a_machine_in_order_is_found_in_order(@TempDir Path home) {
        Outcome outcome = execute("doctor", "--home", home, "--port", "0", "--gpu", "--json");
        JsonNode json = Json.tree(outcome.out().getBytes(StandardCharsets.UTF_8), "the findings");
        assertThat(json.get("answers").booleanValue()).as(outcome.out()).isTrue();
        assertThat(outcome.code()).isZero();
        assertThat(json.get("findings").findValuesAsText("name"))
                .contains("java", "memory", "disk", "store", "fonts", "native libraries", "device", "gpu", "model mini")
                .endsWith("answer", "port");
        assertThat(execute("doctor", "--home", home, "--port", "0").out()).contains("The assistant can answer.");
    }

    @Test
    void what_prevents_answering_is_named_with_advice_and_ends_with_one(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "no folder");
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Outcome outcome = execute("doctor", "--home", file, "--port", taken.getLocalPort());
            assertThat(outcome.code()).isEqualTo(1);
            assertThat(outcome.out())
                    .containsPattern("fails +disk .*file")
                    .containsPattern("fails +port .*" + taken.getLocalPort())
                    .contains("-> Choose another --port", "-> Choose a folder that can be written with --home.")
                    .contains("cannot answer");
        }
    }

    @Test
    void a_folder_that_is_no_model_and_a_home_in_use_are_said(@TempDir Path home) throws IOException {
        Files.createDirectories(home.resolve("models/half"));
        try (Store store = Store.open(home)) {
            assertThat(store.integrity()).isEqualTo("ok");
            Outcome outcome = execute("doctor", "--home", home, "--port", "0");
            assertThat(outcome.code()).isZero();
            assertThat(outcome.out())
                    .containsPattern("warns +store +another program has the home folder")
                    .containsPattern("warns +model +.*half: config.json is missing");
        }
    }

    @Test
    void serve_says_where_it_listens_and_what_answers_and_ends_when_told(@TempDir Path home) throws Exception {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Program.commandLine();
        line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        AtomicInteger code = new AtomicInteger(-1);
        Thread serving =
                new Thread(() -> code.set(line.execute("serve", "--home", home.toString(), "--port", "0")), "serving");
        serving.start();
        long deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
        while (!out.toString().contains(" answers, on ") && System.nanoTime() < deadline && serving.isAlive()) {
            Thread.sleep(50);
        }
        Matcher address = ADDRESS.matcher(out.toString());
        assertThat(address.find()).as(out + " " + err).isTrue();
        assertThat(out.toString()).contains("ViLaM mini answers, on ", "Trained on ");
        JsonNode status = Json.tree(
                HttpClient.newHttpClient()
                        .send(
                                HttpRequest.newBuilder(URI.create(address.group(1) + "v1/status"))
                                        .build(),
                                BodyHandlers.ofByteArray())
                        .body(),
                "the status");
        assertThat(status.at("/model/id").textValue()).isEqualTo("mini");
        assertThat(status.get("knows").textValue()).contains("Trained on ");
        assertThat(Probe.answers(address.group(1) + "health/ready")).isTrue();
        assertThat(Probe.answers(address.group(1) + "nothing")).isFalse();
        serving.interrupt();
        serving.join(60_000);
        assertThat(serving.isAlive()).isFalse();
        assertThat(code.get()).isZero();
        assertThat(Probe.answers(address.group(1) + "health/ready")).isFalse();
    }
}
