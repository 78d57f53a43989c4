package org.vilam.web.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vilam.vision.error.VilamException;
import org.vilam.web.image.RemoteAccess;
import org.vilam.web.server.RunningServer.Answer;

class ServerTest {
    @TempDir
    static Path home = Path.of("");

    private RunningServer server;

    @BeforeEach
    void start() {
        server = new RunningServer(home);
    }

    @AfterEach
    void stop() {
        server.models.gate.countDown();
        server.close();
    }

    private static void awaitReady(RunningServer server) throws InterruptedException {
        for (int i = 0; i < 200 && server.get("/health/ready").status() != 200; i++) {
            Thread.sleep(20);
        }
    }

    @Test
    void it_lives_at_once_and_is_ready_when_the_model_is() throws InterruptedException {
        assertThat(server.get("/health/live").json().get("status").textValue()).isEqualTo("live");
        awaitReady(server);
        assertThat(server.get("/health/ready").json().get("status").textValue()).isEqualTo("ready");
    }

    @Test
    void an_address_that_is_not_there_is_a_problem_document() {
        Answer answer = server.get("/v1/nothing");
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
        JsonNode problem = answer.json();
        assertThat(problem.get("code").textValue()).isEqualTo("not_found");
        assertThat(problem.get("type").textValue()).isEqualTo("urn:vilam:problem:not_found");
        assertThat(problem.get("status").intValue()).isEqualTo(404);
        assertThat(problem.get("title").textValue()).isEqualTo("Not found");
        assertThat(problem.get("hint").textValue()).isNotEmpty();
        assertThat(problem.get("request_id").textValue()).isEqualTo(answer.header("X-Request-Id"));
    }

    @Test
    void a_method_that_an_address_does_not_know_is_named_with_those_it_does() {
        Answer answer = server.send("PUT", "/v1/images", new byte[0]);
        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.header("Allow")).contains("POST");
        assertThat(answer.json().get("code").textValue()).isEqualTo("method_not_allowed");
    }

    @Test
    void a_plain_request_id_is_kept_and_another_is_replaced() {
        assertThat(server.get("/health/live", "X-Request-Id", "abc-1.2_3").header("X-Request-Id"))
                .isEqualTo("abc-1.2_3");
        assertThat(server.get("/health/live", "X-Request-Id", "<script>").header("X-Request-Id"))
                .matches("[0-9a-f]{16}");
    }

    @Test
    void every_answer_has_the_security_headers_errors_included() {
        for (String path : List.of("/health/live", "/v1/nothing", "/metrics")) {
            Answer answer = server.get(path);
            assertThat(answer.header("Content-Security-Policy")).startsWith("default-src 'self'");
            assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
            assertThat(answer.header("Referrer-Policy")).isEqualTo("no-referrer");
            assertThat(answer.header("Server")).isEmpty();
        }
    }

    @Test
    void other_sites_pages_are_refused_unless_they_were_named() {
        assertThat(server.get("/v1/models", "Origin", "https://evil.example").status())
                .isEqualTo(403);
        assertThat(server.get("/v1/models", "Origin", "null").status()).isEqualTo(403);
        Answer own = server.get("/v1/models", "Origin", server.url(""));
        assertThat(own.status()).isEqualTo(200);
        assertThat(own.header("Access-Control-Allow-Origin")).isEmpty();
        ServerConfig local = ServerConfig.local(home.resolve("cors")).withPort(0);
        try (RunningServer open = new RunningServer(new ServerConfig(
                local.host(),
                0,
                local.home(),
                local.maxUploadBytes(),
                1,
                1,
                List.of("https://friend.example"),
                RemoteAccess.NONE))) {
            Answer friend = open.get("/v1/models", "Origin", "https://friend.example");
            assertThat(friend.status()).isEqualTo(200);
            assertThat(friend.header("Access-Control-Allow-Origin")).isEqualTo("https://friend.example");
            assertThat(open.get("/v1/models", "Origin", "https://evil.example").status())
                    .isEqualTo(403);
        }
    }

    @Test
    void a_name_that_was_pointed_at_this_machine_is_refused() throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            OutputStream out = socket.getOutputStream();
            out.write("GET /v1/models HTTP/1.1\r\nHost: rebound.example\r\nConnection: close\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            assertThat(in.readLine()).contains("403");
        }
    }

    @Test
    void metrics_count_requests_by_the_pattern_of_their_address() {
        server.get("/v1/images/" + "0".repeat(64));
        String metrics = server.get("/metrics").text();
        assertThat(metrics)
                .contains(
                        "http_server_requests_seconds_count{endpoint=\"/v1/images/{id}\",method=\"GET\",status=\"404\"}")
                .contains("jvm_memory_used_bytes")
                .contains("vilam_questions_waiting");
    }

    @Test
    void a_defect_of_ours_says_nothing_of_the_inside() {
        String image = server.image(4, 4);
        for (String instruction : List.of("break", "overflow")) {
            Answer answer = server.post(
                    "/v1/ground", "{\"image\":{\"id\":\"" + image + "\"},\"instruction\":\"" + instruction + "\"}");
            assertThat(answer.status()).isEqualTo(500);
            assertThat(answer.json().get("code").textValue()).isEqualTo("internal");
            assertThat(answer.json().get("request_id").textValue()).isNotEmpty();
            assertThat(answer.text()).doesNotContain("secret").doesNotContain("Exception");
        }
    }

    @Test
    void a_request_that_is_being_answered_ends_before_the_server_does() throws Exception {
        String image = server.image(4, 4);
        CompletableFuture<Answer> answer = CompletableFuture.supplyAsync(
                () -> server.post("/v1/ground", "{\"image\":{\"id\":\"" + image + "\"},\"instruction\":\"wait\"}"));
        while (server.models.running.get() == 0) {
            Thread.sleep(5);
        }
        CompletableFuture<Void> stopping = CompletableFuture.runAsync(server::close);
        Thread.sleep(100);
        server.models.gate.countDown();
        assertThat(answer.get(20, TimeUnit.SECONDS).status()).isEqualTo(200);
        stopping.get(20, TimeUnit.SECONDS);
        assertThat(server.models.closed.get()).isEqualTo(1);
        server = new RunningServer(home.resolve("after"));
    }

    @Test
    void a_port_that_is_taken_is_said_so() {
        ServerConfig taken = ServerConfig.local(home.resolve("taken")).withPort(server.port());
        assertThatThrownBy(() -> new RunningServer(taken))
                .isInstanceOf(VilamException.class)
                .hasMessageContaining("cannot listen on 127.0.0.1:" + server.port());
    }
}
