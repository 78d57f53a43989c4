package org.vilam.grounding.metrics.caption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

final class CaptionMetricsTest {
    private static CaptionSample sample(String hypothesis, String... references) {
        return new CaptionSample(
                words(hypothesis),
                Stream.of(references).map(CaptionMetricsTest::words).toList());
    }

    private static List<String> words(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split(" "));
    }

    @Test
    void bleu_by_hand() {
        // 3 of 4 words (no reference has a second "the"), 2 of 3 pairs; the reference of 4 words is the closest in
        // length.
        Bleu.Counts counts = Bleu.Counts.of(sample("the the cat slept", "the cat sat down", "a cat slept here now"));
        assertThat(counts.matches()).containsExactly(3L, 2L, 0L, 0L); // "the cat" and "cat slept"
        assertThat(counts.totals()).containsExactly(4L, 3L, 2L, 1L);
        assertThat(counts.referenceLength()).isEqualTo(4);
        assertThat(counts.bleu(1)).isCloseTo(0.75, within(1e-12));
        assertThat(counts.bleu(2)).isCloseTo(Math.sqrt(0.75 * 2 / 3), within(1e-12));
        assertThat(counts.bleu(3)).isZero();
    }

    @Test
    void short_hypotheses_pay_and_a_tie_of_lengths_takes_the_shorter_reference() {
        Bleu.Counts counts = Bleu.Counts.of(sample("a b c", "a b", "a b c d", "a b c d e"));
        assertThat(counts.referenceLength()).isEqualTo(2);
        assertThat(counts.brevityPenalty()).isEqualTo(1);
        Bleu.Counts brief = Bleu.Counts.of(sample("a b", "a b c d"));
        assertThat(brief.brevityPenalty()).isCloseTo(Math.exp(-1), within(1e-12));
        assertThat(brief.bleu(1)).isCloseTo(Math.exp(-1), within(1e-12));
    }

    @Test
    void cider_d_by_hand() {
        // N = 2. "cat" and "dog" have idf ln 2, "the" occurs in both sets: 0. "the cat" has ln 2. Lengths equal.
        List<CaptionSample> samples = List.of(sample("the cat", "the cat"), sample("the cat", "the dog"));
        CiderD ciderD =
                new CiderD(samples.stream().map(CaptionSample::references).toList());
        // Orders 1 and 2 are 1, orders 3 and 4 are empty vectors: 10 * 2 / 4.
        assertThat(ciderD.score(samples.get(0))).isCloseTo(5, within(1e-12));
        assertThat(ciderD.score(samples.get(1))).isZero();
        // Counts are cut to the reference's, the norm is not: (min(2, 1) * 1) / (2 * 1), and the length differs by 1.
        assertThat(ciderD.score(sample("cat cat", "cat"))).isCloseTo(10 * 0.5 * Math.exp(-1 / 72.0) / 4, within(1e-12));
    }

    @Test
    void cider_d_of_a_single_set_is_0_because_every_word_is_everywhere() {
        CaptionSample sample = sample("a red cube on it", "a red cube on it");
        assertThat(new CiderD(List.of(sample.references())).score(sample)).isZero();
        assertThatThrownBy(() -> new CiderD(List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void equal_texts_of_four_words_score_10() {
        List<CaptionSample> samples = List.of(sample("a b c d", "a b c d"), sample("e f g h", "e f g h"));
        CiderD ciderD =
                new CiderD(samples.stream().map(CaptionSample::references).toList());
        assertThat(ciderD.score(samples.get(0))).isCloseTo(10, within(1e-12));
    }

    @Test
    void meteor_by_hand() {
        // "cats" ~ "cat" by stem: 3 of 4 words against 3 of 3, chunks "the" and "cats sat": P 3/4, R 1, F 0.75 / 0.775.
        double mean = 0.75 / (0.9 * 0.75 + 0.1);
        double penalty = 0.5 * Math.pow(2 / 3.0, 3);
        assertThat(Meteor.score(sample("the black cats sat", "the cat sat")))
                .isCloseTo(mean * (1 - penalty), within(1e-12));
    }

    @Test
    void meteor_takes_the_alignment_with_the_fewest_chunks() {
        // "on the mat", "sat", "the cat": three chunks of six words. A greedy aligner finds six.
        assertThat(Meteor.score(sample("the cat sat on the mat", "on the mat sat the cat")))
                .isCloseTo(1 - 0.5 * Math.pow(0.5, 3), within(1e-12));
    }

    @Test
    void exact_matches_come_before_stems() {
        WordAlignment exact = WordAlignment.of(words("run runs"), words("runs run"));
        assertThat(exact.matches()).isEqualTo(2);
        assertThat(exact.chunks()).isEqualTo(2);
        // Stems alone would pair them in order, in one chunk.
        assertThat(WordAlignment.of(words("run run"), words("run run")).chunks())
                .isEqualTo(1);
    }

    @Test
    void an_empty_hypothesis_scores_0_and_a_sample_needs_a_reference() {
        CaptionSample empty = sample("", "a cat");
        assertThat(Bleu.Counts.of(empty).bleu(1)).isZero();
        assertThat(Bleu.Counts.of(empty).brevityPenalty()).isZero();
        assertThat(new CiderD(List.of(empty.references(), empty.references())).score(empty))
                .isZero();
        assertThat(Meteor.score(empty)).isZero();
        assertThat(Meteor.score(sample("a cat", ""))).isZero();
        assertThat(Meteor.score(sample("", ""))).isZero();
        assertThatThrownBy(() -> sample("a")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Bleu.Counts.of(empty).bleu(5)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void descriptions_that_are_missing_count_as_empty() {
        CaptionEvaluation evaluation = new CaptionEvaluation();
        evaluation.add("1", "A red cube is here.", List.of("a red cube is here"));
        evaluation.add("2", "the blue ball lies there", List.of("the blue ball lies there"));
        CaptionEvaluation.Result complete = evaluation.result();
        assertThat(complete.meteor()).hasValue(1);
        assertThat(complete.ciderD().orElseThrow()).isCloseTo(10, within(1e-12));
        assertThat(complete.bleu().get(3).orElseThrow()).isCloseTo(1, within(1e-12));
        evaluation.addUnparseable("3", List.of("a green cone"));
        CaptionEvaluation.Result result = evaluation.result();
        assertThat(result.count()).isEqualTo(3);
        assertThat(result.unparseable()).isEqualTo(1);
        assertThat(result.meteor().orElseThrow()).isCloseTo(2 / 3.0, within(1e-12));
        assertThat(result.bleu().get(0).orElseThrow()).isCloseTo(Math.exp(1 - 13 / 10.0), within(1e-12));
        assertThat(evaluation.images()).containsExactly("1", "2", "3");
    }

    @Test
    void no_descriptions_are_undefined() {
        CaptionEvaluation.Result result = new CaptionEvaluation().result();
        assertThat(result.bleu()).hasSize(4).allSatisfy(bleu -> assertThat(bleu).isEmpty());
        assertThat(result.ciderD()).isEmpty();
        assertThat(result.meteor()).isEmpty();
    }

    @Property(tries = 300)
    void scores_lie_in_their_ranges_and_order_does_not_matter(@ForAll("corpora") List<CaptionSample> samples) {
        CiderD ciderD =
                new CiderD(samples.stream().map(CaptionSample::references).toList());
        for (CaptionSample sample : samples) {
            assertThat(ciderD.score(sample)).isBetween(0.0, 10 + 1e-9);
            assertThat(Meteor.score(sample)).isBetween(0.0, 1.0);
        }
        List<Bleu.Counts> counts =
                new ArrayList<>(samples.stream().map(Bleu.Counts::of).toList());
        Bleu.Counts sum = Bleu.sum(counts);
        for (int n = 1; n <= Bleu.MAX_ORDER; n++) {
            assertThat(sum.bleu(n)).isBetween(0.0, 1 + 1e-12);
        }
        Collections.shuffle(counts, new Random(2));
        assertThat(Bleu.sum(counts)).isEqualTo(sum);
    }

    @Property(tries = 200)
    void the_order_of_references_does_not_matter_and_a_copy_of_one_is_perfect(
            @ForAll("corpora") List<CaptionSample> samples) {
        CaptionSample sample = samples.get(0);
        List<List<String>> reversed = new ArrayList<>(sample.references());
        Collections.reverse(reversed);
        CaptionSample turned = new CaptionSample(sample.hypothesis(), reversed);
        CiderD ciderD =
                new CiderD(samples.stream().map(CaptionSample::references).toList());
        assertThat(ciderD.score(turned)).isCloseTo(ciderD.score(sample), within(1e-9));
        assertThat(Meteor.score(turned)).isEqualTo(Meteor.score(sample));
        assertThat(Bleu.Counts.of(turned)).isEqualTo(Bleu.Counts.of(sample));

        CaptionSample copy = new CaptionSample(sample.references().get(0), sample.references());
        assertThat(Meteor.score(copy)).isCloseTo(copy.hypothesis().isEmpty() ? 0 : 1, within(1e-12));
        if (copy.hypothesis().size() >= Bleu.MAX_ORDER) {
            assertThat(Bleu.Counts.of(copy).bleu(4)).isCloseTo(1, within(1e-12));
        }
    }

    @Property(tries = 300)
    void the_alignment_is_as_large_and_as_connected_as_any(
            @ForAll("phrases") List<String> hypothesis, @ForAll("phrases") List<String> reference) {
        WordAlignment found = WordAlignment.of(hypothesis, reference);
        int[] best = {0, 0};
        search(hypothesis, reference, new int[hypothesis.size()], 0, best);
        assertThat(found.matches()).isEqualTo(best[0]);
        assertThat(found.chunks()).isEqualTo(best[1]);
    }

    /** All alignments, one after the other; keeps the most matches and with them the fewest chunks. */
    private static void search(List<String> hypothesis, List<String> reference, int[] to, int i, int[] best) {
        if (i == to.length) {
            int matches = 0;
            int chunks = 0;
            for (int k = 0; k < to.length; k++) {
                if (to[k] > 0) {
                    matches++;
                    chunks += k > 0 && to[k - 1] > 0 && to[k - 1] == to[k] - 1 ? 0 : 1;
                }
            }
            if (matches > best[0] || (matches == best[0] && chunks < best[1])) {
                best[0] = matches;
                best[1] = chunks;
            }
            return;
        }
        to[i] = 0;
        search(hypothesis, reference, to, i + 1, best);
        for (int j = 0; j < reference.size(); j++) {
            int place = j + 1;
            boolean free = Stream.iterate(0, k -> k < i, k -> k + 1).noneMatch(k -> to[k] == place);
            if (free && reference.get(j).equals(hypothesis.get(i))) {
                to[i] = place;
                search(hypothesis, reference, to, i + 1, best);
            }
        }
        to[i] = 0;
    }

    @Provide
    Arbitrary<List<String>> phrases() {
        return Arbitraries.of("a", "the", "cat", "red").list().ofMaxSize(6);
    }

    @Provide
    Arbitrary<List<CaptionSample>> corpora() {
        Arbitrary<List<String>> text = Arbitraries.of("a", "red", "cat", "cats", "on", "left", "the")
                .list()
                .ofMaxSize(8);
        return Combinators.combine(text, text.list().ofMinSize(1).ofMaxSize(3))
                .as(CaptionSample::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(5);
    }
}
