package org.vilam.assistant.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.model.output.FinishReason;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.NotEmpty;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class BoundedTextTest {
    private final List<String> heard = new ArrayList<>();

    private BoundedText text(int most, String... stops) {
        return new BoundedText(List.of(stops), most, heard::add);
    }

    @Test
    void words_and_marks_go_out_one_by_one() {
        BoundedText text = text(100);
        text.pushWords("The cat is here.");
        text.finish(false);
        assertThat(heard).containsExactly("The", " cat", " is", " here", ".");
        assertThat(text.tokens()).isEqualTo(5);
        assertThat(text.reason()).isEqualTo(FinishReason.STOP);
    }

    @Test
    void it_ends_after_the_most_tokens() {
        BoundedText text = text(2);
        text.pushWords("The cat is here.");
        text.finish(false);
        assertThat(text.text()).isEqualTo("The cat");
        assertThat(text.tokens()).isEqualTo(2);
        assertThat(text.reason()).isEqualTo(FinishReason.LENGTH);
    }

    @Test
    void exactly_the_most_tokens_are_no_cut() {
        BoundedText text = text(5);
        text.pushWords("The cat is here.");
        text.finish(false);
        assertThat(text.reason()).isEqualTo(FinishReason.STOP);
    }

    @Test
    void what_may_begin_a_stop_sequence_is_held_back() {
        BoundedText text = text(100, "cat is");
        assertThat(text.push("the c")).isTrue();
        assertThat(text.push("ar, the cat")).isTrue();
        assertThat(heard).containsExactly("the ", "car, the ");
        assertThat(text.push(" is here")).isFalse();
        text.finish(false);
        assertThat(text.text()).isEqualTo("the car, the ");
        assertThat(text.reason()).isEqualTo(FinishReason.STOP);
    }

    @Property(tries = 500)
    void it_is_the_text_before_the_first_stop_whatever_the_pieces(
            @ForAll @Size(max = 12) List<@NotEmpty @CharRange(from = 'a', to = 'c') String> pieces,
            @ForAll @NotEmpty @CharRange(from = 'a', to = 'c') String stop) {
        String whole = String.join("", pieces);
        List<String> out = new ArrayList<>();
        BoundedText text = new BoundedText(List.of(stop), Integer.MAX_VALUE, out::add);
        for (String piece : pieces) {
            if (!text.push(piece)) {
                break;
            }
        }
        text.finish(false);
        int at = whole.indexOf(stop);
        assertThat(text.text()).isEqualTo(at < 0 ? whole : whole.substring(0, at));
        assertThat(String.join("", out)).isEqualTo(text.text());
    }

    @Property(tries = 200)
    void words_lose_nothing(@ForAll String any, @ForAll @IntRange(min = 0, max = 3) int spaces) {
        String whole = " ".repeat(spaces) + any + " ".repeat(spaces);
        BoundedText text = new BoundedText(List.of(), Integer.MAX_VALUE, piece -> {});
        text.pushWords(whole);
        text.finish(false);
        assertThat(text.text()).isEqualTo(whole);
        assertThat(text.tokens()).isEqualTo(BoundedText.words(whole));
    }
}
