package org.vilam.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vilam.grounding.result.GroundingResult;
import org.vilam.web.image.RemoteAccess;
import org.vilam.web.json.Json;
import org.vilam.web.server.RunningServer;
import org.vilam.web.server.RunningServer.Answer;
import org.vilam.web.server.RunningServer.Part;
import org.vilam.web.server.ServerConfig;

class GroundApiTest {
    @TempDir
    static Path home = Path.of("");

    private static RunningServer server;
    private static String image;

    @BeforeAll
    static void start() {
        server = new RunningServer(home);
        image = server.image(40, 20);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Answer ask(String rest) {
        return server.post("/v1/ground", "{\"image\":{\"id\":\"" + image + "\"}," + rest + "}");
    }

    private static JsonNode asked(String rest) {
        Answer answer = ask(rest);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.json();
    }

    @Test
    void json_with_an_id_is_answered_with_the_canonical_result() {
        JsonNode json = asked("\"instruction\":\"the dog\"");
        GroundingResult result = Json.read(json, GroundingResult.class, "the answer");
        assertThat(result.objects().get(0).label()).isEqualTo("the dog");
        assertThat(result.image().id()).isEqualTo(image);
        assertThat(json.at("/objects/0/box").toString()).isEqualTo("[0.0,5.0,20.0,20.0]");
    }

    @Test
    void a_data_url_and_a_form_give_the_same_answer_as_an_id() {
        byte[] png = RunningServer.png(40, 20);
        String expected = ask("\"instruction\":\"the dog\"").text();
        String data = "data:image/png;base64," + Base64.getEncoder().encodeToString(png);
        assertThat(server.post("/v1/ground", "{\"image\":{\"data_url\":\"" + data + "\"},\"instruction\":\"the dog\"}")
                        .text())
                .isEqualTo(expected);
        assertThat(server.form("/v1/ground", Part.file("image", "a.png", png), Part.text("instruction", "the dog"))
                        .text())
                .isEqualTo(expected);
        assertThat(server.form(
                                "/v1/ground",
                                Part.file("image", "a.png", png),
                                Part.text("request", "{\"instruction\":\"the dog\"}"))
                        .text())
                .isEqualTo(expected);
        assertThat(server.form("/v1/ground", Part.text("image_id", image), Part.text("instruction", "the dog"))
                        .text())
                .isEqualTo(expected);
    }

    @Test
    void nothing_found_is_a_success_that_says_so() {
        JsonNode json = asked("\"instruction\":\"nothing\"");
        assertThat(json.get("status").textValue()).isEqualTo("no_target");
        assertThat(json.get("objects")).isEmpty();
        assertThat(json.get("answer").textValue()).isEqualTo("There is nothing.");
    }

    @Test
    void places_come_in_the_unit_and_form_that_was_asked_for() {
        JsonNode json = asked("\"instruction\":\"two\",\"options\":{\"coords\":\"norm1000\",\"box\":\"xywh\"}");
        assertThat(json.at("/objects/1/box").toString()).isEqualTo("[500.0,250.0,500.0,750.0]");
        assertThat(json.at("/objects/0/keypoints/0/x").doubleValue()).isEqualTo(250);
        assertThat(json.at("/objects/0/keypoints/1").has("x")).isFalse();
        assertThat(json.at("/coordinates/unit").textValue()).isEqualTo("norm1000");
        assertThat(json.at("/coordinates/box").textValue()).isEqualTo("xywh");
        JsonNode parts = asked("\"instruction\":\"two\",\"options\":{\"coords\":\"norm1\",\"box\":\"cxcywh\"}");
        assertThat(parts.at("/objects/1/box").toString()).isEqualTo("[0.75,0.625,0.5,0.75]");
    }

    @Test
    void masks_come_in_the_form_that_was_asked_for() {
        assertThat(asked("\"instruction\":\"a\"").at("/objects/0/polygons")).isEmpty();
        JsonNode polygon = asked("\"instruction\":\"a\",\"options\":{\"mask\":\"polygon\",\"coords\":\"norm1\"}");
        assertThat(polygon.at("/objects/0/polygons/0/exterior").toString())
                .isEqualTo("[[0.0,0.25],[0.5,0.25],[0.5,1.0],[0.0,1.0]]");
        assertThat(polygon.at("/objects/0").has("mask")).isFalse();
        JsonNode rle = asked("\"instruction\":\"a\",\"options\":{\"mask\":\"rle\"}");
        assertThat(rle.at("/objects/0/mask/format").textValue()).isEqualTo("coco_rle");
        assertThat(rle.at("/objects/0/polygons")).isEmpty();
        JsonNode png = asked("\"instruction\":\"a\",\"options\":{\"mask\":\"png\"}");
        assertThat(Base64.getDecoder().decode(png.at("/objects/0/mask/data").textValue()))
                .startsWith(0x89, 'P', 'N', 'G');
        assertThat(asked("\"instruction\":\"a\",\"options\":{\"mask\":\"none\"}")
                        .at("/objects/0/polygons"))
                .isEmpty();
    }

    @Test
    void the_answer_can_be_a_file_of_another_tool() {
        Answer answer = ask("\"instruction\":\"a\",\"options\":{\"format\":\"coco\"}");
        assertThat(answer.json().at("/annotations/0/bbox").toString()).isEqualTo("[0.0,5.0,20.0,15.0]");
        assertThat(answer.header("Content-Disposition")).contains("annotations.coco.json");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"instruction\": \"a\"}                                                  | image: the field is missing",
                "[]                                                                    | the body is not a JSON object",
                "{\"image\": {\"id\": \"IMG\"}                                         | the body is not JSON at line 1",
                "{\"image\": {\"id\": \"IMG\"}, \"instruction\": \"a\", \"a\": NaN}    | the body is not JSON",
                "{\"image\": {\"id\": \"IMG\"}, \"instruction\": \"a\", \"instruction\": \"b\"} | the body has a field twice",
                "{\"image\": {\"id\": \"IMG\"}, \"instruction\": \"a\", \"instuction\": \"b\"} | instuction: there is no such field",
                "{\"image\": {\"id\": \"IMG\"}, \"instruction\": 5}                    | instruction: ",
                "{\"image\": {\"id\": \"IMG\"}, \"instruction\": null, \"task\": \"dance\"} | task: \"dance\" is not one of box, all",
                "{\"image\": {\"id\": \"IMG\"}}                                        | instruction: it is empty",
                "{\"image\": {\"id\": \"IMG\"}, \"instruction\": \"a\", \"options\": []} | options: this is not a JSON object",
                "{\"image\": {\"id\": \"IMG\"}, \"instruction\": \"a\", \"options\": {\"coords\": \"miles\"}} | coords: \"miles\" is not one of pixel",
                "{\"image\": {\"id\": \"IMG\"}, \"instruction\": \"a\", \"options\": {\"format\": \"doc\"}} | format: there is no such format",
                "{\"image\": {\"id\": \"IMG\"}, \"instruction\": \"a\", \"options\": {\"max_objects\": \"5\"}} | options.max_objects: ",
                "{\"image\": {\"id\": \"IMG\"}, \"instruction\": \"a\", \"options\": {\"max_objects\": 1.5}} | options.max_objects: ",
                "{\"image\": {\"id\": \"IMG\"}, \"instruction\": \"a\", \"options\": {\"min_score\": 7}} | options.min_score: ",
                "{\"image\": {\"id\": \"IMG\"}, \"instruction\": \"a\", \"regions\": [{\"box\": [1, 2, 3]}]} | regions[0].box: ",
                "{\"image\": {\"id\": \"IMG\"}, \"instruction\": \"a\", \"regions\": [{\"box\": [9, 2, 3, 4]}]} | regions[0].box: ",
                "{\"image\": \"IMG\", \"instruction\": \"a\"}                          | image: this is not a JSON object",
                "{\"image\": {}, \"instruction\": \"a\"}                               | image: it has 0 of id",
                "{\"image\": {\"id\": \"IMG\", \"gallery\": \"x\"}, \"instruction\": \"a\"} | image: it has 2 of id",
                "{\"image\": {\"data_url\": \"data:,hello\"}, \"instruction\": \"a\"}  | image.data_url: this is no data URL",
                "{\"image\": {\"data_url\": \"data:;base64,%%\"}, \"instruction\": \"a\"} | image.data_url: this is not base 64",
                "{\"image\": {\"data_url\": \"data:;base64,\"}, \"instruction\": \"a\"} | image.data_url: there are no bytes",
            })
    void a_wrong_request_is_refused_by_the_name_of_its_field(String body, String detail) {
        Answer answer = server.post("/v1/ground", body.replace("IMG", image));
        assertThat(answer.status()).as(answer.text()).isEqualTo(400);
        assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
        assertThat(answer.json().get("detail").textValue()).startsWith(detail);
        assertThat(answer.json().get("hint").textValue()).isNotEmpty();
        assertThat(answer.text()).doesNotContain("java").doesNotContain("Exception");
    }

    @Test
    void nothing_is_fetched_from_an_address_unless_it_was_allowed() {
        Answer answer =
                server.post("/v1/ground", "{\"image\":{\"url\":\"http://127.0.0.1:1/a.png\"},\"instruction\":\"a\"}");
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.json().get("code").textValue()).isEqualTo("forbidden");
    }

    @Test
    void a_body_that_nests_without_end_is_refused() {
        Answer answer = server.post("/v1/ground", "{\"image\":".repeat(5000));
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().get("detail").textValue()).contains("nests too deep");
    }

    @Test
    void other_media_types_are_refused() {
        Answer answer = server.send("POST", "/v1/ground", new byte[] {1}, "Content-Type", "text/plain");
        assertThat(answer.status()).isEqualTo(415);
    }

    @Test
    void labels_and_instructions_come_back_as_they_were_sent() {
        String hostile = "<script>alert('x')</script> \"\\ \u202e \uD83D\uDC36";
        JsonNode json = asked("\"instruction\":" + Json.write(hostile));
        assertThat(json.get("instruction").textValue()).isEqualTo(hostile);
        assertThat(json.at("/objects/0/label").textValue()).isEqualTo(hostile);
    }

    private static List<String> events(InputStream stream) throws IOException {
        List<String> lines = new ArrayList<>();
        BufferedReader in = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            if (line.startsWith("event: ") || line.startsWith("data: ")) {
                lines.add(line);
            }
        }
        return lines;
    }

    @Test
    void progress_and_result_come_as_events_to_who_asks_for_them() throws IOException {
        HttpResponse<InputStream> answer =
                server.open("/v1/ground", "{\"image\":{\"id\":\"" + image + "\"},\"instruction\":\"the dog\"}");
        assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("text/event-stream");
        List<String> events = events(answer.body());
        assertThat(events)
                .containsSubsequence(
                        "event: progress",
                        "data: {\"stage\":\"route\",\"words\":\"reading the instruction\",\"fraction\":0.0}",
                        "event: progress",
                        "data: {\"stage\":\"ground\",\"words\":\"looking for it in the picture\",\"fraction\":0.25}",
                        "event: result");
        String result = events.get(events.size() - 1).substring("data: ".length());
        assertThat(Json.tree(result.getBytes(StandardCharsets.UTF_8), "it"))
                .isEqualTo(asked("\"instruction\":\"the dog\""));
    }

    @Test
    void an_error_on_the_way_is_an_event_too() throws IOException {
        List<String> events =
                events(server.open("/v1/ground", "{\"image\":{\"id\":\"" + image + "\"},\"instruction\":\"refuse\"}")
                        .body());
        assertThat(events.get(events.size() - 2)).isEqualTo("event: error");
        assertThat(events.get(events.size() - 1)).contains("\"code\":\"invalid_argument\"");
    }

    @Test
    void hanging_up_stops_the_work() throws Exception {
        try (RunningServer own = new RunningServer(home.resolve("hanging-up"))) {
            String picture = own.image(4, 4);
            HttpResponse<InputStream> answer =
                    own.open("/v1/ground", "{\"image\":{\"id\":\"" + picture + "\"},\"instruction\":\"wait\"}");
            while (own.models.running.get() == 0) {
                Thread.sleep(5);
            }
            answer.body().close();
            for (int i = 0; i < 1000 && own.models.cancelled.get() == 0; i++) {
                Thread.sleep(10);
            }
            assertThat(own.models.cancelled.get()).isEqualTo(1);
        }
    }

    @Test
    void who_comes_when_too_many_wait_is_sent_away_with_a_time_to_come_back() throws Exception {
        ServerConfig local = ServerConfig.local(home.resolve("busy"));
        ServerConfig narrow =
                new ServerConfig(local.host(), 0, local.home(), 1_000_000, 1, 1, List.of(), RemoteAccess.NONE);
        try (RunningServer own = new RunningServer(narrow)) {
            String body = "{\"image\":{\"id\":\"" + own.image(4, 4) + "\"},\"instruction\":\"wait\"}";
            CompletableFuture<Answer> first = CompletableFuture.supplyAsync(() -> own.post("/v1/ground", body));
            while (own.models.running.get() == 0) {
                Thread.sleep(5);
            }
            CompletableFuture<Answer> second = CompletableFuture.supplyAsync(() -> own.post("/v1/ground", body));
            while (!own.get("/metrics").text().contains("vilam_questions_waiting 1.0")) {
                Thread.sleep(5);
            }
            Answer third = own.post("/v1/ground", body);
            assertThat(third.status()).isEqualTo(503);
            assertThat(third.header("Retry-After")).isEqualTo("2");
            assertThat(third.json().get("code").textValue()).isEqualTo("busy");
            own.models.gate.countDown();
            assertThat(first.get(20, TimeUnit.SECONDS).status()).isEqualTo(200);
            assertThat(second.get(20, TimeUnit.SECONDS).status()).isEqualTo(200);
        }
    }
}
