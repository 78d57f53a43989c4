package org.vilam.training.sample;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.vilam.prompts.Task;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.geometry.Keypoint;
import org.vilam.vision.geometry.Mask;
import org.vilam.vision.image.RgbImage;

/**
 * A picture with what is said about it.
 *
 * @param image the upright picture; all places are in its pixels
 * @param things objects of the picture with words that are true of them; all or some, or none where they are not known
 * @param groundings expressions, each with the objects it means
 * @param tellings questions in words with answers in words
 */
public record Example(RgbImage image, List<Thing> things, List<Grounding> groundings, List<Telling> tellings) {
    /** Copies the lists. */
    public Example {
        things = List.copyOf(things);
        groundings = List.copyOf(groundings);
        tellings = List.copyOf(tellings);
    }

    /**
     * An object of the picture.
     *
     * @param box tight around what can be seen
     * @param mask what can be seen, or null where it is not known
     * @param keypoints named points, empty where they are not known
     */
    public record Target(Box box, @Nullable Mask mask, List<Keypoint> keypoints) {
        /** Copies the list. */
        public Target {
            keypoints = List.copyOf(keypoints);
        }
    }

    /**
     * An object and words that are true of it.
     *
     * @param words category and attributes, such as {@code red striped circle}
     */
    public record Thing(Target target, String words) {}

    /**
     * An expression and what it means.
     *
     * @param expression as a person would say it
     * @param targets none, one or many
     */
    public record Grounding(String expression, List<Target> targets) {
        /** Copies the list. */
        public Grounding {
            targets = List.copyOf(targets);
        }
    }

    /**
     * A question about the picture or a region of it, and the answer.
     *
     * @param task which kind of question
     * @param region what it is about, or empty for the whole picture
     * @param instruction the question in words, the region's coordinates included
     * @param answer in words
     */
    public record Telling(Task task, Optional<Box> region, String instruction, String answer) {}
}
