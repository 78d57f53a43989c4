package org.vilam.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vilam.web.server.RunningServer;
import org.vilam.web.server.RunningServer.Answer;
import org.vilam.web.server.RunningServer.Part;

class JobsApiTest {
    @TempDir
    Path home = Path.of("");

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

    private String submit(String instruction) {
        String images = "[{\"id\":\"" + server.image(8, 4) + "\"},{\"id\":\"" + server.image(4, 8) + "\"}]";
        Answer answer = server.post("/v1/jobs", "{\"images\":" + images + ",\"instruction\":\"" + instruction + "\"}");
        assertThat(answer.status()).as(answer.text()).isEqualTo(202);
        return answer.header("Location");
    }

    private JsonNode ended(String job) throws InterruptedException {
        for (int i = 0; i < 1000; i++) {
            JsonNode json = server.get(job).json();
            if (!json.get("state").textValue().matches("queued|running")) {
                return json;
            }
            Thread.sleep(10);
        }
        throw new AssertionError("the job does not end");
    }

    @Test
    void a_batch_answers_for_every_picture_in_order() throws InterruptedException {
        JsonNode job = ended(submit("the dog"));
        assertThat(job.get("state").textValue()).isEqualTo("done");
        assertThat(job.get("done").intValue()).isEqualTo(2);
        assertThat(job.get("fraction").doubleValue()).isEqualTo(1);
        assertThat(job.at("/items/0/result/image/width").intValue()).isEqualTo(8);
        assertThat(job.at("/items/1/result/image/width").intValue()).isEqualTo(4);
        assertThat(server.get("/v1/jobs").json().at("/jobs/0/id")).isEqualTo(job.get("id"));
    }

    @Test
    void pictures_can_come_with_the_batch() throws InterruptedException {
        Answer answer = server.form(
                "/v1/jobs",
                Part.file("image", "a.png", RunningServer.png(5, 5)),
                Part.file("image", "b.png", RunningServer.png(6, 6)),
                Part.text("instruction", "the dog"));
        assertThat(ended(answer.header("Location")).get("items")).hasSize(2);
    }

    @Test
    void a_picture_that_fails_does_not_stop_the_others() throws InterruptedException {
        for (String instruction : new String[] {"break", "refuse"}) {
            JsonNode job = ended(submit(instruction));
            assertThat(job.get("state").textValue()).isEqualTo("done");
            assertThat(job.at("/items/1/state").textValue()).isEqualTo("failed");
            assertThat(job.at("/items/1/problem/code").textValue())
                    .isEqualTo(instruction.equals("break") ? "internal" : "invalid_argument");
        }
    }

    @Test
    void cancelling_gives_up_what_is_being_done() throws InterruptedException {
        String job = submit("wait");
        while (server.models.running.get() == 0) {
            Thread.sleep(5);
        }
        JsonNode during = server.get(job).json();
        assertThat(during.get("state").textValue()).isEqualTo("running");
        assertThat(during.get("words").textValue()).isNotEmpty();
        assertThat(during.at("/items/0/state").textValue()).isEqualTo("running");
        assertThat(server.delete(job).json().get("state").textValue()).isEqualTo("cancelled");
        for (int i = 0; i < 1000 && server.models.cancelled.get() == 0; i++) {
            Thread.sleep(10);
        }
        assertThat(server.models.cancelled.get()).isEqualTo(1);
        assertThat(server.get(job).json().at("/items/1/state").textValue()).isEqualTo("cancelled");
        assertThat(ended(submit("the dog")).get("state").textValue()).isEqualTo("done");
    }

    @Test
    void a_batch_that_was_running_goes_on_after_a_restart() throws InterruptedException {
        String job = submit("wait");
        while (server.models.running.get() == 0) {
            Thread.sleep(5);
        }
        server.close();
        server = new RunningServer(home);
        server.models.gate.countDown();
        assertThat(ended(job).get("done").intValue()).isEqualTo(2);
    }

    @Test
    void the_results_of_a_batch_are_exported_together() throws InterruptedException {
        String job = submit("the dog");
        ended(job);
        JsonNode coco = server.get(job + "/export?format=coco").json();
        assertThat(coco.get("images")).hasSize(2);
        assertThat(coco.get("annotations")).hasSize(2);
        assertThat(server.get(job + "/export?format=png").header("Content-Type"))
                .isEqualTo("application/zip");
    }

    @Test
    void a_wrong_batch_is_refused() {
        for (String body : new String[] {
            "{\"instruction\":\"a\"}",
            "{\"images\":[],\"instruction\":\"a\"}",
            "{\"images\":{},\"instruction\":\"a\"}",
            "{\"images\":[{\"id\":1}],\"instruction\":\"a\"}",
            "{\"images\":[{\"gallery\":\"a\",\"id\":\"b\"}],\"instruction\":\"a\"}"
        }) {
            assertThat(server.post("/v1/jobs", body).status()).as(body).isEqualTo(400);
        }
        assertThat(server.get("/v1/jobs/nobody").status()).isEqualTo(404);
        assertThat(server.delete("/v1/jobs/nobody").status()).isEqualTo(404);
    }
}
