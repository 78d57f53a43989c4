package org.vilam.grounding.answer;

import java.util.List;
import java.util.Optional;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.geometry.Keypoint;
import org.vilam.vision.geometry.Mask;

/**
 * What the heads found for an expression in a picture, in the picture's pixels.
 *
 * @param presence probability 0..1 that anything in the picture is meant
 * @param one the one object that fits best, whatever the presence
 * @param all every object that fits, best first; may be empty
 */
public record Grounded(double presence, Found one, List<Found> all) {
    /** Copies the list. */
    public Grounded {
        all = List.copyOf(all);
    }

    /** The presence from which on something is said to be there. */
    public static final double PRESENT = 0.5;

    /** Whether anything in the picture is meant. */
    public boolean present() {
        return presence >= PRESENT;
    }

    /**
     * An object.
     *
     * @param box within the picture
     * @param score 0..1
     * @param mask its pixels, where masks were asked for
     * @param keypoints its named points, where they were asked for; those that cannot be seen are absent
     */
    public record Found(Box box, double score, Optional<Mask> mask, List<ScoredKeypoint> keypoints) {
        /** Copies the list. */
        public Found {
            keypoints = List.copyOf(keypoints);
        }
    }

    /**
     * A named point.
     *
     * @param keypoint name, place and whether it is hidden
     * @param score 0..1, how sure it is that it can be seen
     */
    public record ScoredKeypoint(Keypoint keypoint, double score) {}
}
