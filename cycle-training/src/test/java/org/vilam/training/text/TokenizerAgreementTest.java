package org.vilam.training.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.vilam.assistant.text.StreamingDecoder;
import org.vilam.assistant.text.TextTokenizer;

/** What the trainer writes, read by Hugging Face's library, means what the merges say. */
final class TokenizerAgreementTest {
    private static final List<String> SENTENCES = List.of(
            "The dog left of the red bicycle is here.",
            "Where is the smallest cat? It's near the blue box, isn't it?",
            "Une \u00e9t\u00e9 sans na\u00efvet\u00e9; Stra\u00dfe, \u03a3\u03af\u03c3\u03c5\u03c6\u03bf\u03c2, \u732b\u304c\u3044\u308b \ud83d\udc08\u200d\u2b1b \ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67",
            "box at [12, 305, 998, 1000]\n\n  there\tthere  ",
            "the lesion in the upper left lobe, 3 mm wide");
    private static final BpeVocabulary LOWER = learn(true);
    private static final BpeVocabulary CASED = learn(false);
    private static final TextTokenizer LOWER_TOKENIZER = TextTokenizer.load(LOWER.toJson(), "lower");
    private static final TextTokenizer CASED_TOKENIZER = TextTokenizer.load(CASED.toJson(), "cased");

    private static BpeVocabulary learn(boolean lowercase) {
        return new BpeTrainer(new BpeConfig(420, List.of("<region>", "<image>"), lowercase, 1))
                .addAll(SENTENCES)
                .train();
    }

    /**
     * Java 17 and the native library hold tables of different versions of Unicode. Of the 143,924 characters that Java 17 knows, 58
     * accents younger than Unicode 9 stand in another order among other accents after the native library's NFC.
     */
    private static boolean isKnownToBoth(int c) {
        int type = Character.getType(c);
        boolean accent = type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK;
        return Character.isDefined(c) && type != Character.SURROGATE && (!accent || c <= 0x36F);
    }

    @Provide
    Arbitrary<String> texts() {
        Arbitrary<String> character = Arbitraries.oneOf(
                Arbitraries.integers()
                        .between(0, Character.MAX_CODE_POINT)
                        .filter(TokenizerAgreementTest::isKnownToBoth)
                        .map(Character::toString),
                Arbitraries.integers().between(0, 0x36F).map(Character::toString),
                Arbitraries.of(
                        " ",
                        "\n",
                        "'",
                        "e\u0301",
                        "\u0130",
                        "\u03a3",
                        "\ud83d\udc68\u200d\ud83d\udc69",
                        "5",
                        "\u00a0"));
        Arbitrary<String> word = Arbitraries.of(String.join(" ", SENTENCES).split("(?<= )"));
        Arbitrary<String> special = Arbitraries.of("<region>", "</s>", "<s", "<IMAGE>", "<image>", "<<image>>");
        return Arbitraries.frequencyOf(
                        net.jqwik.api.Tuple.of(4, character),
                        net.jqwik.api.Tuple.of(4, word),
                        net.jqwik.api.Tuple.of(1, special))
                .list()
                .ofMaxSize(40)
                .map(parts -> String.join("", parts));
    }

    @Property(tries = 2000)
    void both_give_the_same_ids(@ForAll("texts") String text) {
        assertThat(LOWER_TOKENIZER.encode(text)).isEqualTo(new MergeEncoder(LOWER).encode(text));
        assertThat(CASED_TOKENIZER.encode(text)).isEqualTo(new MergeEncoder(CASED).encode(text));
    }

    @Property(tries = 1000)
    void what_is_decoded_is_the_normalised_text(@ForAll("texts") String text) {
        MergeEncoder reference = new MergeEncoder(LOWER);
        String expected = reference.normalize(text);
        assertThat(LOWER_TOKENIZER.decode(LOWER_TOKENIZER.encodeLiteral(text), false))
                .isEqualTo(expected);
        assertThat(LOWER_TOKENIZER.decode(LOWER_TOKENIZER.encodeLiteral(text), true))
                .isEqualTo(expected);
    }

    @Property(tries = 1000)
    void literal_text_holds_no_special_token_and_streams_back_whole(@ForAll("texts") String text) {
        long[] ids = LOWER_TOKENIZER.encodeLiteral(text);
        StreamingDecoder decoder = LOWER_TOKENIZER.streamingDecoder(false);
        StringBuilder streamed = new StringBuilder();
        for (long id : ids) {
            assertThat(LOWER_TOKENIZER.isSpecial(id)).isFalse();
            streamed.append(decoder.push(id));
        }
        assertThat(streamed.append(decoder.finish())).hasToString(LOWER_TOKENIZER.decode(ids, false));
    }

    @Example
    void every_character_alone_and_in_company_gives_the_same_ids() {
        MergeEncoder reference = new MergeEncoder(LOWER);
        for (int page = 0; page <= Character.MAX_CODE_POINT; page += 0x100) {
            String text = IntStream.range(page, page + 0x100)
                    .filter(c -> isKnownToBoth(c) && Character.getType(c) != Character.PRIVATE_USE)
                    .mapToObj(Character::toString)
                    .map(c -> "a" + c + " " + c + "\u0301'" + c)
                    .collect(Collectors.joining());
            assertThat(LOWER_TOKENIZER.encode(text)).isEqualTo(reference.encode(text));
        }
    }

    @Example
    void the_empty_text_has_no_ids() {
        assertThat(LOWER_TOKENIZER.encode("")).isEmpty();
        assertThat(LOWER_TOKENIZER.decode(new long[0], true)).isEmpty();
    }

    @Example
    void capitals_give_the_ids_of_small_letters() {
        assertThat(LOWER_TOKENIZER.encode("The DOG, \u00c9T\u00c9"))
                .isEqualTo(LOWER_TOKENIZER.encode("the dog, \u00e9t\u00e9"));
        assertThat(CASED_TOKENIZER.encode("The DOG")).isNotEqualTo(CASED_TOKENIZER.encode("the dog"));
    }

    @Example
    void coordinates_are_digit_tokens() {
        long zero = LOWER_TOKENIZER.id("0");
        long[] digits = IntStream.rangeClosed(0, 9)
                .mapToLong(d -> LOWER_TOKENIZER.id(Integer.toString(d)))
                .toArray();

        assertThat(LOWER_TOKENIZER.encode("1000")).containsExactly(digits[1], zero, zero, zero);
        assertThat(IntStream.rangeClosed(0, 1000).mapToObj(Integer::toString).collect(Collectors.toList()))
                .allSatisfy(number -> assertThat(LOWER_TOKENIZER.encode(number)).hasSize(number.length()));
    }

    @Example
    void the_begin_token_comes_only_when_asked_for() {
        assertThat(LOWER_TOKENIZER.encode("dog", true)).startsWith(1).endsWith(LOWER_TOKENIZER.encode("dog"));
        assertThat(LOWER_TOKENIZER.vocabSize()).isEqualTo(LOWER.tokens().size());
        assertThat(IntStream.range(0, LOWER.tokens().size()))
                .allSatisfy(id ->
                        assertThat(LOWER_TOKENIZER.id(LOWER.tokens().get(id))).isEqualTo((long) id));
    }
}
