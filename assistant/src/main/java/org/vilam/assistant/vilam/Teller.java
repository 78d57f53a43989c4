package org.vilam.assistant.vilam;

import java.util.List;
import java.util.function.Consumer;
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

    /**
     * The answer to a question, piece by piece as it is put.
     *
     * @param listener hears the pieces, which joined are the answer but for spaces around it; what it throws ends the answer
     *     and comes out of this method
     */
    default String answer(Question question, Consumer<String> listener) {
        String whole = answer(List.of(question)).get(0);
        listener.accept(whole);
        return whole;
    }

    /** The answer to a question. */
    default String answer(RgbImage image, @Nullable Box region, String instruction) {
        return answer(List.of(new Question(image, region, instruction))).get(0);
    }
}
