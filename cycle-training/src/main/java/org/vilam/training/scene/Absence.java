package org.vilam.training.scene;

import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.vilam.training.scene.Meaning.And;
import org.vilam.training.scene.Meaning.Between;
import org.vilam.training.scene.Meaning.Has;
import org.vilam.training.scene.Meaning.Not;
import org.vilam.training.scene.Meaning.Place;
import org.vilam.training.scene.Meaning.Placed;
import org.vilam.training.scene.Meaning.Ranked;
import org.vilam.training.scene.Meaning.Related;
import org.vilam.training.scene.Meaning.Relation;
import org.vilam.training.scene.Meaning.Sized;

/**
 * Meanings close to what is there but true of nothing.
 *
 * <p>Most keep a noun that is there and go wrong in an attribute, a place, a rank or a relation, and a wrong noun comes in all
 * the forms in which present things are spoken of, so that neither the noun nor the form of the words gives the absence away.
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
        return switch (random.nextInt(20)) {
            case 0, 1, 2, 3, 4 -> swapped(target).flatMap(wrong -> said(wrong, target));
            case 5, 6, 7, 8 -> borrowed(target).flatMap(wrong -> said(wrong, target));
            case 9, 10 -> said(elsewhere(), target);
            case 11, 12, 13, 14 -> Optional.of(new Placed(candidates.pick(Place.values()), candidates.loose(target)));
            case 15 -> Optional.of(new Ranked(candidates.order(), 2 + random.nextInt(3), candidates.loose(target)));
            case 16 -> negated(target);
            default -> candidates.related(target, relations());
        };
    }

    /** In one of the forms in which people speak of what there is: a wrong noun or attribute makes all of them wrong. */
    private Optional<Meaning> said(Meaning wrong, SceneObject near) {
        return switch (random.nextInt(16)) {
            case 0 -> Optional.of(new Placed(candidates.pick(Place.values()), wrong));
            case 1 -> Optional.of(new Sized(random.nextBoolean(), wrong));
            case 2 -> Optional.of(new Ranked(candidates.extreme(), 1, wrong));
            case 3 -> Optional.of(new Ranked(candidates.order(), 2 + random.nextInt(3), wrong));
            case 4 -> candidates.unique(near).map(anchor -> new Related(candidates.pick(relations()), wrong, anchor));
            case 5 -> {
                Optional<Meaning> first = candidates.unique(near);
                Optional<Meaning> second = candidates.unique(candidates.other(near));
                yield first.isPresent() && second.isPresent() && !first.equals(second)
                        ? Optional.of(new Between(wrong, first.get(), second.get()))
                        : Optional.empty();
            }
            default -> Optional.of(wrong);
        };
    }

    /** Relations about as often as they hold in the family's pictures. */
    private Relation[] relations() {
        boolean nested = scene.family().equals("shapes") || scene.family().equals("phantoms");
        if (nested && random.nextInt(3) == 0) {
            return new Relation[] {Relation.INSIDE, Relation.AROUND};
        }
        return random.nextInt(4) == 0
                ? new Relation[] {Relation.NEAREST, Relation.FARTHEST, Relation.IN_FRONT_OF, Relation.BEHIND}
                : Candidates.BESIDE;
    }

    /** One value replaced by another of the family. */
    private Optional<Meaning> swapped(SceneObject target) {
        List<Has> all = Candidates.attributes(target);
        List<Has> colours = all.stream()
                .filter(has -> Vocabulary.COLOURED.contains(has.attribute()))
                .toList();
        if (all.isEmpty()) {
            return Optional.empty();
        }
        Has has = candidates.pick(colours.isEmpty() || random.nextInt(3) == 0 ? all : colours);
        List<String> values = Vocabulary.values(scene.family()).getOrDefault(has.attribute(), List.of());
        return values.isEmpty()
                ? Optional.empty()
                : Optional.of(with(noun(target), new Has(has.attribute(), candidates.pick(values))));
    }

    /** The target's noun with another object's attribute. */
    private Optional<Meaning> borrowed(SceneObject target) {
        List<Has> all = Candidates.attributes(candidates.other(target));
        return all.isEmpty() ? Optional.empty() : Optional.of(with(noun(target), candidates.pick(all)));
    }

    /** Any noun that fits, the broadest now and then, for nothing striped is a statement too. */
    private Meaning noun(SceneObject target) {
        boolean broad = random.nextInt(4) == 0 && !target.category().equals("person");
        return broad ? new Meaning.Kind("object") : candidates.noun(target);
    }

    /** What all of the kind are, denied. */
    private Optional<Meaning> negated(SceneObject target) {
        List<Has> all = Candidates.deniable(target);
        return all.isEmpty()
                ? Optional.empty()
                : Optional.of(with(candidates.noun(target), new Not(candidates.pick(all))));
    }

    /** A noun of other pictures of the family, now and then with an attribute of something that is here. */
    private Meaning elsewhere() {
        Meaning noun = new Meaning.Kind(candidates.pick(Vocabulary.elsewhere(scene, random)));
        SceneObject any = scene.objects().get(random.nextInt(scene.objects().size()));
        List<Has> all = Candidates.attributes(any);
        all.removeIf(has -> !has.attribute().equals("colour"));
        return all.isEmpty() || random.nextBoolean() ? noun : with(noun, candidates.pick(all));
    }

    private static Meaning with(Meaning noun, Meaning rest) {
        return new And(List.of(noun, rest));
    }
}
