package org.vilam.assistant.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vilam.vision.checkpoint.TokenizerKind;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;
import org.vilam.vision.parity.ParityPack;
import org.vilam.vision.parity.SharedData;

/** Published tokenizer files made into tokenizer.json: the ids must be those of the tool each file comes from. */
final class TokenizerFileTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder = Path.of("");

    @Test
    void byte_pairs_of_sentencepiece_give_its_ids() throws IOException {
        try (TextTokenizer tokenizer = open("bpe.model", TokenizerKind.LLAMA)) {
            for (JsonNode c : cases()) {
                String text = c.get("text").asText();
                if (!spellsSpecial(text)) {
                    assertThat(tokenizer.encode(text)).as(text).isEqualTo(ids(c.get("bpe")));
                }
            }
        }
    }

    @Test
    void unigrams_of_sentencepiece_give_its_ids_moved_as_xlm_roberta_moves_them() throws IOException {
        try (TextTokenizer tokenizer = open("unigram.model", TokenizerKind.XLM_ROBERTA)) {
            for (JsonNode c : cases()) {
                String text = c.get("text").asText();
                if (!spellsSpecial(text)) {
                    long[] moved = LongStream.of(ids(c.get("unigram")))
                            .map(id -> id == 0 ? 3 : id + 1)
                            .toArray();
                    assertThat(tokenizer.encode(text)).as(text).isEqualTo(moved);
                }
            }
            assertThat(tokenizer.id("<mask>")).isEqualTo(401);
            assertThat(tokenizer.vocabSize()).isEqualTo(402);
            assertThat(tokenizer.encode("x", true)).startsWith(0).endsWith(2);
        }
    }

    @Test
    void the_tokenizer_of_llama_gives_the_reference_ids_and_merges() throws IOException {
        ParityPack pack = ParityPack.open("tokenizer");
        byte[] json = TokenizerFile.convert(pack.file("tokenizer.model"), TokenizerKind.LLAMA);
        assertThat(JSON.readTree(json).at("/model/merges"))
                .isEqualTo(pack.json("tokenizer.json").at("/model/merges"));
        try (TextTokenizer tokenizer = TextTokenizer.load(json, "converted")) {
            for (JsonNode c : pack.caseJson().get("strings")) {
                String text = c.get("text").asText();
                assertThat(tokenizer.encode(text)).as(text).isEqualTo(ids(c.get("fast_ids")));
                assertThat(tokenizer.decode(ids(c.get("fast_ids")), false))
                        .as(text)
                        .isEqualTo(c.get("fast_decode").asText());
            }
            assertThat(tokenizer.encode("a", true)[0]).isEqualTo(1);
        }
    }

    @Test
    void the_105_letters_of_babyllama_are_read_by_letter() throws IOException {
        Path source = SharedData.path("data/tokenizers/babyllama105/tok105.model");
        try (TextTokenizer tokenizer =
                TextTokenizer.load(TokenizerFile.convert(source, TokenizerKind.LLAMA), "tok105")) {
            assertThat(tokenizer.vocabSize()).isEqualTo(105);
            assertThat(tokenizer.encode("the hen")).containsExactly(3, 6, 8, 4, 3, 8, 4, 9);
            assertThat(tokenizer.decode(tokenizer.encode("Once upon a time"), true))
                    .isEqualTo("Once upon a time");
            assertThat(tokenizer.encode("\u6F22\u5B57")).containsExactly(3, 0);
        }
    }

    @Test
    void words_of_bert_are_lowered_stripped_of_accents_and_cut_into_pieces() throws IOException {
        Path vocabulary = folder.resolve("vocab.txt");
        Files.write(
                vocabulary,
                List.of(
                        "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "cafe", "un", "##want", "##ed", ",",
                        "\u6F22"));
        try (TextTokenizer tokenizer =
                TextTokenizer.load(TokenizerFile.convert(vocabulary, TokenizerKind.BERT), "vocab.txt")) {
            assertThat(tokenizer.encode("The CAF\u00C9, unwanted \u6F22\u6F22 zebra", true))
                    .containsExactly(2, 5, 6, 10, 7, 8, 9, 11, 11, 1, 3);
            assertThat(tokenizer.encode("", true)).containsExactly(2, 3);
            assertThat(tokenizer.id("[DEC]")).isEqualTo(12);
        }
    }

    @Test
    void a_vocabulary_with_a_line_twice_is_refused_with_the_line() throws IOException {
        Path vocabulary = folder.resolve("vocab.txt");
        Files.write(vocabulary, List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "the"));
        assertThatThrownBy(() -> TokenizerFile.convert(vocabulary, TokenizerKind.BERT))
                .isInstanceOfSatisfying(
                        VilamException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.MODEL_INVALID))
                .hasMessageContaining("'the'");
    }

    @Test
    void a_model_of_the_other_algorithm_is_refused() {
        assertThatThrownBy(() -> open("unigram.model", TokenizerKind.LLAMA)).hasMessageContaining("unigrams");
        assertThatThrownBy(() -> open("bpe.model", TokenizerKind.XLM_ROBERTA)).hasMessageContaining("byte pairs");
    }

    @Test
    void every_beginning_of_a_model_is_read_or_refused_but_never_crashes() throws IOException {
        byte[] whole = resource("unigram.model");
        for (int length = 0; length < whole.length; length += 3) {
            readOrRefuse(Arrays.copyOf(whole, length));
        }
    }

    @Test
    void models_with_random_damage_are_read_or_refused_but_never_crash() throws IOException {
        for (String model : List.of("unigram.model", "bpe.model")) {
            byte[] whole = resource(model);
            Random random = new Random(20);
            int refused = 0;
            for (int round = 0; round < 4000; round++) {
                byte[] damaged = whole.clone();
                for (int hit = 0; hit <= random.nextInt(8); hit++) {
                    damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
                }
                refused += readOrRefuse(damaged) ? 0 : 1;
            }
            assertThat(refused).as("damage must be seen at least sometimes").isBetween(100, 3999);
        }
    }

    @Test
    void random_bytes_are_refused() {
        Random random = new Random(21);
        for (int round = 0; round < 4000; round++) {
            byte[] bytes = new byte[random.nextInt(300)];
            random.nextBytes(bytes);
            assertThat(readOrRefuse(bytes)).isFalse();
        }
    }

    private static boolean readOrRefuse(byte[] bytes) {
        try {
            SentencePieceModel model = SentencePieceModel.read(bytes, "fuzz");
            assertThat(model.pieces()).isNotEmpty();
            return true;
        } catch (VilamException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.MODEL_INVALID);
            return false;
        }
    }

    private TextTokenizer open(String resource, TokenizerKind kind) throws IOException {
        Path file = folder.resolve(resource);
        Files.write(file, resource(resource));
        return TextTokenizer.load(TokenizerFile.convert(file, kind), resource);
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(TokenizerFileTest.class.getResourceAsStream(name))) {
            return in.readAllBytes();
        }
    }

    private static JsonNode cases() throws IOException {
        return JSON.readTree(resource("sentencepiece.json")).get("cases");
    }

    /** SentencePiece takes them for letters, the other tokenizer for what they are. */
    private static boolean spellsSpecial(String text) {
        return text.contains("<s>") || text.contains("<unk>");
    }

    private static long[] ids(JsonNode array) {
        long[] ids = new long[array.size()];
        Arrays.setAll(ids, i -> array.get(i).asLong());
        return ids;
    }
}
