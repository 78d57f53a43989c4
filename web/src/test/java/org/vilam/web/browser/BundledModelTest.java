package org.vilam.web.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.Color;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.data.Offset;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vilam.assistant.library.ModelLibrary;
import org.vilam.web.model.LibraryCatalogue;
import org.vilam.web.server.Server;
import org.vilam.web.server.ServerConfig;

/**
 * The page over the real server and the bundled model. What the model finds is its own affair, and another model may take its
 * place: what the server says it found has to be on the screen, in the dialogue, and in the store.
 */
@NullUnmarked // JUnit fills the fields
final class BundledModelTest extends BrowserCase {
    private static final CannedPicture SHAPES = CannedPicture.SHAPES;

    /** Easy questions about {@link #SHAPES}: a model that finds nothing with any of them is not to be bundled. */
    private static final List<String> EASY =
            List.of("find the purple ring", "find the red rectangle", "find the red square", "find all objects");

    private static Server real;

    @BeforeAll
    static void serve(@TempDir Path home) {
        ModelLibrary library = new ModelLibrary(home.resolve("cache"), List.of());
        real = Server.start(ServerConfig.local(home).withPort(0), new LibraryCatalogue(library, null));
        real.awaitModel();
    }

    @AfterAll
    static void end_of_serving() {
        real.close();
    }

    @BeforeEach
    void openReal() {
        page.open("http://127.0.0.1:" + real.port() + "/");
        page.await("the model", () -> page.count(".model-line .lamp") == 1 && page.count(".lamp.waiting") == 0);
    }

    private void dropShapes() throws IOException {
        page.drop(400, 300, file(SHAPES, "four shapes.png"));
        awaitPicture();
    }

    /** The newest session as the server has it. */
    private JsonNode session() {
        return page.eval("fetch('/v1/sessions').then(r => r.json())"
                + ".then(all => fetch('/v1/sessions/' + all.sessions[0].id)).then(r => r.json())");
    }

    private JsonNode lastTurn() {
        JsonNode turns = session().path("turns");
        return turns.get(turns.size() - 1);
    }

    private void box(double x1, double y1, double x2, double y2) {
        page.eval("document.querySelector('#stage-surface').focus()");
        page.press("b");
        drag(SHAPES, x1, y1, x2, y2);
        page.awaitElement(".region-chip");
    }

    @Test
    void the_banner_says_what_answers_and_what_it_knows() {
        assertThat(page.text("#model-banner")).contains("ViLaM mini", "CPU", "Trained on ");
    }

    @Test
    void what_is_found_in_a_dropped_picture_is_drawn_where_the_server_says() throws IOException {
        boolean found = false;
        for (int i = 0; i < EASY.size() && !found; i++) {
            String question = EASY.get(i);
            openReal(); // anew: later objects of a conversation have other colours
            dropShapes();
            ask(question);
            JsonNode result = lastTurn().path("result");
            assertThat(page.text(".turn:last-child .answer-text")).isNotBlank();
            assertThat(result.path("instruction").asText()).isEqualTo(question);
            JsonNode objects = result.path("objects");
            if (objects.size() != 1) {
                continue;
            }
            found = true;
            JsonNode box = objects.get(0).path("box");
            Rectangle drawn = extent(page.screenshot(), FIRST);
            double[] from = at(SHAPES, box.get(0).asDouble(), box.get(1).asDouble());
            double[] to = at(SHAPES, box.get(2).asDouble(), box.get(3).asDouble());
            assertThat(drawn.x).as(question).isCloseTo((int) from[0], Offset.offset(3));
            assertThat((double) drawn.x + drawn.width).as(question).isCloseTo(to[0], Offset.offset(3.0));
            assertThat((double) drawn.y + drawn.height).as(question).isCloseTo(to[1], Offset.offset(3.0));
        }
        assertThat(found).as("one object found by one of " + EASY).isTrue();
        page.saveScreenshot(Path.of("target", "screenshots", "dropped.png"));
    }

    @Test
    void a_region_is_described_asked_about_again_put_right_and_taken_back() throws IOException {
        dropShapes();
        box(350, 50, 550, 250);
        page.click(".idea:nth-child(1)");
        page.await("a description", () -> page.count(".answer-head") == 1);
        JsonNode described = lastTurn();
        assertThat(described.at("/result/task").asText()).isEqualTo("describe");
        assertThat(page.text(".answer-text"))
                .isEqualTo(described.at("/result/answer").asText());
        JsonNode place = described.at("/result/objects/0/box");
        assertThat(place.get(0).asDouble()).isCloseTo(350, Offset.offset(2.0));
        assertThat(place.get(3).asDouble()).isCloseTo(250, Offset.offset(2.0));

        ask("segment it"); // the second turn means the object of the first
        JsonNode turns = session().path("turns");
        assertThat(turns).hasSize(2);
        assertThat(turns.get(1).at("/result/task").asText()).isEqualTo("polygon");
        JsonNode again = turns.get(1).at("/result/objects/0");
        assertThat(again.path("id").asText())
                .isEqualTo(described.at("/result/objects/0/id").asText());
        page.saveScreenshot(Path.of("target", "screenshots", "region.png"));

        page.click("#tab-objects");
        page.click("[data-focus^='name-o:']");
        page.awaitElement(".rename");
        page.type("a ring");
        page.press("Enter");
        page.await("the name in the store", () -> lastTurn().path("corrections").size() == 1);
        assertThat(lastTurn().at("/result/objects/0/label").asText()).isEqualTo("a ring");
        page.click("#undo");
        page.await(
                "the correction taken back",
                () -> lastTurn().path("corrections").isMissingNode());
        assertThat(lastTurn().at("/result/objects/0/label").asText())
                .isEqualTo(again.path("label").asText());
    }

    @Test
    void everything_is_done_by_keys_alone_in_the_dark() {
        page.prefer("dark");
        page.awaitElement(".gallery-card img");
        for (int i = 0;
                i < 60
                        && !page.eval("document.activeElement.classList.contains('gallery-card')")
                                .asBoolean();
                i++) {
            page.press("Tab");
        }
        page.press("Enter");
        awaitPicture();
        page.type("find the green heart");
        page.press("Enter");
        page.await("the answer", () -> page.count(".answer-head") == 1);
        assertThat(lastTurn().at("/result/instruction").asText()).isEqualTo("find the green heart");
        page.press("F6");
        page.press("b");
        page.press("ArrowUp"); // shows the pen in the middle
        page.press("Enter");
        page.press("ArrowDown", Keys.SHIFT);
        page.press("ArrowRight", Keys.SHIFT);
        page.press("ArrowRight", Keys.SHIFT);
        page.press("Enter");
        page.awaitElement(".region-chip");
        page.type(" what is it?");
        page.press("Enter");
        page.await("the second answer", () -> page.count(".answer-head") == 2);
        assertThat(lastTurn().at("/request/regions/0/box")).hasSize(4);
        BufferedImage shot = page.screenshot();
        Color corner = new Color(shot.getRGB(600, 10)); // the bar at the top
        assertThat(corner.getGreen()).isLessThan(60);
        page.saveScreenshot(Path.of("target", "screenshots", "dark.png"));
    }
}
