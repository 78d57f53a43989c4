package org.vilam.assistant.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.NotBlank;
import net.jqwik.api.constraints.Size;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

final class TokenizerPropertyTest {
    private static final TextTokenizer BYTES = TinyTokenizers.load(TinyTokenizers.byteLevel());
    private static final TextTokenizer PIECES = TinyTokenizers.load(TinyTokenizers.sentencePiece());

    @Example
    void a_character_is_shown_when_its_last_byte_has_come() {
        assertThat(pieces(BYTES, BYTES.encode("a\u20ac \ud83d\udc36")))
                .containsExactly("a", "", "", "\u20ac", " ", "", "", "", "\ud83d\udc36", "");
        assertThat(pieces(PIECES, PIECES.encode("dog dog\u20ac"))).containsExactly("dog", " dog", "", "", "\u20ac", "");
    }

    @Example
    void an_answer_that_ends_within_a_character_ends_in_a_replacement_character() {
        assertThat(pieces(BYTES, 3 + 'a', BYTES.encode("\u20ac")[0])).containsExactly("a", "", "\ufffd");
    }

    @Property
    void any_byte_tokens_stream_to_the_text_decoded_at_once(
            @ForAll @Size(max = 60) List<@IntRange(max = 260) Integer> ids, @ForAll boolean skipSpecial) {
        long[] all = ids.stream().mapToLong(Integer::longValue).toArray();
        StreamingDecoder decoder = BYTES.streamingDecoder(skipSpecial);
        StringBuilder streamed = new StringBuilder();
        for (long id : all) {
            streamed.append(decoder.push(id));
        }
        assertThat(streamed.append(decoder.finish())).hasToString(BYTES.decode(all, skipSpecial));
    }

    @Property
    void no_text_streams_through_half_a_character(@ForAll @NotBlank String text) {
        String clean = text.replaceAll("[\\p{Cs}\ufffd]", "?");
        for (TextTokenizer tokenizer : List.of(BYTES, PIECES)) {
            long[] ids = tokenizer.encodeLiteral(clean);
            List<String> pieces = pieces(tokenizer, ids);
            assertThat(pieces).noneMatch(piece -> piece.contains("\ufffd"));
            assertThat(String.join("", pieces)).isEqualTo(tokenizer.decode(ids, false));
        }
    }

    @Property(tries = 2000)
    void a_damaged_file_is_read_or_refused_but_never_breaks_anything(@ForAll long seed) {
        Random random = new Random(seed);
        byte[] json = TinyTokenizers.bytes(
                random.nextBoolean() ? TinyTokenizers.byteLevel() : TinyTokenizers.sentencePiece());
        for (int damage = random.nextInt(3); damage >= 0; damage--) {
            int at = random.nextInt(json.length);
            if (random.nextBoolean()) {
                json[at] = (byte) random.nextInt(256);
            } else {
                int to = Math.min(json.length, at + 1 + random.nextInt(20));
                byte[] shorter = Arrays.copyOf(json, json.length - (to - at));
                System.arraycopy(json, to, shorter, at, json.length - to);
                json = shorter;
            }
        }
        try (TextTokenizer tokenizer = TextTokenizer.load(json, "damaged")) {
            long[] ids = tokenizer.encode("A dog, \u732b");
            assertThat(LongStream.of(ids)).allMatch(id -> id >= 0 && id < tokenizer.vocabSize());
            tokenizer.decode(ids, false);
        } catch (VilamException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.MODEL_INVALID);
        }
    }

    private static List<String> pieces(TextTokenizer tokenizer, long... ids) {
        StreamingDecoder decoder = tokenizer.streamingDecoder(false);
        List<String> out = new ArrayList<>();
        for (long id : ids) {
            out.add(decoder.push(id));
        }
        out.add(decoder.finish());
        return out;
    }
}
