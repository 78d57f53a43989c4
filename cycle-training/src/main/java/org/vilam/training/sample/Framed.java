package org.vilam.training.sample;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.vilam.grounding.head.RegionHead;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.geometry.CoordinateTransform;

/**
 * An example in the network's frame, ready to become tensors. Boxes are parts 0..1 of the frame's sides.
 *
 * @param pixels (3, S, S) normalised
 * @param words (N) for each patch the tokens of the words that are true of what lies on it; empty where nothing known does
 * @param groundings expressions with their targets
 * @param tellings questions with their answers
 * @param unspoken objects for which there may be no expression: what a description of one would have to be grounded to
 * @param place how the picture lies in the frame
 */
@SuppressWarnings("ArrayRecordComponent") // handed once from the thread that makes them to the one that computes
public record Framed(
        float[] pixels,
        int[][] words,
        List<Grounding> groundings,
        List<Telling> tellings,
        List<Grounding> unspoken,
        Place place) {
    /** Copies the lists. */
    public Framed {
        groundings = List.copyOf(groundings);
        tellings = List.copyOf(tellings);
        unspoken = List.copyOf(unspoken);
    }

    /** This example with other questions of both kinds. */
    public Framed with(List<Grounding> otherGroundings, List<Telling> otherTellings) {
        return new Framed(pixels, words, otherGroundings, otherTellings, List.of(), place);
    }

    /**
     * How a picture lies in the frame.
     *
     * @param width of the picture, pixels
     * @param height of the picture, pixels
     * @param toFrame from its pixels to the frame's
     * @param side S, of the frame
     */
    public record Place(int width, int height, CoordinateTransform toFrame, int side) {
        /** A box in parts of the frame's sides, in the picture's pixels, within the picture. */
        public Box toPicture(Box part) {
            return toFrame.inverse()
                    .apply(new Box(part.x1() * side, part.y1() * side, part.x2() * side, part.y2() * side))
                    .clamp(width, height);
        }
    }

    /**
     * An expression.
     *
     * @param ids its tokens
     * @param boxes of the objects meant
     * @param share (N) the part of the objects' pixels in each patch; sums to 1, or is 0 throughout where nothing is meant
     * @param referent (N) 0..1, whether a patch lies on something meant
     * @param looks regions to look at, around objects meant
     */
    public record Grounding(int[] ids, List<Box> boxes, float[] share, float[] referent, List<Look> looks) {
        /** Copies the lists. */
        public Grounding {
            boxes = List.copyOf(boxes);
            looks = List.copyOf(looks);
        }

        /** The same objects under another expression. */
        public Grounding with(int[] otherIds) {
            return new Grounding(otherIds, boxes, share, referent, looks);
        }
    }

    /**
     * A region around an object, somewhat off, with what is to be seen there.
     *
     * @param region where to look
     * @param box the object's own
     * @param mask (G, G) 0..1, the part of each cell of the {@link RegionHead.Region#view view} that the object covers; empty where
     *     it is not known
     * @param keypoints (K, 3) place in the view as parts 0..1 and visibility: 0 not known, 1 hidden, 2 visible; empty where not known
     */
    public record Look(Box region, Box box, float[] mask, float[] keypoints) {}

    /**
     * A question.
     *
     * @param region what it is about, or null for the whole picture
     * @param instruction tokens of the question
     * @param answer tokens of the answer, without the ending one
     */
    public record Telling(@Nullable Box region, int[] instruction, int[] answer) {}
}
