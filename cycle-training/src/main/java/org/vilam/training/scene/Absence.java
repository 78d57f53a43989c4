package org.vilam.training.scene;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.vilam.training.scene.Meaning.And;
import org.vilam.training.scene.Meaning.Has;
import org.vilam.training.scene.Meaning.Not;
import org.vilam.training.scene.Meaning.Order;
import org.vilam.training.scene.Meaning.Place;
import org.vilam.training.scene.Meaning.Placed;
import org.vilam.training.scene.Meaning.Ranked;
import org.vilam.training.scene.Meaning.Related;
import org.vilam.training.scene.Meaning.Relation;

/**
 * Meanings close to what is there but true of nothing: most keep a noun that is there and go wrong in an attribute, a place
 * or a relation, so that neither the noun nor the form of the words gives the absence away.
 */
final class Absence {
    private final Scene scene;
    private final SplittableRandom random;
    private final Candidates candidates;

    Absence(Scene scene, SplittableRandom random, Candidates candidates) {
        this.scene = scene;
        this.random = random;
        this.candidates = candidates;
    }

    /** A candidate around an object that is there; whether nothing fits is still to be proven. */
    Optional<Meaning> near(SceneObject target) {
        return switch (random.nextInt(12)) {
            case 0, 1, 2 -> swapped(target);
            case 3, 4 -> borrowed(target);
            case 5 -> candidates.related(target, Candidates.BESIDE);
            case 6 ->
                candidates.related(target, Relation.INSIDE, Relation.AROUND, Relation.BEHIND, Relation.IN_FRONT_OF);
            case 7, 8 -> Optional.of(new Placed(candidates.pick(Place.values()), candidates.plain(target)));
            case 9 -> negated(target);
            default -> elsewhere(target);
        };
    }

    /** One value replaced by another of the family. */
    private Optional<Meaning> swapped(SceneObject target) {
        List<Has> all = Candidates.attributes(target);
        if (all.isEmpty()) {
            return Optional.empty();
        }
        Has has = candidates.pick(all);
        List<String> values = Vocabulary.values(scene.family()).getOrDefault(has.attribute(), List.of());
        return values.isEmpty()
                ? Optional.empty()
                : Optional.of(with(candidates.noun(target), new Has(has.attribute(), candidates.pick(values))));
    }

    /** The target's noun with another object's attribute. */
    private Optional<Meaning> borrowed(SceneObject target) {
        List<Has> all = Candidates.attributes(candidates.other(target));
        return all.isEmpty() ? Optional.empty() : Optional.of(with(candidates.noun(target), candidates.pick(all)));
    }

    /** What all of the kind are, denied. */
    private Optional<Meaning> negated(SceneObject target) {
        List<Has> all = Candidates.deniable(target);
        return all.isEmpty()
                ? Optional.empty()
                : Optional.of(with(candidates.noun(target), new Not(candidates.pick(all))));
    }

    /** A noun of other pictures of the family, in every form in which present things are spoken of. */
    private Optional<Meaning> elsewhere(SceneObject target) {
        Meaning noun = new Meaning.Kind(candidates.pick(Vocabulary.elsewhere(scene, random)));
        Map<String, List<String>> values = Vocabulary.values(scene.family());
        return switch (random.nextInt(6)) {
            case 0 -> Optional.of(new Placed(candidates.pick(Place.values()), noun));
            case 1 -> Optional.of(new Ranked(candidates.pick(Order.values()), 1, noun));
            case 2 ->
                candidates.unique(target).map(anchor -> new Related(candidates.pick(Candidates.BESIDE), noun, anchor));
            case 3 -> {
                List<String> colours = values.getOrDefault("colour", List.of());
                yield colours.isEmpty()
                        ? Optional.of(noun)
                        : Optional.of(with(noun, new Has("colour", candidates.pick(colours))));
            }
            default -> Optional.of(noun);
        };
    }

    private static Meaning with(Meaning noun, Meaning rest) {
        return new And(List.of(noun, rest));
    }
}
