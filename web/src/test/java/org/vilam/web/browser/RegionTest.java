package org.vilam.web.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Places that a person marks and asks about. */
final class RegionTest extends BrowserCase {
    private static final CannedPicture SHAPES = CannedPicture.SHAPES;
    private static final Offset<Double> PIXEL = Offset.offset(1.5);

    @BeforeEach
    void openShapes() {
        openFromGallery(0);
    }

    @Test
    void a_box_becomes_a_chip_and_is_described() {
        tool("b");
        drag(SHAPES, 350, 50, 550, 250);
        page.awaitElement(".region-chip");
        assertThat(page.eval("document.querySelector('#question').value").asText())
                .isEqualTo("#1");
        page.click(".idea:nth-child(1)");
        page.awaitText(".answer-text", "#1 is the purple ring.");
        assertThat(lastQuestion().path("instruction").asText()).isEqualTo("Describe #1");
        JsonNode box = lastQuestion().at("/regions/0/box");
        double[] drawn = {350, 50, 550, 250};
        for (int i = 0; i < 4; i++) {
            assertThat(box.path(i).asDouble()).isCloseTo(drawn[i], PIXEL);
        }
        // It now belongs to its turn: the next question starts without it.
        assertThat(page.count(".region-chip")).isZero();
        assertThat(page.text(".question .token")).isEqualTo("#1");
    }

    @Test
    void two_clicks_make_a_box_too() {
        tool("b");
        click(SHAPES, 80, 120);
        move(SHAPES, 200, 200);
        click(SHAPES, 240, 300);
        page.awaitElement(".region-chip");
    }

    @Test
    void a_point_is_asked_about() {
        tool("p");
        click(SHAPES, 160, 200);
        page.awaitElement(".region-chip");
        page.type(" what is it?");
        page.press("Enter");
        page.awaitText(".answer-text", "#1 is the red rectangle on the left.");
        assertThat(lastQuestion().at("/regions/0/point/0").asDouble()).isCloseTo(160, PIXEL);
        assertThat(lastQuestion().at("/regions/0/point/1").asDouble()).isCloseTo(200, PIXEL);
    }

    @Test
    void an_outline_is_clicked_corner_by_corner_and_closed_at_its_first() {
        tool("l");
        click(SHAPES, 470, 320);
        click(SHAPES, 590, 320);
        click(SHAPES, 590, 440);
        click(SHAPES, 470, 440);
        click(SHAPES, 470, 320);
        page.awaitElement(".region-chip");
        page.click(".idea:nth-child(2)");
        page.awaitText(".answer-text", "#1 is the right green triangle.");
        assertThat(lastQuestion().at("/regions/0/polygon")).hasSize(4);
        assertThat(lastQuestion().at("/regions/0/polygon/2/1").asDouble()).isCloseTo(440, PIXEL);
    }

    @Test
    void a_removed_region_takes_its_token_along_and_the_others_move_up() {
        tool("p");
        click(SHAPES, 160, 200);
        page.awaitElement(".region-chip:nth-child(1)");
        page.press("Escape");
        tool("p");
        click(SHAPES, 350, 400);
        page.awaitElement(".region-chip:nth-child(2)");
        assertThat(question()).isEqualTo("#1 #2");
        page.click(".region-chip:nth-child(1) .region-chip-remove");
        page.await("one region", () -> page.count(".region-chip") == 1);
        assertThat(question()).isEqualTo("#1");
        page.click("#undo");
        page.await("two regions", () -> page.count(".region-chip") == 2);
        assertThat(question()).contains("#1").contains("#2");
        ask(" which?");
        assertThat(lastQuestion().path("regions")).hasSize(2);
        assertThat(lastQuestion().at("/regions/0/point/0").asDouble()).isCloseTo(160, PIXEL);
    }

    @Test
    void an_own_region_can_be_moved_before_it_is_asked_about() {
        tool("b");
        drag(SHAPES, 100, 100, 200, 200);
        page.awaitElement(".region-chip");
        click(SHAPES, 150, 150);
        drag(SHAPES, 150, 150, 450, 150);
        page.click("#question");
        ask(" what is it?");
        assertThat(lastQuestion().at("/regions/0/box/0").asDouble()).isCloseTo(400, Offset.offset(3.0));
        assertThat(page.text(".answer-text")).contains("the purple ring");
    }

    @Test
    void an_object_of_an_answer_is_asked_about_by_its_name() {
        ask("all triangles");
        click(SHAPES, 530, 400);
        page.press("a");
        page.awaitElement(".region-chip");
        page.type(" what is it?");
        page.press("Enter");
        page.await("the answer", () -> page.count(".answer-head") == 2);
        assertThat(lastQuestion().path("regions").toString()).isEqualTo("[{\"object\":\"o4\"}]");
    }

    private String question() {
        return page.eval("document.querySelector('#question').value").asText();
    }

    private void tool(String key) {
        page.eval("document.querySelector('#stage-surface').focus()");
        page.press(key);
    }
}
