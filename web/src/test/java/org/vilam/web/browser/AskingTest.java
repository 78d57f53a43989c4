package org.vilam.web.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** From a picture to an answer drawn on it. */
final class AskingTest extends BrowserCase {
    private static final CannedPicture SHAPES = CannedPicture.SHAPES;
    private static final Offset<Integer> LINE = Offset.offset(4);

    @Test
    void a_dropped_picture_is_asked_about_and_the_answer_is_drawn_where_the_object_is() throws IOException {
        page.drop(400, 300, file(SHAPES, "four shapes.png"));
        awaitPicture();
        assertThat(page.text("#picture-title")).isEqualTo("four shapes.png");
        Rectangle red = extent(page.screenshot(), CannedPicture.RED);
        assertThat(red.width).isGreaterThan(100);
        assertThat(extent(page.screenshot(), FIRST).isEmpty()).isTrue();

        ask("the red rectangle");

        Rectangle box = extent(page.screenshot(), FIRST);
        // The tag stands on the box's upper edge: left, right and lower edge are the outline's alone.
        assertThat(box.x).isCloseTo(red.x, LINE);
        assertThat(box.x + box.width).isCloseTo(red.x + red.width, LINE);
        assertThat(box.y + box.height).isCloseTo(red.y + red.height, LINE);
        assertThat(box.y).isBetween(red.y - 30, red.y + 2);
        assertThat(page.text(".answer-text")).isEqualTo("The red rectangle is here.");
        assertThat(lastQuestion().toString()).isEqualTo("{\"instruction\":\"the red rectangle\"}");
        assertThat(server.asked("POST", "/v1/sessions")
                        .get(0)
                        .body()
                        .at("/image/id")
                        .asText())
                .isEqualTo(SHAPES.id());
    }

    @Test
    void a_pasted_picture_is_opened() {
        String base64 = Base64.getEncoder().encodeToString(SHAPES.png());
        page.eval(
                "(() => { const bytes = Uint8Array.from(atob('" + base64 + "'), c => c.charCodeAt(0));"
                        + " const data = new DataTransfer(); data.items.add(new File([bytes], 'image.png', {type: 'image/png'}));"
                        + " document.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true})); })()");
        awaitPicture();
        assertThat(page.text("#statusbar")).contains("640 × 480");
    }

    @Test
    void an_outline_with_a_hole_leaves_the_hole_as_it_is() {
        openFromGallery(0);
        BufferedImage before = page.screenshot();
        ask("segment the ring");
        BufferedImage after = page.screenshot();
        assertThat(pixel(after, SHAPES, 450, 150)).isEqualTo(pixel(before, SHAPES, 450, 150));
        Color plain = pixel(before, SHAPES, 382, 150);
        Color tinted = pixel(after, SHAPES, 382, 150);
        assertThat(tinted.getRed()).isGreaterThan(plain.getRed() + 10);
        assertThat(tinted.getBlue()).isLessThan(plain.getBlue() - 10);
    }

    @Test
    void keypoints_are_joined_to_a_skeleton() {
        openFromGallery(1);
        ask("the pose of the person");
        BufferedImage shot = page.screenshot();
        // Between the left hip (270, 350) and the left knee (275, 460), and between the left elbow and wrist.
        assertThat(pixel(shot, CannedPicture.PERSON, 272.5, 405)).matches(c -> near(c, FIRST, 30));
        assertThat(pixel(shot, CannedPicture.PERSON, 325, 307.5)).matches(c -> near(c, FIRST, 30));
        // The left ear is absent: nothing leads from it to the left shoulder.
        assertThat(pixel(shot, CannedPicture.PERSON, 277, 148)).matches(c -> !near(c, FIRST, 60));
        move(CannedPicture.PERSON, 150, 345);
        page.awaitText("#statusbar", "right wrist 0.90, covered");
        page.click("#tab-objects");
        page.click(".points summary");
        assertThat(page.text(".points"))
                .contains("16 points", "left knee 0.90", "275, 460")
                .doesNotContain("left ear");
    }

    @Test
    void a_phrase_and_its_region_light_each_other() {
        openFromGallery(0);
        ask("all triangles");
        assertThat(extent(page.screenshot(), SECOND).isEmpty()).isFalse();
        page.hover(".found-list li:nth-child(1) .found");
        // The other one steps back: its outline is pale now.
        BufferedImage hovered = page.screenshot();
        assertThat(extent(hovered, FIRST).isEmpty()).isFalse();
        assertThat(extent(hovered, SECOND).isEmpty()).isTrue();

        move(SHAPES, 530, 400);
        page.awaitElement(".found-list li:nth-child(2) .found.lit");
        page.awaitElement(".phrase.lit");
        assertThat(page.count(".found-list li:nth-child(1) .found.lit")).isZero();
        move(SHAPES, 20, 20);
        page.await("nothing lit", () -> page.count(".lit") == 0);
    }

    @Test
    void a_second_question_goes_to_the_same_conversation_and_a_thing_keeps_its_colour() {
        openFromGallery(0);
        ask("the triangle");
        ask("1");
        ask("segment it");
        assertThat(server.asked("POST", "/v1/sessions")).hasSize(1);
        assertThat(server.asked("POST", "/turns")).hasSize(3);
        // The left triangle was the first of two candidates; its outline now has the colour it had then.
        assertThat(extent(page.screenshot(), FIRST).isEmpty()).isFalse();
        assertThat(extent(page.screenshot(), SECOND).isEmpty()).isTrue();
        assertThat(page.count(".turn.shown")).isEqualTo(1);

        page.click("[data-turn=turn-1] [data-focus=show]");
        page.awaitElement("[data-turn=turn-1].shown");
        assertThat(extent(page.screenshot(), SECOND).isEmpty()).isFalse();
    }

    @Test
    void a_chip_asks_for_a_kind_of_answer_once() {
        openFromGallery(0);
        page.click("[data-task=polygon]");
        ask("the red rectangle");
        assertThat(lastQuestion().path("task").asText()).isEqualTo("polygon");
        assertThat(page.text(".answer-kind")).contains("as you asked");
        ask("the ring");
        assertThat(lastQuestion().has("task")).isFalse();
    }

    @Test
    void the_kind_that_was_understood_can_be_changed() {
        openFromGallery(0);
        ask("the red rectangle");
        page.eval("(() => { const s = document.querySelector('.answer-task'); s.value = 'polygon';"
                + " s.dispatchEvent(new Event('change')); })()");
        page.await("a second answer", () -> page.count(".answer-head") == 2);
        assertThat(lastQuestion().path("instruction").asText()).isEqualTo("the red rectangle");
        assertThat(lastQuestion().path("task").asText()).isEqualTo("polygon");
    }

    @Test
    void options_are_sent_with_the_question() {
        openFromGallery(0);
        page.click(".composer-field .icon-button");
        page.click(".settings input[type=checkbox]");
        page.click(".settings input[type=number]");
        page.type("0.25");
        page.press("Escape");
        ask("the red rectangle");
        assertThat(lastQuestion().path("options").toString()).isEqualTo("{\"verify\":\"cycle\",\"min_score\":0.25}");
    }

    @Test
    void waiting_has_words_and_can_be_given_up() {
        openFromGallery(0);
        page.click("#question");
        page.type("a slow question");
        page.press("Enter");
        page.awaitText(".stage-words", "Looking for it in the picture");
        page.await(
                "some progress",
                () -> page.eval("document.querySelector('.turn progress').value")
                                .asDouble()
                        > 0.3);
        page.awaitText(".elapsed", " s");
        page.click("[data-focus=cancel]");
        page.awaitText(".turn", "Cancelled");
        page.await("the server's hearing of it", server::wasCancelled);
        // And one can go on.
        ask("the ring");
    }

    @Test
    void a_refusal_says_what_is_wrong_and_what_to_do_and_can_be_tried_again() {
        expectComplaint("503");
        openFromGallery(0);
        page.click("#question");
        page.type("break something");
        page.press("Enter");
        page.awaitElement(".problem");
        assertThat(page.text(".problem"))
                .contains("Busy", "all places are taken", "Ask again in a moment.", "request req-7");
        page.click(".problem .link-button");
        page.await("a second try", () -> server.asked("POST", "/turns").size() == 2);
    }

    @Test
    void a_file_that_is_no_picture_is_refused_before_anything_is_opened() throws IOException {
        expectComplaint("415");
        Path file = Files.writeString(folder.resolve("notes.png"), "these are only words");
        page.drop(400, 300, file);
        page.awaitText(".start-trouble", "not a picture that this server reads");
        assertThat(page.text(".start-trouble")).contains("Send JPEG, PNG");
    }

    @Test
    void nothing_found_is_an_answer_and_the_nearest_can_be_seen() {
        openFromGallery(0);
        ask("find the zebra");
        assertThat(page.text(".answer"))
                .contains("I see nothing like that", "Presence", "0.04", "Nearest: red rectangle");
        assertThat(extent(page.screenshot(), FIRST).isEmpty()).isTrue();
        page.click("[data-focus=near]");
        page.awaitText("[data-focus=near]", "Hide");
        assertThat(extent(page.screenshot(), FIRST).isEmpty()).isFalse();
    }

    @Test
    void what_the_model_cannot_do_is_said() {
        openFromGallery(0);
        ask("keypoints of a ghost");
        assertThat(page.text(".answer-unsupported_task .answer-text")).contains("cannot do that; it can find");
    }
}
