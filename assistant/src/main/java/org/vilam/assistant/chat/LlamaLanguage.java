package org.vilam.assistant.chat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.vilam.assistant.llama.Generation;
import org.vilam.assistant.llama.Generator;
import org.vilam.assistant.llama.LlamaModel;
import org.vilam.assistant.llama.Prompt;
import org.vilam.assistant.text.StreamingDecoder;
import org.vilam.assistant.text.TextTokenizer;
import org.vilam.prompts.VicunaConversation;
import org.vilam.prompts.VicunaConversation.Turn;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

/**
 * A LLaMA in this process that is spoken to in the format of Vicuna v1.1. What it says is worth reading only where its weights
 * were trained on conversations: those of Vicuna were, those of the bundled model were not.
 */
public final class LlamaLanguage implements Language {
    private static final String ENDING = "</s>";

    private final LlamaModel model;
    private final TextTokenizer tokenizer;
    private final NDManager manager;
    private final int begin;
    private final int end;
    private final long seed;

    /**
     * Puts the parts together; the caller keeps owning them.
     *
     * @param manager gives the device
     * @param begin the token before a conversation, Vicuna's {@code <s>} or, as LAVIS has it, {@code </s>}
     * @param end the token after an answer
     * @param seed of sampling
     */
    public LlamaLanguage(LlamaModel model, TextTokenizer tokenizer, NDManager manager, int begin, int end, long seed) {
        this.model = model;
        this.tokenizer = tokenizer;
        this.manager = manager;
        this.begin = begin;
        this.end = end;
        this.seed = seed;
    }

    @Override
    public Reply reply(String system, List<Turn> turns, Sampling sampling, Listener listener) {
        long[] ids = ids(system, turns);
        int room = model.config().maxPositions() - ids.length;
        if (room < 1) {
            throw new VilamException(
                    ErrorCode.INVALID_ARGUMENT,
                    "messages: the conversation has " + ids.length + " tokens, the model reads "
                            + model.config().maxPositions(),
                    "Leave out earlier messages, for example with a window over the chat memory.");
        }
        Generation generation = new Generation(
                Math.min(room, sampling.maxTokens()),
                0,
                1,
                sampling.temperature(),
                sampling.topP(),
                1,
                1,
                false,
                end,
                seed);
        StreamingDecoder decoder = tokenizer.streamingDecoder(true);
        boolean[] stopped = {false};
        try (NDManager scope = manager.newSubManager();
                NDArray embeds = model.embed(scope.create(ids).expandDims(0))) { // (1, T, D)
            Generator.Answer answer = new Generator(model)
                    .generate(scope, Prompt.of(embeds), generation, (row, token) -> {
                        stopped[0] = token != end && !listener.onToken(decoder.push(token));
                        return !stopped[0];
                    })
                    .get(0)
                    .get(0);
            String rest = decoder.finish();
            if (!stopped[0] && !rest.isEmpty()) {
                listener.onToken(rest);
            }
            return new Reply(ids.length, answer.tokens().length, answer.finished());
        }
    }

    /** The conversation as tokens; what people write is text whatever it looks like. */
    private long[] ids(String system, List<Turn> turns) {
        List<long[]> parts = new ArrayList<>();
        parts.add(new long[] {begin});
        for (int i = 0; i < turns.size(); i++) {
            Turn turn = turns.get(i);
            String text = VicunaConversation.format(i == 0 ? system : "", List.of(turn));
            boolean answered = turn.assistant() != null;
            parts.add(tokenizer.encodeLiteral(answered ? text.substring(0, text.length() - ENDING.length()) : text));
            if (answered) {
                parts.add(new long[] {end});
            }
        }
        return parts.stream().flatMapToLong(LongStream::of).toArray();
    }
}
