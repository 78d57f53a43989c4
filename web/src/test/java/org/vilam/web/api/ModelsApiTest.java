package org.vilam.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vilam.web.server.RunningServer;
import org.vilam.web.server.RunningServer.Answer;

class ModelsApiTest {
    @TempDir
    Path home = Path.of("");

    private RunningServer server;

    @BeforeEach
    void start() throws InterruptedException {
        server = new RunningServer(home);
        while (server.get("/health/ready").status() != 200) {
            Thread.sleep(10);
        }
    }

    @AfterEach
    void stop() {
        server.models.gate.countDown();
        server.close();
    }

    @Test
    void the_list_says_which_model_answers_and_what_it_can_do() {
        JsonNode json = server.get("/v1/models").json();
        assertThat(json.get("object").textValue()).isEqualTo("list");
        assertThat(json.get("data")).isEqualTo(json.get("models"));
        JsonNode first = json.at("/models/0");
        assertThat(first.get("active").booleanValue()).isTrue();
        assertThat(first.get("abilities").toString()).isEqualTo("[\"box\",\"polygon\"]");
        assertThat(first.get("size").longValue()).isEqualTo(42);
        assertThat(json.at("/models/1/active").booleanValue()).isFalse();
        JsonNode status = server.get("/v1/status").json();
        assertThat(status.get("state").textValue()).isEqualTo("ready");
        assertThat(status.get("model")).isEqualTo(first);
        assertThat(status.get("device").textValue()).isEqualTo("cpu");
        assertThat(status.get("knows").textValue()).isEqualTo("It knows nothing.");
    }

    @Test
    void another_model_takes_over_without_losing_a_question() throws Exception {
        String body = "{\"image\":{\"id\":\"" + server.image(4, 4) + "\"},\"instruction\":\"wait\"}";
        CompletableFuture<Answer> asked = CompletableFuture.supplyAsync(() -> server.post("/v1/ground", body));
        while (server.models.running.get() == 0) {
            Thread.sleep(5);
        }
        Answer activated = server.send("POST", "/v1/models/second/activate", new byte[0]);
        assertThat(activated.json().get("active").booleanValue()).isTrue();
        assertThat(server.models.closed.get()).isZero();
        server.models.gate.countDown();
        assertThat(asked.get(20, TimeUnit.SECONDS).json().at("/model/id").textValue())
                .isEqualTo("first");
        assertThat(server.post("/v1/ground", body).json().at("/model/id").textValue())
                .isEqualTo("second");
        assertThat(server.models.closed.get()).isEqualTo(1);
    }

    @Test
    void a_model_that_does_not_load_leaves_the_one_before() {
        assertThat(server.send("POST", "/v1/models/nobody/activate", new byte[0])
                        .status())
                .isEqualTo(404);
        Answer broken = server.send("POST", "/v1/models/broken/activate", new byte[0]);
        assertThat(broken.status()).isEqualTo(500);
        assertThat(broken.json().get("code").textValue()).isEqualTo("model_invalid");
        assertThat(server.get("/v1/status").json().at("/model/id").textValue()).isEqualTo("first");
    }
}
