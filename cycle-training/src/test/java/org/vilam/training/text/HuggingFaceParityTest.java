package org.vilam.training.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.vilam.assistant.text.TextTokenizer;

/** Against a tokenizer trained by Hugging Face tokenizers 0.23.2 itself; {@code make_reference.py} beside the reference made it. */
final class HuggingFaceParityTest {
    private static JsonNode reference;
    private static BpeVocabulary learned;

    @BeforeAll
    static void learn() throws IOException {
        try (InputStream in = HuggingFaceParityTest.class.getResourceAsStream("hugging-face-bpe.json")) {
            reference = new JsonMapper().readTree(Objects.requireNonNull(in));
        }
        learned = new BpeTrainer(new BpeConfig(500, List.of("<region>", "<image>"), true, 2))
                .addAll(strings(reference.get("sentences")))
                .train();
    }

    @Test
    void the_same_merges_are_learned_in_the_same_order() {
        assertThat(learned.merges().stream().map(merge -> merge.left() + " " + merge.right()))
                .containsExactlyElementsOf(strings(reference.get("merges")));
    }

    @Test
    void every_token_has_the_same_id() {
        assertThat(learned.tokens()).isEqualTo(strings(reference.get("vocab")));
    }

    @Test
    void unseen_sentences_get_the_same_ids() {
        assertThat(reference.get("encoded").size()).isEqualTo(25);
        try (TextTokenizer tokenizer = TextTokenizer.load(learned.toJson(), "learned")) {
            for (JsonNode probe : reference.get("encoded")) {
                String text = probe.get("text").textValue();
                assertThat(tokenizer.encode(text)).as(text).isEqualTo(longs(probe.get("ids")));
                assertThat(new MergeEncoder(learned).encode(text)).as(text).isEqualTo(longs(probe.get("ids")));
            }
        }
    }

    private static List<String> strings(JsonNode array) {
        List<String> out = new ArrayList<>();
        array.forEach(node -> out.add(node.textValue()));
        return out;
    }

    private static long[] longs(JsonNode array) {
        LongStream.Builder out = LongStream.builder();
        array.forEach(node -> out.add(node.longValue()));
        return out.build().toArray();
    }
}
