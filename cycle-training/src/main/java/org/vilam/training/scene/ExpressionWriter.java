package org.vilam.training.scene;

import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.vilam.training.scene.Expression.Kind;
import org.vilam.training.scene.Meaning.Between;
import org.vilam.training.scene.Meaning.Place;
import org.vilam.training.scene.Meaning.Placed;
import org.vilam.training.scene.Meaning.Ranked;
import org.vilam.training.scene.Meaning.Relation;
import org.vilam.training.scene.Meaning.Sized;

/**
 * Finds things that can truly be said about a scene, and says them.
 *
 * <p>A candidate meaning of the wanted kind is built around a target object and kept only if {@link Denotation} proves that
 * it denotes exactly what the kind promises: one object, a set, nothing, or several where one was asked for.
 */
final class ExpressionWriter {
    private static final int TRIES = 32;
    private static final int MANY = 9;
    /** Below this share of visible pixels an object is not asked for on its own. */
    static final double VISIBLE_ENOUGH = 0.35;

    private final Scene scene;
    private final Manner manner;
    private final SplittableRandom random;
    private final Candidates candidates;
    private final Absence absence;
    private final Diction diction;
    private final Wording wording;

    /** A writer for one scene. */
    ExpressionWriter(Scene scene, Manner manner, SplittableRandom random) {
        this.scene = scene;
        this.manner = manner;
        this.random = random;
        this.candidates = new Candidates(scene, random);
        this.absence = new Absence(scene, random, candidates);
        this.diction = manner == Manner.PLAIN ? Diction.PLAIN : Diction.varied(random);
        this.wording = new Wording(diction, Vocabulary.patientSides(scene));
    }

    /**
     * An expression of a kind.
     *
     * @param wanted an object that must be among those denoted (for NONE: that it is built around), or null
     * @return empty when none was found in a bounded number of tries: many scenes have no expression of some kinds
     */
    Optional<Expression> write(Kind kind, @Nullable SceneObject wanted) {
        for (int i = 0; i < TRIES && !scene.objects().isEmpty(); i++) {
            SceneObject target = wanted != null
                    ? wanted
                    : scene.objects().get(random.nextInt(scene.objects().size()));
            Optional<Meaning> meaning = meaning(kind, target);
            if (meaning.isPresent()) {
                Optional<List<SceneObject>> found = proven(kind, meaning.get());
                if (found.isPresent()
                        && (wanted == null || kind == Kind.NONE || found.get().contains(wanted))) {
                    return Optional.of(say(kind, meaning.get(), found.get()));
                }
            }
        }
        return Optional.empty();
    }

    /** What the meaning denotes, if that is what the kind promises. */
    private Optional<List<SceneObject>> proven(Kind kind, Meaning meaning) {
        Denotation denotation = Denotation.of(meaning, scene);
        if (!denotation.certain()) {
            return Optional.empty();
        }
        List<SceneObject> found = denotation.objects();
        int count = found.size();
        boolean right = switch (kind) {
            // A pair that training never draws must not be learnt as absent.
            case NONE -> count == 0 && !Holdout.mentioned(meaning);
            case ALL -> count >= 1 && count <= MANY;
            case COUNT -> count >= 2 && count <= MANY;
            case AMBIGUOUS -> count >= 2;
            default -> count == 1;
        };
        boolean visible = found.stream().allMatch(o -> o.visible() >= VISIBLE_ENOUGH);
        return right && visible ? Optional.of(found) : Optional.empty();
    }

    private Expression say(Kind kind, Meaning meaning, List<SceneObject> found) {
        Wording.Said said = switch (kind) {
            case ALL -> wording.all(meaning, found.size());
            case COUNT -> wording.counted(meaning, found.size());
            case NONE -> nothing(meaning);
            case AMBIGUOUS -> wording.definite(meaning, false);
            default -> wording.definite(meaning, true);
        };
        List<Integer> ids = found.stream().map(SceneObject::id).toList();
        return new Expression(typed(said), kind, meaning, ids);
    }

    /** Sets and numbers of things that are not there are asked for as well. */
    private Wording.Said nothing(Meaning meaning) {
        boolean set = !(meaning instanceof Ranked || meaning instanceof Sized || meaning instanceof Between);
        if (set && diction.once(8)) {
            return wording.all(meaning, 2 + random.nextInt(2));
        }
        return set && diction.once(10)
                ? wording.counted(meaning, 2 + random.nextInt(3))
                : wording.definite(meaning, true);
    }

    /** The phrase as the manner has it: alone, in a request, typed in a hurry. */
    String typed(Wording.Said said) {
        if (manner != Manner.EVERYDAY) {
            return said.text();
        }
        String text = random.nextInt(4) == 0 ? Requests.around(said, diction) : said.text();
        return Typing.typed(text, random);
    }

    private Optional<Meaning> meaning(Kind kind, SceneObject target) {
        return switch (kind) {
            case CATEGORY -> Optional.of(new Meaning.Kind(candidates.name(target)));
            case ATTRIBUTE -> candidates.attributed(target, 1 + random.nextInt(2));
            case SIZE -> Optional.of(new Sized(random.nextBoolean(), candidates.plain(target)));
            case SUPERLATIVE -> Optional.of(new Ranked(candidates.extreme(), 1, candidates.loose(target)));
            case ORDINAL ->
                Optional.of(new Ranked(candidates.order(), 2 + random.nextInt(3), candidates.loose(target)));
            case PLACE -> Optional.of(new Placed(candidates.pick(Place.values()), candidates.plain(target)));
            case RELATION ->
                candidates.related(
                        target,
                        Relation.LEFT_OF,
                        Relation.RIGHT_OF,
                        Relation.ABOVE,
                        Relation.BELOW,
                        Relation.NEAREST,
                        Relation.FARTHEST,
                        Relation.IN_FRONT_OF,
                        Relation.BEHIND);
            case CONTAINMENT -> candidates.related(target, Relation.INSIDE, Relation.AROUND);
            case BETWEEN -> candidates.between(target);
            case NEGATION -> candidates.negated(target);
            case ALL, COUNT, AMBIGUOUS -> candidates.shared(target);
            case NONE -> absence.near(target);
        };
    }
}
