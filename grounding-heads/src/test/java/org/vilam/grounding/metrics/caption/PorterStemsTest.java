package org.vilam.grounding.metrics.caption;

import static org.assertj.core.api.Assertions.assertThat;

import opennlp.tools.stemmer.PorterStemmer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The library's stemmer is Porter's: the examples of the rules in Porter (1980). */
final class PorterStemsTest {
    @ParameterizedTest
    @CsvSource({
        "caresses, caress",
        "ponies, poni",
        "ties, ti",
        "caress, caress",
        "cats, cat", // 1a
        "feed, feed",
        "agreed, agre",
        "plastered, plaster",
        "bled, bled",
        "motoring, motor",
        "sing, sing", // 1b
        "conflated, conflat",
        "troubled, troubl",
        "sized, size",
        "hopping, hop",
        "tanned, tan",
        "falling, fall",
        "hissing, hiss",
        "fizzed, fizz",
        "failing, fail",
        "filing, file",
        "happy, happi",
        "sky, sky", // 1c
        "relational, relat",
        "conditional, condit",
        "rational, ration",
        "digitizer, digit",
        "operator, oper", // 2
        "feudalism, feudal",
        "decisiveness, decis",
        "hopefulness, hope",
        "callousness, callous",
        "formality, formal",
        "sensitivity, sensit",
        "sensibility, sensibl",
        "triplicate, triplic",
        "formative, form",
        "formalize, formal",
        "electrical, electr",
        "hopeful, hope", // 3
        "goodness, good",
        "revival, reviv",
        "allowance, allow",
        "inference, infer",
        "airliner, airlin",
        "adjustable, adjust", // 4
        "replacement, replac",
        "adjustment, adjust",
        "dependent, depend",
        "adoption, adopt",
        "communism, commun",
        "activate, activ",
        "effective, effect",
        "bowdlerize, bowdler",
        "probate, probat",
        "rate, rate",
        "cease, ceas",
        "controll, control",
        "roll, roll" // 5
    })
    void stem(String word, String stem) {
        assertThat(new PorterStemmer().stem(word)).isEqualTo(stem);
    }
}
