package org.vilam.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vilam.web.server.RunningServer;
import org.vilam.web.server.RunningServer.Answer;

class SessionsApiTest {
    @TempDir
    Path home = Path.of("");

    private RunningServer server;
    private String image = "";
    private String session = "";

    @BeforeEach
    void start() {
        server = new RunningServer(home);
        image = server.image(40, 20);
        Answer created = server.post("/v1/sessions", "{\"image\":{\"id\":\"" + image + "\"}}");
        assertThat(created.status()).isEqualTo(201);
        session = "/v1/sessions/" + created.json().get("id").textValue();
        assertThat(created.header("Location")).isEqualTo(session);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private JsonNode ask(String instruction) {
        Answer answer = server.post(session + "/turns", "{\"instruction\":\"" + instruction + "\"}");
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.json();
    }

    @Test
    void turns_build_on_each_other_and_are_there_after_a_restart() {
        assertThat(ask("the dog").get("turn").intValue()).isEqualTo(1);
        JsonNode second = ask("its tail");
        assertThat(second.get("turn").intValue()).isEqualTo(2);
        assertThat(second.at("/result/answer").textValue()).contains("after 1 turns");
        server.close();
        server = new RunningServer(home);
        JsonNode back = server.get(session).json();
        assertThat(back.at("/image/id").textValue()).isEqualTo(image);
        assertThat(back.get("title").textValue()).isEqualTo("the dog");
        assertThat(back.get("turns")).hasSize(2);
        assertThat(back.at("/turns/1/result")).isEqualTo(second.get("result"));
        assertThat(back.at("/turns/0").has("original")).isFalse();
        assertThat(ask("more").get("turn").intValue()).isEqualTo(3);
    }

    @Test
    void a_list_shows_the_sessions_without_their_turns() {
        ask("the dog");
        JsonNode list = server.get("/v1/sessions").json().get("sessions");
        assertThat(list).hasSize(1);
        assertThat(list.at("/0/turn_count").intValue()).isEqualTo(1);
        assertThat(list.at("/0").has("turns")).isFalse();
    }

    @Test
    void a_deleted_session_is_gone_and_frees_its_picture() {
        assertThat(server.delete("/v1/images/" + image).status()).isEqualTo(409);
        assertThat(server.delete(session).status()).isEqualTo(204);
        assertThat(server.get(session).status()).isEqualTo(404);
        assertThat(server.delete(session).status()).isEqualTo(404);
        assertThat(server.post(session + "/turns", "{\"instruction\":\"a\"}").status())
                .isEqualTo(404);
        assertThat(server.delete("/v1/images/" + image).status()).isEqualTo(204);
    }

    @Test
    void a_correction_is_kept_beside_the_original_and_later_turns_build_on_it() {
        ask("the dog");
        Answer answer = server.patch(session + "/turns/1/objects/o1", "{\"box\":[7,6,500,500],\"label\":\"cat\"}");
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        JsonNode turn = answer.json();
        assertThat(turn.at("/result/objects/0/box").toString()).isEqualTo("[7.0,6.0,40.0,20.0]");
        assertThat(turn.at("/result/objects/0/label").textValue()).isEqualTo("cat");
        assertThat(turn.at("/result/objects/0").has("score")).isFalse();
        assertThat(turn.at("/original/objects/0/box").toString()).isEqualTo("[0.0,5.0,20.0,20.0]");
        assertThat(turn.get("corrections")).hasSize(1);
        assertThat(ask("it").at("/result/answer").textValue()).contains("[7.0]");
    }

    @Test
    void corrections_are_taken_back_last_first() {
        ask("the dog");
        JsonNode before = server.get(session + "/turns/1").json();
        server.patch(session + "/turns/1/objects/o1", "{\"label\":\"cat\"}");
        server.patch(session + "/turns/1/objects/o1", "{\"deleted\":true}");
        assertThat(server.get(session + "/turns/1").json().at("/result/objects"))
                .isEmpty();
        JsonNode once = server.delete(session + "/turns/1/corrections/last").json();
        assertThat(once.at("/result/objects/0/label").textValue()).isEqualTo("cat");
        assertThat(server.delete(session + "/turns/1/corrections/last").json()).isEqualTo(before);
        assertThat(server.delete(session + "/turns/1/corrections/last").status())
                .isEqualTo(409);
    }

    @Test
    void an_outline_gives_the_box_and_the_area() {
        ask("the dog");
        JsonNode turn = server.patch(
                        session + "/turns/1/objects/o1",
                        "{\"polygons\":[{\"exterior\":[[1,1],[11,1],[11,11],[1,11]],\"holes\":[]}]}")
                .json();
        assertThat(turn.at("/result/objects/0/box").toString()).isEqualTo("[1.0,1.0,11.0,11.0]");
        assertThat(turn.at("/result/objects/0/area").doubleValue()).isEqualTo(100);
    }

    @Test
    void an_object_that_was_missed_is_added_by_its_box() {
        ask("nothing");
        JsonNode turn = server.patch(session + "/turns/1/objects/mine", "{\"box\":[1,1,5,5],\"label\":\"mouse\"}")
                .json();
        assertThat(turn.at("/result/status").textValue()).isEqualTo("ok");
        assertThat(turn.at("/result/objects/0/id").textValue()).isEqualTo("mine");
        assertThat(turn.at("/result/objects/0/label").textValue()).isEqualTo("mouse");
    }

    @Test
    void a_candidate_that_is_corrected_is_the_one_that_was_meant() {
        assertThat(ask("which").at("/result/status").textValue()).isEqualTo("ambiguous");
        JsonNode turn = server.patch(session + "/turns/1/objects/o2", "{\"label\":\"this one\"}")
                .json();
        assertThat(turn.at("/result/status").textValue()).isEqualTo("ok");
        assertThat(turn.at("/result/objects/0/id").textValue()).isEqualTo("o2");
        assertThat(turn.at("/result/alternatives")).hasSize(1);
    }

    @Test
    void a_correction_that_says_nothing_or_means_nothing_is_refused() {
        ask("the dog");
        for (String body : List.of(
                "{}",
                "{\"box\":[1,2,3]}",
                "{\"box\":[100,100,200,200]}",
                "{\"box\":[1,1,1,1]}",
                "{\"label\":\" \"}",
                "{\"colour\":\"red\"}",
                "{\"polygons\":[]}",
                "{\"polygons\":[{\"exterior\":[[1,1],[2,2]],\"holes\":[]}]}",
                "{\"box\":[1,1,2,2],\"polygons\":[{\"exterior\":[[1,1],[5,1],[5,5]],\"holes\":[]}]}",
                "{\"deleted\":true,\"label\":\"a\"}")) {
            Answer answer = server.patch(session + "/turns/1/objects/o1", body);
            assertThat(answer.status()).as(body + answer.text()).isEqualTo(400);
        }
        assertThat(server.patch(session + "/turns/1/objects/o9", "{\"label\":\"a\"}")
                        .status())
                .isEqualTo(404);
        assertThat(server.patch(session + "/turns/2/objects/o1", "{\"label\":\"a\"}")
                        .status())
                .isEqualTo(404);
        assertThat(server.patch(session + "/turns/x/objects/o1", "{\"label\":\"a\"}")
                        .status())
                .isEqualTo(404);
        assertThat(server.get(session + "/turns/1").json().has("corrections")).isFalse();
    }

    @Test
    void turns_asked_at_the_same_time_come_one_after_another() {
        List<CompletableFuture<JsonNode>> asked = IntStream.range(0, 6)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> ask("dog " + i)))
                .toList();
        List<Integer> numbers = new ArrayList<>();
        for (CompletableFuture<JsonNode> answer : asked) {
            JsonNode turn = answer.join();
            int number = turn.get("turn").intValue();
            numbers.add(number);
            assertThat(turn.at("/result/answer").textValue()).contains("after " + (number - 1) + " turns");
        }
        assertThat(numbers).containsExactlyInAnyOrder(1, 2, 3, 4, 5, 6);
    }

    @Test
    void a_turn_is_exported_with_its_corrections() {
        ask("the dog");
        server.patch(session + "/turns/1/objects/o1", "{\"label\":\"cat\"}");
        String path = "/v1/export/" + session.substring("/v1/sessions/".length()) + "/1";
        assertThat(server.get(path + "?format=coco")
                        .json()
                        .at("/categories/0/name")
                        .textValue())
                .isEqualTo("cat");
        assertThat(server.get(path + "?format=nonsense").status()).isEqualTo(400);
        assertThat(server.get(path).status()).isEqualTo(400);
        assertThat(server.get(path.replace("/1", "/2") + "?format=coco").status())
                .isEqualTo(404);
    }
}
