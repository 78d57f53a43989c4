package org.vilam.training.text;

import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

/**
 * What a tokenizer shall be.
 *
 * @param vocabularySize how many tokens at most: the special ones, 256 bytes, and merges for the rest
 * @param furtherSpecials special tokens after {@code <pad>} 0, {@code <s>} 1, {@code </s>} 2 and {@code <unk>} 3, in the order of
 *     their ids; each of two characters or more
 * @param lowercase whether capitals give the ids of small letters; what is decoded is then in small letters
 * @param minimumCount the fewest times a pair must occur to become a token, 1 or more
 */
public record BpeConfig(int vocabularySize, List<String> furtherSpecials, boolean lowercase, long minimumCount) {
    private static final List<String> FIRST_SPECIALS = List.of("<pad>", "<s>", "</s>", "<unk>");

    /** The token put in front of a text by a model's post-processor. */
    static final String BEGIN = "<s>";

    /** @throws VilamException {@link ErrorCode#INVALID_ARGUMENT} naming the field that is wrong */
    public BpeConfig {
        furtherSpecials = List.copyOf(furtherSpecials);
        for (String token : furtherSpecials) {
            check(token.length() >= 2, "furtherSpecials", "'" + token + "' is shorter than two characters");
        }
        int specials = FIRST_SPECIALS.size() + furtherSpecials.size();
        check(
                new HashSet<>(specials(furtherSpecials)).size() == specials,
                "furtherSpecials",
                furtherSpecials + " repeats a token or one of " + FIRST_SPECIALS);
        check(
                vocabularySize >= specials + 256,
                "vocabularySize",
                vocabularySize + " has no room for " + specials + " special tokens and 256 bytes");
        check(minimumCount >= 1, "minimumCount", minimumCount + " is below 1");
    }

    /** Small letters and pairs seen twice, as for the bundled model. */
    public static BpeConfig of(int vocabularySize, List<String> furtherSpecials) {
        return new BpeConfig(vocabularySize, furtherSpecials, true, 2);
    }

    /** All special tokens; the place in the list is the id. */
    public List<String> specials() {
        return specials(furtherSpecials);
    }

    private static List<String> specials(List<String> further) {
        return Stream.concat(FIRST_SPECIALS.stream(), further.stream()).toList();
    }

    private static void check(boolean holds, String field, String why) {
        if (!holds) {
            throw new VilamException(
                    ErrorCode.INVALID_ARGUMENT,
                    "tokenizer " + field + ": " + why,
                    "Correct " + field + " in the tokenizer's settings.");
        }
    }
}
