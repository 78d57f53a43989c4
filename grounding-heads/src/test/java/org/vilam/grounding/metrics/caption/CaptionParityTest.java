package org.vilam.grounding.metrics.caption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.vilam.vision.parity.ParityPack;

/** {@code captions.json} of the metrics pack: BLEU and CIDEr-D after the published formulas. */
final class CaptionParityTest {
    private static final Offset<Double> EXACT = within(1e-9);

    private final JsonNode pack = ParityPack.open("metrics").json("captions.json");
    private final List<CaptionSample> samples = new ArrayList<>();

    CaptionParityTest() {
        for (JsonNode node : pack.get("samples")) {
            List<List<String>> references = new ArrayList<>();
            node.get("references")
                    .forEach(text -> references.add(List.of(text.asText().split(" "))));
            samples.add(
                    new CaptionSample(List.of(node.get("hypothesis").asText().split(" ")), references));
        }
    }

    @Test
    void bleu_equals_the_pack() {
        Bleu.Counts sum = Bleu.sum(samples.stream().map(Bleu.Counts::of).toList());
        JsonNode detail = pack.get("bleu_detail");
        for (int n = 1; n <= Bleu.MAX_ORDER; n++) {
            assertThat(sum.bleu(n)).isCloseTo(pack.get("bleu").get(n - 1).asDouble(), EXACT);
            assertThat(sum.matches().get(n - 1))
                    .isEqualTo(detail.get("matches").get(n - 1).asLong());
            assertThat(sum.totals().get(n - 1))
                    .isEqualTo(detail.get("totals").get(n - 1).asLong());
        }
        assertThat(sum.hypothesisLength())
                .isEqualTo(detail.get("hypothesis_length").asLong());
        assertThat(sum.referenceLength())
                .isEqualTo(detail.get("reference_length").asLong());
        assertThat(sum.brevityPenalty()).isCloseTo(detail.get("brevity_penalty").asDouble(), EXACT);
    }

    @Test
    void cider_d_equals_the_pack() {
        CiderD ciderD =
                new CiderD(samples.stream().map(CaptionSample::references).toList());
        double sum = 0;
        for (int i = 0; i < samples.size(); i++) {
            double score = ciderD.score(samples.get(i));
            assertThat(score).isCloseTo(pack.get("cider_d_per_sample").get(i).asDouble(), EXACT);
            sum += score;
        }
        assertThat(sum / samples.size()).isCloseTo(pack.get("cider_d").asDouble(), EXACT);
    }

    @Test
    void the_whole_evaluation_from_texts_equals_the_pack() {
        CaptionEvaluation evaluation = new CaptionEvaluation();
        for (JsonNode node : pack.get("samples")) {
            List<String> references = new ArrayList<>();
            node.get("references").forEach(text -> references.add(text.asText()));
            evaluation.add("image", node.get("hypothesis").asText(), references);
        }
        CaptionEvaluation.Result result = evaluation.result();
        for (int n = 1; n <= Bleu.MAX_ORDER; n++) {
            assertThat(result.bleu().get(n - 1).orElseThrow())
                    .isCloseTo(pack.get("bleu").get(n - 1).asDouble(), EXACT);
        }
        assertThat(result.ciderD().orElseThrow()).isCloseTo(pack.get("cider_d").asDouble(), EXACT);
    }

    /** METEOR is not in the pack: NLTK 3.8's exact and stem stages on the same sentences, best reference of each. */
    @Test
    void meteor_equals_nltk_without_wordnet() {
        assertThat(Meteor.score(samples.get(1))).isCloseTo(0.8534621578099838, EXACT);
        assertThat(Meteor.score(samples.get(2))).isCloseTo(0.7653061224489797, EXACT);
        assertThat(Meteor.score(samples.get(4))).isCloseTo(0.39893617021276595, EXACT);
        assertThat(Meteor.score(samples.get(5))).isEqualTo(1);
    }

    @Test
    void meteor_is_higher_than_nltk_where_its_greedy_alignment_breaks_a_chunk() {
        // First reference: P 6/9, R 6/6. NLTK crosses the two "the" and finds 4 chunks (0.811); there are 2: "red cube
        // on the
        // left" and the reference's first "the".
        double cube = 6 / 9.0 / (0.9 * 6 / 9 + 0.1);
        assertThat(Meteor.score(samples.get(0))).isCloseTo(cube * (1 - 0.5 * Math.pow(2 / 6.0, 3)), EXACT);
        // First reference: P 3/6, R 3/5. NLTK finds 3 chunks (0.294); there are 2: "a man" and "a".
        double man = 0.5 * 0.6 / (0.9 * 0.5 + 0.1 * 0.6);
        assertThat(Meteor.score(samples.get(3))).isCloseTo(man * (1 - 0.5 * Math.pow(2 / 3.0, 3)), EXACT);
    }
}
