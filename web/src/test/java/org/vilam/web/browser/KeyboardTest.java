package org.vilam.web.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

/** Everything without a pointer, and for those who listen instead of look. */
final class KeyboardTest extends BrowserCase {
    @Test
    void a_picture_is_opened_asked_about_and_corrected_by_keys_alone() {
        page.awaitElement(".gallery-card img");
        tabTo("document.activeElement.classList.contains('gallery-card')");
        page.press("Enter");
        awaitPicture();
        focusIs("question"); // ready to write
        page.type("all triangles");
        page.press("Enter");
        page.await("the answer", () -> page.count(".answer-head") == 1);

        page.press("F6");
        focusIs("stage-surface");
        page.press("Tab");
        page.press("Tab");
        page.awaitElement(".found-list li:nth-child(2) .found.lit");
        page.press("e");
        page.awaitText("#stage-note", "Drag handles");
        page.press("ArrowRight", Keys.SHIFT);
        page.press("ArrowRight");
        page.press("Enter");
        page.await("the correction", () -> server.asked("PATCH", "/o4").size() == 1);
        JsonNode box = server.asked("PATCH", "/o4").get(0).body().path("box");
        assertThat(box.toString()).isEqualTo("[491,330,591,430]");

        page.press("e");
        page.press("."); // the first handle: the upper left corner
        page.press("ArrowLeft", Keys.SHIFT);
        page.press("Enter");
        page.await("the correction", () -> server.asked("PATCH", "/o4").size() == 2);
        assertThat(server.asked("PATCH", "/o4").get(1).body().path("box").toString())
                .isEqualTo("[481,330,591,430]");

        page.press("z", Keys.CTRL);
        page.press("z", Keys.CTRL);
        page.await("both taken back", () -> server.asked("DELETE", "/last").size() == 2);
        page.press("Delete");
        page.await("the deletion", () -> server.asked("PATCH", "/o4").size() == 3);
        page.await("one object", () -> page.text("#tab-objects").equals("Objects (1)"));
    }

    @Test
    void a_box_is_drawn_by_keys() {
        openFromGallery(0);
        page.press("F6");
        page.press("b");
        page.press("ArrowLeft"); // shows the pen in the middle
        for (int i = 0; i < 5; i++) {
            page.press("ArrowUp", Keys.SHIFT);
        }
        page.press("Enter");
        page.press("ArrowDown", Keys.SHIFT);
        page.press("ArrowRight", Keys.SHIFT);
        page.press("ArrowRight", Keys.SHIFT);
        page.press("Enter");
        page.awaitElement(".region-chip");
        focusIs("question");
        page.type(" what is it?");
        page.press("Enter");
        page.await("the answer", () -> page.count(".answer-head") == 1);
        JsonNode box = lastQuestion().at("/regions/0/box");
        assertThat(box.path(2).asDouble() - box.path(0).asDouble())
                .isCloseTo(
                        2 * (box.path(3).asDouble() - box.path(1).asDouble()),
                        org.assertj.core.data.Offset.offset(0.5));
    }

    @Test
    void the_focus_leaves_the_picture_after_its_last_object() {
        openFromGallery(0);
        ask("the red rectangle");
        page.press("F6");
        page.press("Tab");
        focusIs("stage-surface");
        page.press("Tab");
        assertThat(page.eval("document.activeElement.id").asText()).isNotEqualTo("stage-surface");
    }

    @Test
    void the_help_names_the_keys_and_closes_with_escape() {
        openFromGallery(0);
        page.press("F6");
        page.press("?");
        page.awaitElement("dialog[open]");
        assertThat(page.text("dialog")).contains("Mark a box", "Undo", "Answer “which one?”", "Whole picture");
        page.press("Escape");
        page.await("the sheet to close", () -> page.count("dialog") == 0);
        focusIs("stage-surface");
    }

    @Test
    void letters_while_writing_are_writing() {
        openFromGallery(0);
        for (String letter : new String[] {"b", "d", "t", "1"}) {
            page.press(letter);
        }
        assertThat(page.eval("document.querySelector('#question').value").asText())
                .isEqualTo("bdt1");
        assertThat(page.count("[aria-pressed=true][aria-label^='Point']")).isEqualTo(1);
    }

    @Test
    void the_export_menu_is_walked_by_arrows_and_saves_the_file() {
        openFromGallery(0);
        ask("the red rectangle");
        page.eval("document.querySelector('[data-focus=export]').focus()");
        page.press("Enter");
        page.awaitElement("[role=menu]");
        page.press("ArrowDown");
        page.press("Enter");
        page.awaitText(".toast", "Saved Four-shapes-1-annotations.json");
        assertThat(server.asked("GET", "/v1/export/s1/1")).hasSize(1);
        assertThat(page.eval("document.activeElement.dataset.focus").asText()).isEqualTo("export");
    }

    @Test
    void the_picture_is_also_there_in_words() {
        openFromGallery(0);
        ask("all triangles");
        assertThat(page.text("#described-objects"))
                .contains("1: triangle, lower middle of the image, 3 %, score 0.79, from 300, 330 to 400, 430");
        page.awaitText("#announcer", "There are 2 triangles.");
        assertThat(page.eval("document.querySelector('#stage-surface').getAttribute('aria-label')")
                        .asText())
                .isEqualTo("Four shapes, 640 by 480 pixels. 2 objects marked");
    }

    @Test
    void every_control_has_a_name() {
        openFromGallery(0);
        ask("all triangles");
        page.press("F6");
        page.press("p");
        click(CannedPicture.SHAPES, 160, 200);
        for (String tab : new String[] {"#tab-chat", "#tab-objects"}) {
            page.click(tab);
            JsonNode nodes = page.call("Accessibility.getFullAXTree").path("nodes");
            for (JsonNode node : nodes) {
                String role = node.at("/role/value").asText();
                boolean control =
                        role.matches("button|link|textbox|combobox|checkbox|slider|radio|tab|spinbutton|menuitem");
                if (control && !node.path("ignored").asBoolean()) {
                    assertThat(node.at("/name/value").asText())
                            .as(node.toString())
                            .isNotBlank();
                }
            }
        }
    }

    private void tabTo(String condition) {
        for (int i = 0; i < 60; i++) {
            page.press("Tab");
            if (page.eval(condition).asBoolean()) {
                return;
            }
        }
        throw new AssertionError("60 tabs did not lead to " + condition);
    }

    private void focusIs(String id) {
        page.await(
                "the focus on " + id,
                () -> page.eval("document.activeElement.id").asText().equals(id));
    }
}
