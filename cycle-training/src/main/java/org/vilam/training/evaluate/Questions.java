package org.vilam.training.evaluate;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.vilam.training.scene.Composition;
import org.vilam.training.scene.Expression;
import org.vilam.training.scene.Expression.Kind;
import org.vilam.training.scene.Scene;
import org.vilam.training.scene.SceneFamily;
import org.vilam.training.scene.SceneObject;
import org.vilam.training.scene.SceneWorld;

/**
 * What is asked about one picture.
 *
 * @param image its name, the cluster of the bootstrap
 * @param scene the picture
 * @param ones expressions that mean exactly one object
 * @param sets "all" and "the three" expressions
 * @param absent expressions that mean nothing in the picture
 * @param described objects to be described: such that the world itself finds words that single them out
 * @param named objects whose category is asked for
 */
record Questions(
        String image,
        Scene scene,
        List<Expression> ones,
        List<Expression> sets,
        List<Expression> absent,
        List<SceneObject> described,
        List<SceneObject> named) {
    /** Questions of each sort about one picture, at most. */
    private static final int EACH = 2;
    /** Expressions tried for one that names a held-out pair. */
    private static final int TRIES = 12;
    /** As in training, less than this share of an object is not asked about. */
    private static final double VISIBLE_ENOUGH = 0.35;

    private static final Set<Kind> MANY = EnumSet.of(Kind.ALL, Kind.COUNT);
    private static final Set<Kind> ABSENT = EnumSet.of(Kind.NONE);
    private static final Set<Kind> ONE =
            EnumSet.complementOf(EnumSet.of(Kind.ALL, Kind.COUNT, Kind.NONE, Kind.AMBIGUOUS));

    /** The kinds of expressions that mean exactly one object, in their order. */
    static Set<Kind> singleKinds() {
        return Collections.unmodifiableSet(ONE);
    }

    /**
     * The questions about picture {@code index} of a family, split and seed: always the same. The kinds of expressions are drawn
     * with equal chances from those that the picture offers.
     */
    static Questions of(SceneFamily family, Split split, long seed, long index) {
        Scene scene = SceneWorld.scene(family, split.holdout(), seed, index);
        String image = family.name() + "-" + split + "-" + index;
        List<SceneObject> objects = scene.objects().stream()
                .filter(o -> split != Split.COMPOSITION || Composition.unseen(scene, o))
                .toList();
        if (objects.isEmpty()) {
            return new Questions(image, scene, List.of(), List.of(), List.of(), List.of(), List.of());
        }
        // java.util.Random, because Collections.shuffle wants one; the platform specifies its sequence.
        Random random = new Random(seed * 0x9E3779B97F4A7C15L + index);
        List<Expression> ones = expressions(scene, split, ONE, seed, index, random);
        List<SceneObject> named = new ArrayList<>(
                objects.stream().filter(o -> o.visible() >= VISIBLE_ENOUGH).toList());
        Collections.shuffle(named, random);
        List<SceneObject> described = named.stream()
                .filter(o -> SceneWorld.description(scene, o, seed, index * 64).isPresent())
                .limit(EACH)
                .toList();
        return new Questions(
                image,
                scene,
                ones,
                expressions(scene, split, MANY, seed, index, random),
                expressions(scene, split, ABSENT, seed, index, random),
                described,
                List.copyOf(named.subList(0, Math.min(EACH, named.size()))));
    }

    private static List<Expression> expressions(
            Scene scene, Split split, Set<Kind> kinds, long seed, long index, Random random) {
        List<Kind> order = new ArrayList<>();
        while (order.size() < EACH) {
            order.addAll(kinds); // more than once where there are fewer kinds than questions
        }
        Collections.shuffle(order, random);
        List<Expression> out = new ArrayList<>();
        for (int i = 0; i < order.size() && out.size() < EACH; i++) {
            int turn = i;
            expression(scene, split, order.get(i), seed, number -> (index * 64 + turn) * TRIES + number)
                    .filter(e -> out.stream().noneMatch(o -> o.text().equals(e.text())))
                    .ifPresent(out::add);
        }
        return out;
    }

    @FunctionalInterface
    private interface Numbering {
        long of(int attempt);
    }

    private static Optional<Expression> expression(
            Scene scene, Split split, Kind kind, long seed, Numbering numbering) {
        if (split != Split.COMPOSITION || kind == Kind.NONE) {
            return SceneWorld.expression(scene, kind, seed, numbering.of(0));
        }
        for (int i = 0; i < TRIES; i++) {
            Optional<Expression> said = SceneWorld.expression(scene, kind, seed, numbering.of(i));
            if (said.isEmpty() || Composition.unseen(scene, said.get())) {
                return said;
            }
        }
        return Optional.empty();
    }
}
