package org.vilam.training.scene;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Slips of the finger spoil a word now and then, and never make another one of it. */
final class TypingTest {
    private static final int SAMPLES = 20_000;
    private static final String PHRASE = "the second purple rectangle from the left";

    @Test
    void about_six_in_a_hundred_have_a_slip_in_one_word_or_two() {
        SplittableRandom random = new SplittableRandom(1);
        int slipped = 0;
        for (int i = 0; i < SAMPLES; i++) {
            String typed = Typing.typed(PHRASE, random).toLowerCase(Locale.ROOT).replace(".", "");
            String[] words = typed.split(" ");
            String[] meant = PHRASE.split(" ");
            assertThat(words).hasSameSizeAs(meant);
            int wrong = 0;
            for (int w = 0; w < words.length; w++) {
                if (!words[w].equals(meant[w])) {
                    wrong++;
                    assertThat(Math.abs(words[w].length() - meant[w].length())).isLessThanOrEqualTo(2);
                }
            }
            assertThat(wrong).isLessThanOrEqualTo(2);
            slipped += wrong > 0 ? 1 : 0;
        }
        // Words shorter than four letters are left alone, so that some attempts come to nothing.
        assertThat((double) slipped / SAMPLES).isBetween(0.03, 0.07);
    }

    @Test
    void a_slip_never_makes_another_known_word() {
        SplittableRandom random = new SplittableRandom(2);
        // One letter away from seal, dog's bone, boat, moon, bean and the like.
        for (String word :
                new String[] {"bear", "boat", "bowl", "coat", "goat", "boot", "three", "four", "here", "blue"}) {
            for (int i = 0; i < 500; i++) {
                String typed = Typing.slip(word, random);
                assertThat(typed.equals(word) || !Typing.known(typed)).as(typed).isTrue();
            }
        }
        assertThat(Typing.known("goat")).isTrue();
        assertThat(Typing.known("coat")).isTrue();
    }

    @Test
    void short_words_letters_and_digits_are_left_alone() {
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < 500; i++) {
            assertThat(Typing.slip("the 2nd red A", random)).isEqualTo("the 2nd red A");
        }
    }
}
