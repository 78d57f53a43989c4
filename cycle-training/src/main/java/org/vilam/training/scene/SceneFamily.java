package org.vilam.training.scene;

import java.util.SplittableRandom;

/** A kind of picture that can be drawn without end. */
public interface SceneFamily {
    /** Its name: shapes, things, people or phantoms. */
    String name();

    /**
     * Draws one picture.
     *
     * @param random where all choices come from: the same source gives the same picture
     * @param holdout which combinations must not be drawn
     */
    Scene draw(SplittableRandom random, Holdout holdout);
}
