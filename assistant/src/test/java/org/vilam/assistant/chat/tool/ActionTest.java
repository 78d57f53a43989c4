package org.vilam.assistant.chat.tool;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class ActionTest {
    @Test
    void a_call_is_found_within_other_words() {
        Action action = Action.of(
                "Sure! {not json} ```json\n{\"action\": \"find_object\", \"arguments\": {\"expression\": \"the {cat}\"}}\n```");
        assertThat(action).isInstanceOfSatisfying(Action.Call.class, call -> {
            assertThat(call.tool()).isEqualTo("find_object");
            assertThat(call.arguments().get("expression").asText()).isEqualTo("the {cat}");
        });
    }

    @Test
    void an_answer_may_be_an_action_or_plain_text() {
        assertThat(Action.of("{\"action\": \"answer\", \"arguments\": {\"text\": \"A cat.\"}}"))
                .isEqualTo(new Action.Say("A cat."));
        assertThat(Action.of("{\"action\": \"answer\", \"arguments\": \"A cat.\"}"))
                .isEqualTo(new Action.Say("A cat."));
        assertThat(Action.of("A cat.")).isEqualTo(new Action.Say("A cat."));
        assertThat(Action.of("{\"cats\": 1}")).isEqualTo(new Action.Say("{\"cats\": 1}"));
    }

    @Test
    void a_broken_call_is_no_answer() {
        assertThat(Action.of("{\"action\": \"find_object\", \"arguments\": {")).isInstanceOf(Action.Malformed.class);
        assertThat(Action.of("{\"action\": \"answer\", \"arguments\": {}}")).isInstanceOf(Action.Malformed.class);
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.of("{", "}", "\"action\"", ":", "\"answer\"", ",", "\"arguments\"", "[", "]", "x", "1", "\"")
                .list()
                .ofMaxSize(16)
                .map(parts -> String.join("", parts));
    }

    @Property(tries = 1000)
    void any_text_means_something(@ForAll("texts") String text) {
        assertThat(Action.of(text)).isNotNull();
    }
}
