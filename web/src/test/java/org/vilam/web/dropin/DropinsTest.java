package org.vilam.web.dropin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vilam.web.image.RemoteAccess;
import org.vilam.web.json.Json;
import org.vilam.web.server.RunningServer;
import org.vilam.web.server.RunningServer.Answer;
import org.vilam.web.server.ServerConfig;

/** Requests as their clients send them, and answers as they read them. */
class DropinsTest {
    private static final byte[] PICTURE = RunningServer.png(40, 20);
    private static final String PNG = Base64.getEncoder().encodeToString(PICTURE);

    @TempDir
    Path home = Path.of("");

    private RunningServer server;
    private HttpServer elsewhere;
    private final List<String> seen = new ArrayList<>();

    /** A Label Studio with one picture, and a trap beside it. */
    @BeforeEach
    void start() throws IOException, InterruptedException {
        elsewhere = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        elsewhere.createContext("/", exchange -> {
            seen.add(exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().getFirst("Authorization"));
            String path = exchange.getRequestURI().getPath();
            if (path.equals("/data/upload/1/a.png") || path.equals("/big.png")) {
                byte[] body = path.equals("/big.png") ? new byte[2_000_000] : PICTURE;
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
            } else if (path.equals("/away.png")) {
                exchange.getResponseHeaders().add("Location", "http://127.0.0.2:1/secret");
                exchange.sendResponseHeaders(302, -1);
            } else if (path.equals("/round.png")) {
                exchange.getResponseHeaders().add("Location", "/round.png");
                exchange.sendResponseHeaders(302, -1);
            } else {
                exchange.sendResponseHeaders(404, -1);
            }
            exchange.close();
        });
        elsewhere.start();
        RemoteAccess access = new RemoteAccess(List.of(), origin(), "secret-token");
        server = new RunningServer(new ServerConfig("127.0.0.1", 0, home, 1_000_000, 2, 8, List.of(), access));
        while (server.get("/health/ready").status() != 200) {
            Thread.sleep(10);
        }
    }

    private String origin() {
        return "http://127.0.0.1:" + elsewhere.getAddress().getPort();
    }

    @AfterEach
    void stop() {
        server.close();
        elsewhere.stop(0);
    }

    private JsonNode posted(String path, String body) {
        Answer answer = server.post(path, body);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.json();
    }

    /** huggingface_hub 0.30, InferenceClient.zero_shot_object_detection. */
    @Test
    void hugging_faces_client_finds_its_labels() {
        JsonNode json = posted(
                "/hf/zero-shot-object-detection",
                "{\"inputs\":\"" + PNG + "\",\"parameters\":{\"candidate_labels\":[\"cat\",\"nothing\",\"two\"]}}");
        assertThat(json).hasSize(3);
        assertThat(json.get(0).toString())
                .isEqualTo(
                        "{\"label\":\"cat\",\"score\":0.91,\"box\":{\"xmin\":0,\"ymin\":5,\"xmax\":20,\"ymax\":20}}");
        assertThat(json.get(2).get("label").textValue()).isEqualTo("two");
    }

    /** huggingface_hub 0.20 sent the picture and the labels together. */
    @Test
    void hugging_faces_older_form_is_read_too() {
        JsonNode json = posted(
                "/hf/zero-shot-object-detection",
                "{\"inputs\":{\"image\":\"" + PNG + "\",\"candidateLabels\":[\"cat\"]}}");
        assertThat(json).hasSize(1);
        Answer wrong = server.post("/hf/zero-shot-object-detection", "{\"inputs\":\"" + PNG + "\"}");
        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.json().get("error").textValue()).startsWith("parameters.candidate_labels: ");
    }

    /** Triton's Python client asks for these before it infers. */
    @Test
    void kserves_clients_find_health_metadata_and_an_answer() {
        assertThat(server.get("/v2").json().get("name").textValue()).isEqualTo("vilam");
        assertThat(server.get("/v2/health/live").status()).isEqualTo(200);
        assertThat(server.get("/v2/health/ready").status()).isEqualTo(200);
        JsonNode model = server.get("/v2/models/first").json();
        assertThat(model.get("inputs").toString())
                .isEqualTo("[{\"name\":\"image\",\"datatype\":\"BYTES\",\"shape\":[1]},"
                        + "{\"name\":\"instruction\",\"datatype\":\"BYTES\",\"shape\":[1]}]");
        assertThat(server.get("/v2/models/first/ready").status()).isEqualTo(200);
        assertThat(server.get("/v2/models/second/ready").status()).isEqualTo(503);
        assertThat(server.get("/v2/models/nobody").json().get("error").textValue())
                .isNotEmpty();
        JsonNode answer = posted(
                "/v2/models/first/infer",
                "{\"id\":\"42\",\"inputs\":["
                        + "{\"name\":\"image\",\"shape\":[1],\"datatype\":\"BYTES\",\"data\":[\"" + PNG + "\"]},"
                        + "{\"name\":\"instruction\",\"shape\":[1],\"datatype\":\"BYTES\",\"data\":[\"the dog\"]}]}");
        assertThat(answer.get("id").textValue()).isEqualTo("42");
        JsonNode result = Json.tree(answer.at("/outputs/0/data/0").textValue().getBytes(StandardCharsets.UTF_8), "it");
        assertThat(result.at("/objects/0/label").textValue()).isEqualTo("the dog");
        assertThat(server.post("/v2/models/first/infer", "{\"inputs\":[]}").status())
                .isEqualTo(400);
        assertThat(server.post("/v2/models/second/infer", "{}").status()).isEqualTo(409);
    }

    private static final String SET_UP = "<View><Image name=\\\"img\\\" value=\\\"$photo\\\"/>"
            + "<RectangleLabels name=\\\"box\\\" toName=\\\"img\\\"><Label value=\\\"cat\\\"/><Label value=\\\"nothing\\\"/>"
            + "</RectangleLabels></View>";

    /** Label Studio 1.13, ml/api_connector.py. */
    private static String predict(String photo, String setUp, String context) {
        return "{\"tasks\":[{\"id\":7,\"data\":{\"photo\":\"" + photo + "\"},\"annotations\":[],\"predictions\":[]}],"
                + "\"model_version\":null,\"project\":\"1.1700000000\",\"label_config\":\"" + setUp
                + "\",\"params\":{\"login\":null,\"password\":null,\"context\":" + context + "}}";
    }

    @Test
    void label_studio_gets_predictions_in_its_projects_names() {
        assertThat(server.get("/labelstudio/health").json().get("status").textValue())
                .isEqualTo("UP");
        assertThat(posted(
                                "/labelstudio/setup",
                                "{\"project\":\"1.1700000000\",\"schema\":\"" + SET_UP
                                        + "\",\"hostname\":\"http://ls\",\"access_token\":\"x\",\"extra_params\":null}")
                        .get("model_version")
                        .textValue())
                .isEqualTo("first:1");
        JsonNode json = posted("/labelstudio/predict", predict("/data/upload/1/a.png", SET_UP, "null"));
        assertThat(seen).containsExactly("/data/upload/1/a.png Token secret-token");
        JsonNode region = json.at("/results/0/result/0");
        assertThat(json.at("/results/0/result")).hasSize(1);
        assertThat(region.get("from_name").textValue()).isEqualTo("box");
        assertThat(region.get("to_name").textValue()).isEqualTo("img");
        assertThat(region.get("type").textValue()).isEqualTo("rectanglelabels");
        assertThat(region.get("original_width").intValue()).isEqualTo(40);
        assertThat(region.get("value").toString())
                .isEqualTo(
                        "{\"x\":0.0,\"y\":25.0,\"width\":50.0,\"height\":75.0,\"rotation\":0,\"rectanglelabels\":[\"cat\"]}");
    }

    @Test
    void what_a_person_types_in_label_studio_is_looked_for() {
        JsonNode json = posted(
                "/labelstudio/predict",
                predict(
                        "data:image/png;base64," + PNG,
                        SET_UP.replace("RectangleLabels", "PolygonLabels"),
                        "{\"result\":[{\"type\":\"textarea\",\"value\":{\"text\":[\"two\"]}}]}"));
        assertThat(json.at("/results/0/result")).hasSize(2);
        assertThat(json.at("/results/0/result/1/type").textValue()).isEqualTo("polygonlabels");
        assertThat(json.at("/results/0/result/1/value/polygonlabels/0").textValue())
                .isEqualTo("cat");
    }

    @Test
    void a_set_up_with_a_document_type_is_refused() {
        String hostile = "<!DOCTYPE View [<!ENTITY x SYSTEM \\\"file:///etc/passwd\\\">]><View>&x;</View>";
        assertThat(server.post("/labelstudio/predict", predict("a", hostile, "null"))
                        .status())
                .isEqualTo(400);
    }

    @Test
    void only_the_servers_that_were_named_are_asked_on_every_hop() {
        for (String address : List.of(
                "http://127.0.0.2:1/a.png",
                "http://169.254.169.254/latest/meta-data",
                "file:///etc/passwd",
                "ftp://127.0.0.1/a",
                origin().replace("http", "https") + "/a.png",
                origin().replace("http://", "http://user@") + "/a.png",
                "http://127.0.0.1.nip.example:" + elsewhere.getAddress().getPort() + "/a.png",
                "//127.0.0.2/a.png")) {
            Answer answer = server.post("/labelstudio/predict", predict(address, SET_UP, "null"));
            assertThat(answer.status()).as(address + answer.text()).isIn(400, 403);
        }
        assertThat(seen).isEmpty();
        Answer away = server.post("/labelstudio/predict", predict(origin() + "/away.png", SET_UP, "null"));
        assertThat(away.status()).isEqualTo(403);
        assertThat(server.post("/labelstudio/predict", predict("/round.png", SET_UP, "null"))
                        .status())
                .isEqualTo(400);
        assertThat(server.post("/labelstudio/predict", predict("/gone.png", SET_UP, "null"))
                        .status())
                .isEqualTo(400);
        assertThat(server.post("/labelstudio/predict", predict("/big.png", SET_UP, "null"))
                        .status())
                .isEqualTo(413);
        assertThat(server.post(
                                "/v1/ground",
                                "{\"image\":{\"url\":\"" + origin() + "/data/upload/1/a.png\"},\"instruction\":\"a\"}")
                        .status())
                .isEqualTo(200);
    }

    /** qupath-extension-sam 0.7, SAMPromptParameters. */
    @Test
    void qupath_outlines_what_is_in_a_box_or_at_a_point() {
        assertThat(server.get("/sam/version/").text()).isEqualTo("0.7.0");
        assertThat(server.get("/sam/weights/?type=vit_h").json().toString())
                .isEqualTo("[{\"type\":\"vit_h\",\"name\":\"first\",\"url\":\"first\"}]");
        JsonNode box = posted(
                "/sam/",
                "{\"type\":\"vit_h\",\"bbox\":[1,2,30,18],\"b64img\":\"" + PNG
                        + "\",\"multimask_output\":false,\"checkpoint_url\":\"x\"}");
        assertThat(box).hasSize(1);
        assertThat(box.at("/0/type").textValue()).isEqualTo("Feature");
        assertThat(box.at("/0/geometry").toString())
                .isEqualTo(
                        "{\"type\":\"Polygon\",\"coordinates\":[[[0.0,5.0],[20.0,5.0],[20.0,20.0],[0.0,20.0],[0.0,5.0]]]}");
        assertThat(box.at("/0/properties").toString())
                .isEqualTo("{\"object_idx\":0,\"label\":\"segment #1\",\"quality\":0.91,\"sam_model\":\"vit_h\"}");
        JsonNode points = posted(
                "/sam/",
                "{\"type\":\"vit_h\",\"b64img\":\"" + PNG
                        + "\",\"point_coords\":[[1,1],[5,6]],\"point_labels\":[0,1],\"multimask_output\":false}");
        assertThat(points).hasSize(1);
        assertThat(server.post("/sam/", "{\"type\":\"vit_h\",\"b64img\":\"" + PNG + "\"}")
                        .status())
                .isEqualTo(400);
    }

    /** qupath-extension-sam 0.8, SAM3PromptParameters. */
    @Test
    void qupath_finds_what_words_say() {
        JsonNode json = posted(
                "/sam/sam3",
                "{\"type\":\"sam3\",\"b64img\":\"" + PNG
                        + "\",\"text_prompt\":\"two\",\"positive_bboxes\":[],\"negative_bboxes\":[],"
                        + "\"reset_prompts\":true,\"confidence_threshold\":0.4}");
        assertThat(json).hasSize(2);
        assertThat(json.at("/1/properties/object_idx").intValue()).isEqualTo(1);
        assertThat(posted(
                        "/sam/sam3/", "{\"type\":\"sam3\",\"b64img\":\"" + PNG + "\",\"positive_bboxes\":[[1,1,5,5]]}"))
                .hasSize(1);
        assertThat(posted("/sam/automask/", "{\"type\":\"vit_h\",\"b64img\":\"" + PNG + "\",\"points_per_side\":16}"))
                .hasSize(1);
    }
}
