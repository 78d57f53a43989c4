package org.vilam.training.scene;

import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * The world as a numbered sequence: picture {@code index} of a family, seed and split is always the same picture.
 *
 * <p>So a training run needs no files, workers may draw in any order, and a held-out split is a seed.
 */
public final class SceneWorld {
    private static final List<SceneFamily> FAMILIES =
            List.of(new ShapesFamily(), new ThingsFamily(), new PeopleFamily(), new PhantomsFamily());

    private SceneWorld() {}

    /** All families: shapes, things, people, phantoms. */
    public static List<SceneFamily> families() {
        return FAMILIES;
    }

    /** Everyday things in the drawing style that training never sees. */
    public static SceneFamily unseenStyle() {
        return new ThingsFamily(Icons.FLUENT);
    }

    /**
     * A picture with at least one object.
     *
     * @param seed of the split
     * @param index of the picture
     */
    public static Scene scene(SceneFamily family, Holdout holdout, long seed, long index) {
        SplittableRandom random = random(seed, index);
        while (true) {
            Scene scene = family.draw(random, holdout);
            if (!scene.objects().isEmpty()) {
                return scene;
            }
        }
    }

    /** An expression of a kind about a scene, the {@code index}-th of this seed; empty where the scene has none. */
    public static Optional<Expression> expression(Scene scene, Expression.Kind kind, long seed, long index) {
        return new ExpressionWriter(scene, random(~seed, index)).write(kind);
    }

    private static SplittableRandom random(long seed, long index) {
        return new SplittableRandom(new SplittableRandom(seed).nextLong() + index * 0x9E3779B97F4A7C15L);
    }
}
