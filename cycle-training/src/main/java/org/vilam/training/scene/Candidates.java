package org.vilam.training.scene;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.vilam.training.scene.Meaning.And;
import org.vilam.training.scene.Meaning.Between;
import org.vilam.training.scene.Meaning.Has;
import org.vilam.training.scene.Meaning.Not;
import org.vilam.training.scene.Meaning.Order;
import org.vilam.training.scene.Meaning.Place;
import org.vilam.training.scene.Meaning.Placed;
import org.vilam.training.scene.Meaning.Related;
import org.vilam.training.scene.Meaning.Relation;
import org.vilam.training.scene.Meaning.Sized;

/** Meanings that may hold of an object, put together at random; nothing is proven of them yet. */
final class Candidates {
    static final Relation[] BESIDE = {Relation.LEFT_OF, Relation.RIGHT_OF, Relation.ABOVE, Relation.BELOW};

    private final Scene scene;
    private final SplittableRandom random;

    Candidates(Scene scene, SplittableRandom random) {
        this.scene = scene;
        this.random = random;
    }

    /** The object's attributes, in alphabetical order, but for those that its noun says already. */
    static List<Has> attributes(SceneObject object) {
        List<Has> all = new ArrayList<>();
        new TreeMap<>(object.attributes()).forEach((attribute, value) -> {
            if (!attribute.equals("character") && !value.equals(SceneObject.NO_SUCH)) {
                all.add(new Has(attribute, value));
            }
        });
        return all;
    }

    /** The attributes whose denial people would say; "not without a hat" they would not. */
    static List<Has> deniable(SceneObject object) {
        return attributes(object).stream()
                .filter(has -> !has.value().startsWith("no "))
                .toList();
    }

    /** The first noun, or for people as often a narrower one: man, woman, child. */
    String name(SceneObject object) {
        return random.nextBoolean() ? object.category() : Vocabulary.narrow(object);
    }

    /** The noun of the object; one time in four any that fits. */
    Meaning.Kind noun(SceneObject object) {
        List<String> kinds = new ArrayList<>(object.kinds());
        kinds.removeIf(kind -> kind.equals("object") && object.category().equals("person"));
        kinds.sort(null);
        return new Meaning.Kind(random.nextInt(4) == 0 ? pick(kinds) : name(object));
    }

    /** The noun with up to {@code count} of its attributes; empty where it has none. */
    Optional<Meaning> attributed(SceneObject target, int count) {
        Meaning.Kind noun = noun(target);
        List<Has> all = attributes(target);
        // "The left lung on the patient's left" says it twice.
        all.removeIf(has -> has.attribute().equals("side") && noun.noun().matches("(left|right) .*"));
        if (all.isEmpty()) {
            return Optional.empty();
        }
        List<Meaning> parts = new ArrayList<>(List.of(noun));
        for (int i = 0; i < count && !all.isEmpty(); i++) {
            parts.add(all.remove(random.nextInt(all.size())));
        }
        return Optional.of(new And(parts));
    }

    /** Noun, with an attribute half of the time. */
    Meaning plain(SceneObject target) {
        return random.nextBoolean() ? noun(target) : attributed(target, 1).orElseGet(() -> noun(target));
    }

    /** As plain, but often a broad noun, so that orders range over unlike things too. */
    Meaning loose(SceneObject target) {
        String broad = target.category().equals("person") ? "person" : "object";
        return random.nextInt(4) == 0 ? new Meaning.Kind(broad) : plain(target);
    }

    /** A description that denotes exactly this object, as short as can be found. */
    Optional<Meaning> unique(SceneObject object) {
        Meaning noun = new Meaning.Kind(name(object));
        if (Denotation.of(noun, scene).unique()) {
            return Optional.of(noun);
        }
        for (int i = 0; i < 6; i++) {
            Optional<Meaning> meaning = attributed(object, 1 + i / 3);
            if (meaning.isPresent() && Denotation.of(meaning.get(), scene).unique()) {
                return meaning;
            }
        }
        return Optional.empty();
    }

    Optional<Meaning> related(SceneObject target, Relation... relations) {
        if (scene.objects().size() < 2) {
            return Optional.empty();
        }
        return unique(other(target)).map(anchor -> new Related(pick(relations), plain(target), anchor));
    }

    Optional<Meaning> between(SceneObject target) {
        List<SceneObject> others = new ArrayList<>(scene.objects());
        others.remove(target);
        // Of all pairs with the target on the way from one to the other, any.
        List<SceneObject[]> pairs = new ArrayList<>();
        for (SceneObject p : others) {
            for (SceneObject q : others) {
                double along = (target.centreX() - p.centreX()) * (q.centreX() - target.centreX())
                        + (target.centreY() - p.centreY()) * (q.centreY() - target.centreY());
                if (p.id() != q.id() && along > 0) {
                    pairs.add(new SceneObject[] {p, q});
                }
            }
        }
        if (pairs.isEmpty()) {
            return Optional.empty();
        }
        SceneObject[] pair = pick(pairs);
        Optional<Meaning> first = unique(pair[0]);
        Optional<Meaning> second = unique(pair[1]);
        return first.isPresent() && second.isPresent()
                ? Optional.of(new Between(plain(target), first.get(), second.get()))
                : Optional.empty();
    }

    /** A broad enough noun that several fit, and something the target is not though another is. */
    Optional<Meaning> negated(SceneObject target) {
        if (scene.objects().size() < 2) {
            return Optional.empty();
        }
        SceneObject other = other(target);
        List<String> common =
                target.kinds().stream().filter(other.kinds()::contains).sorted().toList();
        List<Meaning> denied = new ArrayList<>(deniable(other));
        boolean byNoun = !other.category().equals(target.category()) && (denied.isEmpty() || random.nextInt(4) == 0);
        if (byNoun) {
            denied = List.of(new Meaning.Kind(other.category()));
        }
        if (denied.isEmpty()) {
            return Optional.empty();
        }
        String named = byNoun ? pick(common) : name(target);
        Meaning noun = new Meaning.Kind(common.contains(named) ? named : pick(common));
        // Saying what it is not must do some work: without it, more than one object fits.
        return Denotation.of(noun, scene).objects().size() > 1
                ? Optional.of(new And(List.of(noun, new Not(pick(denied)))))
                : Optional.empty();
    }

    /** What several may share: a noun, an attribute, a side of the picture, a side of another object, a size. */
    Optional<Meaning> shared(SceneObject target) {
        return switch (random.nextInt(12)) {
            case 0, 1 -> Optional.of(new Placed(pick(Place.LEFT, Place.RIGHT, Place.TOP, Place.BOTTOM), plain(target)));
            case 2 -> Optional.of(new Sized(random.nextBoolean(), plain(target)));
            case 3 -> related(target, BESIDE);
            case 4 -> negated(target);
            default -> Optional.of(plain(target));
        };
    }

    /** An order with an extreme: leftmost, largest. */
    Order extreme() {
        return pick(Order.values());
    }

    /** An order to count along. */
    Order order() {
        return pick(Order.LEFTMOST, Order.RIGHTMOST, Order.TOPMOST, Order.BOTTOMMOST, Order.LARGEST);
    }

    SceneObject other(SceneObject target) {
        if (scene.objects().size() < 2) {
            return target;
        }
        int i = random.nextInt(scene.objects().size() - 1);
        return scene.objects().get(i < target.id() ? i : i + 1);
    }

    @SafeVarargs
    final <T> T pick(T... options) {
        return options[random.nextInt(options.length)];
    }

    final <T> T pick(List<T> options) {
        return options.get(random.nextInt(options.size()));
    }
}
