package org.vilam.assistant.vilam;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.image.RgbImage;

/** Answers questions about pictures in words. Safe for several threads. */
public interface Teller {
    /**
     * A question.
     *
     * @param region what of the picture it is about, pixels, or null for the whole
     * @param instruction in words; coordinates on the 0..1000 scale
     */
    record Question(RgbImage image, @Nullable Box region, String instruction) {}

    /** The answers to questions, in one batch. */
    List<String> answer(List<Question> questions);

    /** The answer to a question. */
    default String answer(RgbImage image, @Nullable Box region, String instruction) {
        return answer(List.of(new Question(image, region, instruction))).get(0);
    }
}
