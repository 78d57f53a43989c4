package org.vilam.training.scene;

import java.util.SplittableRandom;

/**
 * Pictures that look medical and are not: blood smears, nuclei, chest X-rays and CT slices with nodules and devices.
 *
 * <p>Nothing in them is a diagnosis; they teach the words and the looks.
 */
final class PhantomsFamily implements SceneFamily {
    @Override
    public String name() {
        return "phantoms";
    }

    @Override
    public Scene draw(SplittableRandom random, Holdout holdout) {
        Easel easel = Canvases.blank(random);
        switch (random.nextInt(4)) {
            case 0 -> Cells.smear(easel, random);
            case 1 -> Cells.nuclei(easel, random);
            case 2 -> Scans.chest(easel, random);
            default -> Scans.slice(easel, random);
        }
        return Effects.finish(easel, name(), random);
    }
}
