package org.vilam.assistant.chat;

import java.util.List;
import org.vilam.prompts.VicunaConversation.Turn;

/** A language model that goes on with a conversation in words alone. Safe for several threads. */
public interface Language {
    /**
     * How the next words are chosen.
     *
     * @param temperature 0 for the likeliest word each time, at most 2
     * @param topP share of the probability mass that words are drawn from, above 0 and at most 1
     * @param maxTokens most tokens of the answer, above 0
     */
    record Sampling(double temperature, double topP, int maxTokens) {
        /** Most tokens of an answer where nothing is said about it. */
        public static final int MAX_TOKENS = 512;

        /** Checks the ranges. */
        public Sampling {
            if (!(temperature >= 0 && temperature <= 2) || !(topP > 0 && topP <= 1) || maxTokens < 1) {
                throw new IllegalArgumentException(
                        "temperature " + temperature + ", topP " + topP + ", maxTokens " + maxTokens);
            }
        }
    }

    /**
     * What an answer took.
     *
     * @param promptTokens tokens that were read
     * @param tokens tokens that were said, the ending one included
     * @param finished whether it ended by itself, rather than at the limit or because the listener had enough
     */
    record Reply(int promptTokens, int tokens, boolean finished) {}

    /** Hears an answer token by token. */
    @FunctionalInterface
    interface Listener {
        /**
         * One token.
         *
         * @param text what it adds to the answer; empty where a character is not whole yet
         * @return false to stop at once
         */
        boolean onToken(String text);
    }

    /**
     * Answers the last turn.
     *
     * @param system what the model is told before the conversation; may be empty
     * @param turns oldest first; the last has no answer yet
     * @throws org.vilam.vision.error.VilamException INVALID_ARGUMENT when the conversation is longer than the model can read
     */
    Reply reply(String system, List<Turn> turns, Sampling sampling, Listener listener);
}
