package org.vilam.web.browser;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Conversations that outlive the page, and the banner that says what answers. */
final class SessionsTest extends BrowserCase {
    @Test
    void reloading_brings_the_conversation_back() {
        openFromGallery(0);
        ask("the red rectangle");
        ask("all triangles");
        assertThat(page.eval("location.href").asText()).endsWith("#session=s1");
        page.call("Page.reload");
        page.await("both turns", () -> page.count(".answer-head") == 2);
        assertThat(page.count(".turn:nth-child(2).shown")).isEqualTo(1);
        // The red rectangle came first and has the first colour, as before.
        assertThat(extent(page.screenshot(), SECOND).isEmpty()).isFalse();
        ask("segment it");
        assertThat(server.asked("POST", "/v1/sessions")).hasSize(1);
    }

    @Test
    void an_earlier_conversation_is_continued_from_the_list() {
        openFromGallery(0);
        ask("the red rectangle");
        page.open(server.url() + "?again");
        page.click("#open-sessions");
        page.awaitText(".session", "the red rectangle");
        assertThat(page.text(".session")).contains("1 question");
        page.click(".session-main");
        page.await("the turn", () -> page.count(".answer-head") == 1);
        assertThat(page.text("#picture-title")).isEqualTo("the red rectangle");
    }

    @Test
    void a_conversation_is_deleted_after_a_second_thought() {
        openFromGallery(0);
        ask("the red rectangle");
        page.click("#open-sessions");
        page.awaitElement(".session");
        page.click(".session-tools .icon-button");
        page.click(".session-tools .danger");
        page.awaitText(".session-list", "No conversations yet");
        assertThat(server.asked("DELETE", "/v1/sessions/s1")).hasSize(1);
        page.press("Escape");
        // It was the open one: the desk is clear.
        page.await(
                "the start",
                () -> !page.eval("document.querySelector('#start').hidden").asBoolean());
    }

    @Test
    void the_banner_says_what_answers_and_what_it_knows() {
        page.awaitText("#model-banner", "Canned answers");
        assertThat(page.text("#model-banner"))
                .contains("CPU", "Knows drawn shapes and stick figures, and nothing else.");
        page.click("#model-banner .link-button");
        page.awaitText(".models", "Can: box, segment");
        assertThat(page.text(".models")).contains("123.5 MB", "In use");
    }

    @Test
    void the_banner_waits_for_a_model_and_names_what_went_wrong() {
        server.state("loading");
        page.open(server.url() + "?again");
        page.awaitText("#model-banner", "The model is being loaded");
        server.state("failed");
        page.awaitText("#model-banner", "the weights are damaged");
        server.state("ready");
        page.awaitText("#model-banner", "Canned answers");
    }
}
