package org.vilam.assistant.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

final class TextTokenizerTest {
    /** Ids of the byte-level tokenizer: bytes 0x21 onwards lie at 3 + byte, the merges behind all 256. */
    private static final long DO = 3 + 256;

    private static final long DOG = DO + 1;

    @Test
    void the_ids_are_those_of_the_file_worked_out_by_hand() {
        try (TextTokenizer tokenizer = TinyTokenizers.load(TinyTokenizers.byteLevel())) {
            assertThat(tokenizer.encode("Dogdo<image>g")).containsExactly(DOG, DO, 2, 3 + 'g');
            assertThat(tokenizer.decode(new long[] {0, DOG, 3 + ' ', 2, DO, 1}, false))
                    .isEqualTo("<s>dog <image>do</s>");
            assertThat(tokenizer.decode(new long[] {0, DOG, 3 + ' ', 2, DO, 1}, true))
                    .isEqualTo("dog do");
        }
    }

    @Test
    void ids_and_size_are_read_from_the_file() {
        try (TextTokenizer tokenizer = TinyTokenizers.load(TinyTokenizers.byteLevel())) {
            assertThat(tokenizer.vocabSize()).isEqualTo(3 + 256 + 2);
            assertThat(tokenizer.id("<image>")).isEqualTo(2);
            assertThat(tokenizer.id("dog")).isEqualTo(DOG);
            assertThat(tokenizer.isSpecial(2)).isTrue();
            assertThat(tokenizer.isSpecial(3)).isFalse();
            assertThat(tokenizer.isSpecial(-1)).isFalse();
            assertThat(tokenizer.isSpecial(1L << 40)).isFalse();
            assertFails(() -> tokenizer.id("<region>"), ErrorCode.MODEL_INVALID, "<region>");
        }
    }

    @Test
    void special_tokens_in_literal_text_have_no_power() {
        try (TextTokenizer tokenizer = TinyTokenizers.load(TinyTokenizers.byteLevel())) {
            String text = "<<image></s></s> dog <image><s>";
            long[] ids = tokenizer.encodeLiteral(text);
            assertThat(LongStream.of(ids)).noneMatch(tokenizer::isSpecial);
            assertThat(tokenizer.decode(ids, true)).isEqualTo(text);
            assertThat(tokenizer.encodeLiteral("dog")).isEqualTo(tokenizer.encode("dog"));
        }
    }

    @Test
    void a_special_token_matched_in_normalised_text_has_no_power_in_capitals_either() {
        ObjectNode file = TinyTokenizers.byteLevel();
        file.get("added_tokens").forEach(token -> ((ObjectNode) token).put("normalized", true));
        try (TextTokenizer tokenizer = TinyTokenizers.load(file)) {
            assertThat(tokenizer.encode("<IMAGE>")).containsExactly(2);
            assertThat(LongStream.of(tokenizer.encodeLiteral("<IMAGE>")))
                    .hasSize(7)
                    .noneMatch(tokenizer::isSpecial);
        }
    }

    @Test
    void long_text_is_neither_cut_nor_padded_whatever_the_file_says() {
        ObjectNode file = TinyTokenizers.byteLevel();
        file.putObject("truncation")
                .put("direction", "Right")
                .put("max_length", 5)
                .put("strategy", "LongestFirst")
                .put("stride", 0);
        ObjectNode padding = file.putObject("padding")
                .put("direction", "Right")
                .putNull("pad_to_multiple_of")
                .put("pad_id", 0)
                .put("pad_type_id", 0)
                .put("pad_token", "<s>");
        padding.putObject("strategy").put("Fixed", 20_000);
        try (TextTokenizer tokenizer = TinyTokenizers.load(file)) {
            assertThat(tokenizer.encode("dog".repeat(10_000))).hasSize(10_000).containsOnly(DOG);
            assertThat(tokenizer.encode("dog")).containsExactly(DOG);
        }
    }

    @Test
    void half_a_surrogate_pair_spoils_nothing_but_itself() {
        try (TextTokenizer tokenizer = TinyTokenizers.load(TinyTokenizers.byteLevel())) {
            long[] ids = tokenizer.encode("\ud83d \ud83d\udc36 dog \udc36");
            assertThat(tokenizer.decode(ids, false)).isEqualTo("\ufffd \ud83d\udc36 dog \ufffd");
        }
    }

    @Test
    void an_id_outside_the_vocabulary_is_refused() {
        try (TextTokenizer tokenizer = TinyTokenizers.load(TinyTokenizers.byteLevel())) {
            assertThatThrownBy(() -> tokenizer.decode(new long[] {3, 261}, false))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("261");
            assertThatThrownBy(() -> tokenizer.decode(new long[] {-1}, false))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void a_file_a_stream_and_bytes_are_the_same_tokenizer(@TempDir Path folder) throws IOException {
        byte[] json = TinyTokenizers.bytes(TinyTokenizers.sentencePiece());
        Path file = Files.write(folder.resolve("tokenizer.json"), json);
        try (TextTokenizer fromFile = TextTokenizer.load(file);
                TextTokenizer fromStream = TextTokenizer.load(new ByteArrayInputStream(json), "stream");
                TextTokenizer fromBytes = TextTokenizer.load(json, "bytes")) {
            long[] ids = fromFile.encode("dog \u732b");
            assertThat(ids)
                    .containsExactly(fromFile.id("\u2581dog"), fromFile.id("\u2581"), 3 + 0xE7, 3 + 0x8C, 3 + 0xAB);
            assertThat(fromStream.encode("dog \u732b")).isEqualTo(ids);
            assertThat(fromBytes.encode("dog \u732b")).isEqualTo(ids);
            assertThat(fromFile.decode(ids, true)).isEqualTo("dog \u732b");
        }
    }

    @Test
    void a_missing_file_is_named(@TempDir Path folder) {
        Path missing = folder.resolve("tokenizer.json");
        assertFails(() -> TextTokenizer.load(missing), ErrorCode.FILE_UNREADABLE, missing.toString());
        assertFails(() -> TextTokenizer.load(folder), ErrorCode.FILE_UNREADABLE, folder.toString());
    }

    @Test
    void a_damaged_file_is_named_with_what_is_wrong() {
        assertDamaged("", "model.vocab");
        assertDamaged("{\"model\":", "not JSON");
        assertDamaged("[]", "model.vocab");
        assertDamaged("{\"model\":{\"type\":\"BPE\",\"vocab\":{},\"merges\":[]}}", "empty");
        assertDamaged("{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":-1},\"merges\":[]}}", "-1");
        assertDamaged("{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":2000000000},\"merges\":[]}}", "2000000000");
        assertDamaged("{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0,\"a\":1},\"merges\":[]}}", "uplicate");
        assertDamaged("{\"model\":{\"type\":\"Nothing\",\"vocab\":{\"a\":0},\"merges\":[]}}", "damaged");
        assertDamaged("{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0},\"merges\":[\"a b\"]}}", "b");
    }

    @Test
    void a_special_token_that_would_get_another_id_than_the_file_says_is_refused() {
        ObjectNode elsewhere = TinyTokenizers.byteLevel();
        ((ObjectNode) elsewhere.get("added_tokens").get(2))
                .put("content", "<region>")
                .put("id", 300);
        assertDamaged(elsewhere.toString(), "<region>");

        ObjectNode twice = TinyTokenizers.byteLevel();
        ((ObjectNode) twice.get("added_tokens").get(2)).put("id", 7);
        assertDamaged(twice.toString(), "<image>");
    }

    @Test
    void several_threads_share_it_until_it_is_closed() throws InterruptedException, ExecutionException {
        TextTokenizer tokenizer = TinyTokenizers.load(TinyTokenizers.byteLevel());
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<Integer>> done = new ArrayList<>();
            for (int thread = 0; thread < 4; thread++) {
                done.add(threads.submit(() -> encodeUntilClosed(tokenizer)));
            }
            Thread.sleep(200);
            tokenizer.close();
            for (Future<Integer> encoded : done) {
                assertThat(encoded.get()).isPositive();
            }
        } finally {
            threads.shutdownNow();
        }
        tokenizer.close();
        assertThatThrownBy(() -> tokenizer.decode(new long[] {3}, false)).isInstanceOf(IllegalStateException.class);
    }

    private static int encodeUntilClosed(TextTokenizer tokenizer) {
        for (int round = 0; ; round++) {
            String text = "dog".repeat(1 + round % 50);
            long[] ids;
            try {
                ids = tokenizer.encode(text);
            } catch (IllegalStateException closed) {
                return round;
            }
            assertThat(ids).hasSize(1 + round % 50).containsOnly(DOG);
        }
    }

    private static void assertDamaged(String json, String part) {
        assertFails(
                () -> TextTokenizer.load(json.getBytes(StandardCharsets.UTF_8), "models/tiny/tokenizer.json")
                        .close(),
                ErrorCode.MODEL_INVALID,
                part);
    }

    private static void assertFails(ThrowingCallable call, ErrorCode code, String part) {
        assertThatThrownBy(call)
                .hasMessageContaining(part)
                .asInstanceOf(InstanceOfAssertFactories.type(VilamException.class))
                .satisfies(e -> assertThat(e.code()).isEqualTo(code))
                .satisfies(e -> assertThat(e.hint()).isNotBlank());
    }
}
