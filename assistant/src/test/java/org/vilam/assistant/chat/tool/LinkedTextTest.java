package org.vilam.assistant.chat.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vilam.grounding.result.GroundingResult.Phrase;

class LinkedTextTest {
    private static LinkedText read(List<String> heard, List<String> pieces) {
        LinkedText text = new LinkedText(heard::add);
        pieces.forEach(text::push);
        text.finish();
        return text;
    }

    @Test
    void links_become_phrases() {
        LinkedText text = read(new ArrayList<>(), List.of("Here are [the red car](o1) and [both dogs](o2, o3). "));
        assertThat(text.text()).isEqualTo("Here are the red car and both dogs.");
        assertThat(text.phrases())
                .containsExactly(
                        new Phrase("the red car", 9, 20, List.of("o1")),
                        new Phrase("both dogs", 25, 34, List.of("o2", "o3")));
    }

    @Test
    void words_go_on_as_soon_as_they_cannot_be_a_link() {
        List<String> heard = new ArrayList<>();
        LinkedText text = new LinkedText(heard::add);
        text.push("Look: [the");
        assertThat(heard).containsExactly("Look:");
        text.push(" car](o");
        assertThat(heard).hasSize(1);
        text.push("1) is");
        assertThat(String.join("", heard)).isEqualTo("Look: the car is");
        text.push(" at [1, 2]");
        text.push(" here");
        assertThat(String.join("", heard)).isEqualTo("Look: the car is at [1, 2] here");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[",
                "[]",
                "[a]",
                "[a](",
                "[a](o1",
                "[a](b)",
                "[a](http://x.org)",
                "[[a]]",
                "a ] b (o1)",
                "[a\nb](o1)"
            })
    void what_only_looks_like_a_link_stays(String words) {
        LinkedText text = read(new ArrayList<>(), List.of(words));
        assertThat(text.text()).isEqualTo(words);
        assertThat(text.phrases()).isEmpty();
    }

    @Provide
    Arbitrary<List<String>> pieces() {
        return Arbitraries.of("[", "]", "(", ")", "](", "o1", "o2", ",", " ", "\n", "car", "[a](o1)", ".", "#")
                .list()
                .ofMaxSize(14);
    }

    @Property(tries = 1000)
    void it_is_the_same_text_however_it_is_cut(@ForAll("pieces") List<String> pieces) {
        List<String> heard = new ArrayList<>();
        LinkedText apart = read(heard, pieces);
        LinkedText whole = read(new ArrayList<>(), List.of(String.join("", pieces)));
        assertThat(apart.text()).isEqualTo(whole.text()).isEqualTo(String.join("", heard));
        assertThat(apart.text()).isEqualTo(apart.text().strip());
        assertThat(apart.phrases()).isEqualTo(whole.phrases());
        apart.phrases()
                .forEach(p ->
                        assertThat(apart.text().substring(p.start(), p.end())).isEqualTo(p.text()));
    }
}
