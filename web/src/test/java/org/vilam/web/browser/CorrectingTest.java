package org.vilam.web.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.Rectangle;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Results put right by hand: sent as corrections, shown at once, taken back. */
final class CorrectingTest extends BrowserCase {
    private static final CannedPicture SHAPES = CannedPicture.SHAPES;
    private static final Offset<Double> PIXELS = Offset.offset(2.0);
    private static final Offset<Integer> LINE = Offset.offset(2);

    @BeforeEach
    void openShapes() {
        openFromGallery(0);
    }

    @Test
    void a_box_is_moved_and_moved_back_and_moved_again() {
        ask("the red rectangle");
        Rectangle before = extent(page.screenshot(), FIRST);
        page.click("[data-focus=fix]");
        drag(SHAPES, 160, 210, 200, 250);
        JsonNode box = patches(1).get(0).body().path("box");
        double[] moved = {120, 160, 280, 340};
        for (int i = 0; i < 4; i++) {
            assertThat(box.path(i).asDouble()).isCloseTo(moved[i], PIXELS);
        }
        assertThat(patches(1).get(0).path()).isEqualTo("/v1/sessions/s1/turns/1/objects/o1");
        page.press("Enter");
        Rectangle after = extent(page.screenshot(), FIRST);
        assertThat(after.x - before.x).isGreaterThan(30);

        page.press("z", Keys.CTRL);
        page.await(
                "the undoing", () -> server.asked("DELETE", "/corrections/last").size() == 1);
        assertThat(extent(page.screenshot(), FIRST).x).isCloseTo(before.x, LINE);

        page.press("z", Keys.CTRL | Keys.SHIFT);
        assertThat(patches(2).get(1).body()).isEqualTo(patches(2).get(0).body());
        assertThat(extent(page.screenshot(), FIRST).x).isCloseTo(after.x, LINE);
    }

    @Test
    void a_corner_is_pulled() {
        ask("the red rectangle");
        page.click("[data-focus=fix]");
        drag(SHAPES, 240, 300, 300, 320);
        JsonNode box = patches(1).get(0).body().path("box");
        assertThat(box.path(0).asDouble()).isEqualTo(80);
        assertThat(box.path(1).asDouble()).isEqualTo(120);
        assertThat(box.path(2).asDouble()).isCloseTo(300, PIXELS);
        assertThat(box.path(3).asDouble()).isCloseTo(320, PIXELS);
    }

    @Test
    void a_vertex_of_an_outline_is_pulled_and_another_put_in() {
        ask("segment the red rectangle");
        page.click("[data-focus=fix]");
        drag(SHAPES, 240, 120, 270, 90);
        JsonNode ring = patches(1).get(0).body().at("/polygons/0/exterior");
        assertThat(ring).hasSize(4);
        assertThat(ring.toString()).contains("[80,120]").contains("[80,300]").contains("[240,300]");
        drag(SHAPES, 80, 210, 50, 210);
        assertThat(patches(2).get(1).body().at("/polygons/0/exterior")).hasSize(5);
    }

    @Test
    void an_object_is_renamed_whatever_the_name_is() {
        ask("the red rectangle");
        page.click("#tab-objects");
        page.click("[data-focus='name-o:o1']");
        page.awaitElement(".rename");
        String name = "<img src=x onerror=alert(1)>";
        page.type(name);
        page.press("Enter");
        page.await("the name", () -> page.text(".object-name").equals(name));
        assertThat(patches(1).get(0).body().path("label").asText()).isEqualTo(name);
        page.click("#tab-chat");
        assertThat(page.text(".found-name")).startsWith(name);
        assertThat(page.count("#objects img, #chat img")).isZero();
    }

    @Test
    void a_deleted_object_is_brought_back() {
        ask("all triangles");
        page.click("#tab-objects");
        page.click("[data-focus='trash-o:o3']");
        page.await("one object", () -> page.count(".object") == 1);
        assertThat(patches(1).get(0).body().toString()).isEqualTo("{\"deleted\":true}");
        page.click(".toast .link-button");
        page.await("two objects", () -> page.count(".object") == 2);
        page.await(
                "the server's undoing",
                () -> server.asked("DELETE", "/corrections/last").size() == 1);
    }

    @Test
    void a_hidden_object_is_not_drawn() {
        ask("the red rectangle");
        page.click("#tab-objects");
        page.click("[data-focus='eye-o:o1']");
        page.awaitElement(".object-hidden");
        assertThat(extent(page.screenshot(), FIRST).isEmpty()).isTrue();
        page.click("[data-focus='eye-o:o1']");
        assertThat(extent(page.screenshot(), FIRST).isEmpty()).isFalse();
    }

    @Test
    void a_correction_that_the_server_refuses_is_taken_off_the_screen_again() {
        expectComplaint("400");
        ask("the red rectangle");
        page.click("#tab-objects");
        page.click("[data-focus='name-o:o1']");
        page.awaitElement(".rename");
        page.type("forbidden");
        page.press("Enter");
        page.awaitText(".toast-bad", "label: it is forbidden");
        page.await("the old name", () -> page.text(".object-name").equals("red rectangle"));
        assertThat(page.eval("document.querySelector('#undo').disabled").asBoolean())
                .isTrue();
    }

    @Test
    void an_object_that_was_missed_is_added() {
        ask("the red rectangle");
        page.press("F6");
        page.press("b");
        drag(SHAPES, 360, 60, 540, 240);
        page.awaitElement(".region-chip");
        page.click(".idea:last-child");
        page.awaitElement(".rename");
        patches(1);
        Chromium.pause(300); // the server's answer does not close the field
        page.type("ring");
        page.press("Enter");
        page.await(
                "the name",
                () -> page.text(".object-list li:nth-child(2) .object-name").equals("ring"));
        List<CannedServer.Asked> patches = patches(2);
        assertThat(patches.get(0).path()).matches(".*/objects/u-[a-z0-9]+");
        assertThat(patches.get(0).body().path("box")).hasSize(4);
        assertThat(patches.get(1).body().toString()).isEqualTo("{\"label\":\"ring\"}");
        assertThat(page.count(".region-chip")).isZero();
    }

    @Test
    void a_near_miss_is_made_an_object() {
        ask("find the zebra");
        page.click("[data-focus=near]");
        page.click("#tab-objects");
        page.click("[data-focus='accept-o:o1']");
        assertThat(patches(1).get(0).body().toString()).isEqualTo("{\"label\":\"red rectangle\"}");
        page.awaitText(".objects-head", "1 object");
    }

    @Test
    void the_least_score_hides_what_is_below() {
        ask("all triangles");
        page.click("#tab-objects");
        page.eval("(() => { const s = document.querySelector('.least input'); s.value = '0.75';"
                + " s.dispatchEvent(new Event('input')); })()");
        page.await("one object", () -> page.count(".object") == 1);
        assertThat(page.text(".objects-head")).contains("1 below");
    }

    /** The corrections that have reached the server, once there are so many. */
    private List<CannedServer.Asked> patches(int count) {
        page.await(count + " corrections", () -> corrections().size() >= count);
        assertThat(corrections()).hasSize(count);
        return corrections();
    }

    private List<CannedServer.Asked> corrections() {
        return server.asked("PATCH", "");
    }
}
