package org.vilam.grounding.metrics.caption;

import java.util.List;

/**
 * One generated text and the texts people wrote for the same region, as tokens.
 *
 * @param hypothesis tokens of the generated text; empty for an answer without a word
 * @param references tokens of each reference text, at least one text
 */
public record CaptionSample(List<String> hypothesis, List<List<String>> references) {
    /** Copies the lists. */
    public CaptionSample {
        hypothesis = List.copyOf(hypothesis);
        references = references.stream().map(List::copyOf).toList();
        if (references.isEmpty()) {
            throw new IllegalArgumentException("a sample needs at least one reference text");
        }
    }

    /** Tokenises texts with {@link PtbTokenizer}. */
    public static CaptionSample ofTexts(String hypothesis, List<String> references) {
        return new CaptionSample(
                PtbTokenizer.tokenize(hypothesis),
                references.stream().map(PtbTokenizer::tokenize).toList());
    }
}
