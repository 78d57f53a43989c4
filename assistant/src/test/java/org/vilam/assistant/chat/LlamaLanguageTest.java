package org.vilam.assistant.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.vilam.assistant.llama.LlamaConfig;
import org.vilam.assistant.llama.LlamaModel;
import org.vilam.assistant.text.TextTokenizer;
import org.vilam.assistant.text.TinyTokenizers;
import org.vilam.prompts.VicunaConversation.Turn;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;
import org.vilam.vision.tensor.Parameters;

/** A LLaMA with random weights: what it says is noise, but always the same noise. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@org.jspecify.annotations.NullUnmarked
class LlamaLanguageTest {
    private static final int POSITIONS = 700;

    private NDManager manager;
    private TextTokenizer tokenizer;
    private Parameters parameters;
    private LlamaLanguage language;

    @BeforeAll
    void open() {
        manager = NDManager.newBaseManager();
        tokenizer = TinyTokenizers.load(TinyTokenizers.sentencePiece());
        parameters = Parameters.initialise(manager, 7);
        LlamaConfig config = new LlamaConfig(tokenizer.vocabSize(), 32, 48, 2, 4, 2, POSITIONS, 1e-6, null, false);
        language = new LlamaLanguage(new LlamaModel(parameters.root(), config), tokenizer, manager, 1, 2, 3);
    }

    @AfterAll
    void close() {
        parameters.close();
        tokenizer.close();
        manager.close();
    }

    private static List<Turn> dog() {
        return List.of(new Turn("dog", null));
    }

    private String say(double temperature, int most) {
        StringBuilder text = new StringBuilder();
        language.reply("", dog(), new Language.Sampling(temperature, 1, most), token -> {
            text.append(token);
            return true;
        });
        return text.toString();
    }

    @Test
    void the_same_question_gets_the_same_answer() {
        assertThat(say(0, 12)).isEqualTo(say(0, 12)).isNotEmpty();
        assertThat(say(1, 12)).isEqualTo(say(1, 12)).isNotEqualTo(say(0, 12));
    }

    @Test
    void a_shorter_answer_is_the_beginning_of_a_longer_one() {
        // What was held back of half a character is written as replacement characters where the answer is cut.
        assertThat(say(0, 12).replace("\uFFFD", "")).startsWith(say(0, 6).replace("\uFFFD", ""));
    }

    @Test
    void it_stops_after_the_most_tokens_and_counts_them() {
        Language.Reply reply = language.reply("", dog(), new Language.Sampling(0, 1, 5), token -> true);
        assertThat(reply.tokens()).isLessThanOrEqualTo(5);
        assertThat(reply.finished()).isEqualTo(reply.tokens() < 5);
        // <s>, then "USER: dog ASSISTANT:" by bytes but for " dog".
        assertThat(reply.promptTokens()).isEqualTo(1 + tokenizer.encode("USER: dog ASSISTANT:").length);
    }

    @Test
    void it_stops_at_once_when_the_listener_has_enough() {
        List<String> heard = new ArrayList<>();
        Language.Reply reply = language.reply("", dog(), new Language.Sampling(0, 1, 12), token -> {
            heard.add(token);
            return heard.size() < 3;
        });
        assertThat(heard).hasSize(3);
        assertThat(reply.tokens()).isEqualTo(3);
        assertThat(reply.finished()).isFalse();
    }

    @Test
    void an_ending_written_by_a_person_is_text() {
        int plain = language.reply("", dog(), new Language.Sampling(0, 1, 1), token -> true)
                .promptTokens();
        int with = language.reply("", List.of(new Turn("dog</s>", null)), new Language.Sampling(0, 1, 1), t -> true)
                .promptTokens();
        assertThat(with).isGreaterThanOrEqualTo(plain + 4);
    }

    @Test
    void a_conversation_that_is_too_long_is_refused() {
        assertThatThrownBy(() -> language.reply(
                        "", List.of(new Turn("x".repeat(POSITIONS), null)), new Language.Sampling(0, 1, 1), t -> true))
                .isInstanceOfSatisfying(VilamException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
                    assertThat(e).hasMessageContaining("the model reads " + POSITIONS);
                });
    }
}
