package org.vilam.assistant.llama;

/**
 * How an answer is decoded, in the words of Hugging Face's {@code GenerationConfig}.
 *
 * @param maxNewTokens most tokens of an answer, the ending token included
 * @param minNewTokens the ending token cannot come before so many
 * @param beams beams of a beam search; 1 for greedy decoding or sampling
 * @param temperature 0 for greedy decoding; above 0 tokens are sampled
 * @param topP share of the probability mass that sampling keeps (nucleus), above 0 and at most 1
 * @param repetitionPenalty divides positive and multiplies negative scores of tokens already said; 1 for none
 * @param lengthPenalty exponent of the length that a finished beam's score is divided by
 * @param earlyStopping whether a beam search ends as soon as there are enough finished beams
 * @param eosTokenId the ending token
 * @param seed of sampling
 */
public record Generation(
        int maxNewTokens,
        int minNewTokens,
        int beams,
        double temperature,
        double topP,
        double repetitionPenalty,
        double lengthPenalty,
        boolean earlyStopping,
        int eosTokenId,
        long seed) {
    /** Checks the ranges. */
    public Generation {
        require(maxNewTokens > 0, "maxNewTokens", "above 0");
        require(minNewTokens >= 0, "minNewTokens", "0 or more");
        require(beams > 0, "beams", "above 0");
        require(temperature >= 0 && temperature < 100, "temperature", "within 0 .. 100");
        require(topP > 0 && topP <= 1, "topP", "above 0 and at most 1");
        require(repetitionPenalty > 0, "repetitionPenalty", "above 0");
        require(beams == 1 || temperature == 0, "temperature", "0 for a beam search");
    }

    /** Greedy decoding without penalties, for places and other answers made of digits and brackets. */
    public static Generation grounding(int maxNewTokens, int eosTokenId) {
        return new Generation(maxNewTokens, 0, 1, 0, 1, 1, 1, false, eosTokenId, 0);
    }

    /**
     * What LAVIS and ViLaM use: five beams, repetition penalty 1.5 (LAVIS {@code blip2_vicuna_instruct.generate}). The penalty
     * hurts coordinates, whose digits repeat.
     */
    public static Generation compat(int maxNewTokens, int eosTokenId) {
        return new Generation(maxNewTokens, 1, 5, 0, 1, 1.5, 1, false, eosTokenId, 0);
    }

    private static void require(boolean holds, String field, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(field + " must be " + rule);
        }
    }
}
