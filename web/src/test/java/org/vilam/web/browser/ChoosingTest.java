package org.vilam.web.browser;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An ambiguous question, and the ways to answer it. */
final class ChoosingTest extends BrowserCase {
    @BeforeEach
    void askAmbiguously() {
        openFromGallery(0);
        ask("the triangle");
        assertThat(page.text(".answer-text")).isEqualTo("The left one or the right one?");
        assertThat(page.count(".choices .found")).isEqualTo(2);
    }

    @Test
    void a_click_on_the_picture_chooses() {
        click(CannedPicture.SHAPES, 530, 400);
        chosen("2", "the right green triangle");
    }

    @Test
    void a_click_in_the_list_chooses() {
        page.click(".choices li:nth-child(1) .found");
        chosen("1", "the left green triangle");
    }

    @Test
    void a_digit_chooses() {
        page.press("F6");
        page.press("2");
        chosen("2", "the right green triangle");
    }

    @Test
    void a_typed_number_chooses() {
        page.click("#question");
        page.type("1");
        page.press("Enter");
        chosen("1", "the left green triangle");
    }

    @Test
    void a_question_that_was_passed_over_is_not_answered_any_more() {
        ask("the ring");
        page.click("[data-turn=turn-1] .choices .found");
        page.awaitElement("[data-turn=turn-1].shown");
        assertThat(server.asked("POST", "/turns")).hasSize(2);
    }

    private void chosen(String number, String phrase) {
        page.await("the choice", () -> page.count(".answer-head") == 2);
        assertThat(lastQuestion().path("instruction").asText()).isEqualTo(number);
        assertThat(page.text("[data-turn=turn-2] .answer-text")).contains(phrase);
        assertThat(page.count(".choices .muted")).isZero();
    }
}
