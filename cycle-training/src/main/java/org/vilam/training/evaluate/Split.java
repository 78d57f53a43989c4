package org.vilam.training.evaluate;

import java.util.List;
import java.util.Locale;
import org.vilam.training.scene.Composition;
import org.vilam.training.scene.Holdout;
import org.vilam.training.scene.SceneFamily;
import org.vilam.training.scene.SceneWorld;

/** In what the pictures of an evaluation differ from those of training. */
public enum Split {
    /** In the seed alone. */
    SEED(Holdout.TRAIN),
    /** Expressions name, and described objects have, a pair of attribute and noun that training never draws. */
    COMPOSITION(Holdout.COMPOSITION),
    /** Things drawn by other hands. */
    UNSEEN_STYLE(Holdout.TRAIN);

    private final Holdout holdout;

    Split(Holdout holdout) {
        this.holdout = holdout;
    }

    /** The rule of its compositions. */
    public Holdout holdout() {
        return holdout;
    }

    /** The families that have this split, in the world's order. */
    public List<SceneFamily> families() {
        return switch (this) {
            case SEED -> SceneWorld.families();
            case COMPOSITION ->
                SceneWorld.families().stream()
                        .filter(f -> Composition.appliesTo(f.name()))
                        .toList();
            case UNSEEN_STYLE -> List.of(SceneWorld.unseenStyle());
        };
    }

    /** {@code seed}, {@code composition} or {@code unseen-style}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
