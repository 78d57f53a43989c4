package org.vilam.grounding.c3vg;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.vilam.grounding.simvg.IntegerSinePositions;
import org.vilam.grounding.simvg.TextPooling;
import org.vilam.vision.tensor.SinePositions;

/**
 * What the official code does otherwise than it seems to mean. A checkpoint knows the variant it was trained with, so that another
 * one is for models trained anew.
 *
 * @param pooling how the text becomes one vector
 * @param regions which cells of the map a box reads
 * @param textPositions whether text positions have their falling frequencies, which the official code rounds to 0
 */
public record C3VgVariant(TextPooling pooling, RegionPooling regions, boolean textPositions) {
    /** As the published numbers were made. */
    public static final C3VgVariant OFFICIAL = new C3VgVariant(TextPooling.LAST_TWO, RegionPooling.CORNER_CELLS, false);
    /** As meant. */
    public static final C3VgVariant CORRECTED = new C3VgVariant(TextPooling.MASKED_MAX, RegionPooling.BOX_CELLS, true);

    /** The positions of text tokens, (length, width). */
    NDArray positions(NDManager manager, int length, int width) {
        return textPositions
                ? SinePositions.of1d(manager, length, width)
                : IntegerSinePositions.of(manager, length, width);
    }
}
