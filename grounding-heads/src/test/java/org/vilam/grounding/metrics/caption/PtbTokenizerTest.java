package org.vilam.grounding.metrics.caption;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PtbTokenizerTest {
    static List<Arguments> stanford() throws IOException {
        try (InputStream in =
                        Objects.requireNonNull(PtbTokenizerTest.class.getResourceAsStream("stanford-ptb-3.4.1.tsv"));
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, UTF_8))) {
            return lines.lines()
                    .skip(1)
                    .map(line -> line.split("\t", -1))
                    .map(pair -> Arguments.of(pair[0], pair[1]))
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource
    void stanford(String text, String tokens) {
        assertThat(PtbTokenizer.tokenize(text))
                .isEqualTo(
                        Stream.of(tokens.split(" ")).filter(t -> !t.isEmpty()).toList());
    }

    @Test
    void known_differences_are_as_stated() {
        // Stanford: "3 1/2" as one token with a space that does not break; "0.5-1" and ".0".
        assertThat(PtbTokenizer.tokenize("3 1/2 oranges")).containsExactly("3", "1/2", "oranges");
        assertThat(PtbTokenizer.tokenize("0.5-1.0 cm")).containsExactly("0.5-1", "0", "cm");
    }

    @Test
    void nothing_but_punctuation_has_no_tokens() {
        assertThat(PtbTokenizer.tokenize("")).isEmpty();
        assertThat(PtbTokenizer.tokenize(" \t\n ... -- , ; : \" ' ` ? !")).isEmpty();
    }

    @Property
    void tokens_hold_no_space_no_capital_and_nothing_dropped(@ForAll @StringLength(max = 200) String text) {
        assertThat(PtbTokenizer.tokenize(text)).allSatisfy(token -> {
            assertThat(token).isNotEmpty().doesNotContain(" ", "\"", "\u201c");
            assertThat(List.of("'", ".", "?", "!", ",", ":", "-", "--", "...", ";"))
                    .doesNotContain(token);
            assertThat(token.chars().noneMatch(c -> c >= 'A' && c <= 'Z')).isTrue();
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "a-",
                "'",
                "a'",
                "1.",
                "a.",
                "n't",
                "<a",
                "@",
                "a@b.",
                "https://",
                "can't ",
                "0-",
                ".",
                "?!",
                "+",
                "-.",
                "_",
                "_-",
                ".+",
                "w/",
                "'t",
                "mr."
            })
    void endless_words_are_cut_in_linear_time_and_without_deep_recursion(String piece) {
        Assertions.assertTimeout(
                Duration.ofSeconds(10),
                () -> assertThat(PtbTokenizer.tokenize(piece.repeat(50_000))).isNotNull());
    }
}
