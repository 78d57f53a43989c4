package org.vilam.web.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vilam.web.format.ExportFormats;
import org.vilam.web.server.RunningServer.Answer;

/** The document says what the server does: the same addresses, the same answers, and examples that work. */
class OpenApiTest {
    /** What is for browsers alone. */
    private static final Set<String> PAGES = Set.of("GET /docs", "GET /docs/start.js");

    @TempDir
    static Path home = Path.of("");

    private static RunningServer server;
    private static JsonNode document;

    @BeforeAll
    static void start() {
        server = new RunningServer(home);
        document = server.get("/openapi.json").json();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void it_describes_every_address_and_no_other() {
        Set<String> described = new TreeSet<>();
        document.get("paths")
                .properties()
                .forEach(path -> path.getValue().fieldNames().forEachRemaining(method -> {
                    if (!method.equals("parameters")) {
                        described.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey());
                    }
                }));
        Set<String> served = new TreeSet<>(server.routes());
        served.removeAll(PAGES);
        assertThat(described).isEqualTo(served);
    }

    @Test
    void every_reference_in_it_leads_somewhere() {
        Schema schema = new Schema(document);
        assertThat(document.findValuesAsText("$ref")).isNotEmpty().allSatisfy(reference -> {
            assertThat(document.at(reference.substring(1)).isMissingNode())
                    .as(reference)
                    .isFalse();
            assertThat(schema.resolved(document.at(reference.substring(1))).isObject())
                    .isTrue();
        });
    }

    @Test
    void the_export_formats_are_those_there_are() {
        List<String> described = new ArrayList<>();
        document.at("/components/parameters/format/schema/enum").forEach(name -> described.add(name.textValue()));
        List<String> formats = new ArrayList<>(List.of("native"));
        formats.addAll(ExportFormats.names());
        assertThat(described).isEqualTo(formats);
    }

    private static void fits(Answer answer, String method, String path) {
        JsonNode response =
                document.get("paths").get(path).get(method).get("responses").get(Integer.toString(answer.status()));
        assertThat(response)
                .as(method + " " + path + " answers " + answer.status() + " " + answer.text())
                .isNotNull();
        Schema schema = new Schema(document);
        String type = answer.header("Content-Type").replaceFirst(";.*", "");
        JsonNode content = schema.resolved(response).path("content").path(type);
        assertThat(content.isMissingNode()).as(path + " answers " + type).isFalse();
        assertThat(schema.complaints(answer.json(), content.get("schema")))
                .as(method + " " + path)
                .isEmpty();
    }

    @Test
    void every_example_of_a_request_is_answered_as_described() {
        int tried = 0;
        for (var path : document.get("paths").properties()) {
            JsonNode examples = path.getValue().at("/post/requestBody/content/application~1json/examples");
            for (var example : examples.properties()) {
                Answer answer = server.post(
                        path.getKey(), example.getValue().get("value").toString());
                assertThat(answer.status())
                        .as(path.getKey() + " " + answer.text())
                        .isLessThan(300);
                fits(answer, "post", path.getKey());
                tried++;
            }
        }
        assertThat(tried).isGreaterThanOrEqualTo(5);
    }

    @Test
    void answers_have_the_form_that_it_says() throws InterruptedException {
        while (server.get("/health/ready").status() != 200) {
            Thread.sleep(10);
        }
        for (String path :
                List.of("/v1/models", "/v1/status", "/v1/gallery", "/health/live", "/health/ready", "/openapi.json")) {
            fits(server.get(path), "get", path);
        }
        fits(server.get("/v1/models/first"), "get", "/v1/models/{id}");
        fits(server.get("/v1/models/nobody"), "get", "/v1/models/{id}");
        String image = server.image(20, 10);
        Answer created = server.post("/v1/sessions", "{\"image\":{\"id\":\"" + image + "\"}}");
        fits(created, "post", "/v1/sessions");
        String session = created.header("Location");
        fits(
                server.post(session + "/turns", "{\"instruction\":\"two\",\"options\":{\"mask\":\"rle\"}}"),
                "post",
                "/v1/sessions/{id}/turns");
        fits(server.post(session + "/turns", "{\"instruction\":\"which\"}"), "post", "/v1/sessions/{id}/turns");
        fits(
                server.patch(session + "/turns/1/objects/o1", "{\"label\":\"cat\"}"),
                "patch",
                "/v1/sessions/{id}/turns/{turn}/objects/{object}");
        fits(server.get(session + "/turns/1"), "get", "/v1/sessions/{id}/turns/{turn}");
        fits(
                server.delete(session + "/turns/1/corrections/last"),
                "delete",
                "/v1/sessions/{id}/turns/{turn}/corrections/last");
        fits(
                server.delete(session + "/turns/1/corrections/last"),
                "delete",
                "/v1/sessions/{id}/turns/{turn}/corrections/last");
        fits(server.get(session), "get", "/v1/sessions/{id}");
        fits(server.get("/v1/sessions"), "get", "/v1/sessions");
        fits(server.get("/v1/jobs"), "get", "/v1/jobs");
        fits(server.get("/v1/images/" + "0".repeat(64)), "get", "/v1/images/{id}");
    }

    @Test
    void it_can_be_browsed_without_another_machine() {
        String page = server.get("/docs").text();
        assertThat(page).doesNotContain("http://").doesNotContain("https://").doesNotContain("<script>");
        for (String path :
                List.of("/docs/swagger-ui/swagger-ui.css", "/docs/swagger-ui/swagger-ui-bundle.js", "/docs/start.js")) {
            assertThat(page).contains(path);
            assertThat(server.get(path).status()).as(path).isEqualTo(200);
        }
    }

    @Test
    void the_page_of_the_assistant_is_at_the_root() {
        Answer page = server.get("/");
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.header("Content-Type")).startsWith("text/html");
        assertThat(page.header("Content-Security-Policy")).contains("default-src 'self'");
        assertThat(page.header("Cache-Control")).isEqualTo("no-cache");
        assertThat(server.get("/js/main.js").header("Content-Type")).contains("javascript");
        assertThat(server.get("/../logback.xml").status()).isIn(400, 404);
        assertThat(server.get("/logback.xml").status()).isEqualTo(404);
    }
}
