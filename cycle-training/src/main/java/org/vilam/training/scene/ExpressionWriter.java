package org.vilam.training.scene;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.vilam.training.scene.Expression.Kind;
import org.vilam.training.scene.Meaning.And;
import org.vilam.training.scene.Meaning.Between;
import org.vilam.training.scene.Meaning.Has;
import org.vilam.training.scene.Meaning.Not;
import org.vilam.training.scene.Meaning.Order;
import org.vilam.training.scene.Meaning.Place;
import org.vilam.training.scene.Meaning.Placed;
import org.vilam.training.scene.Meaning.Ranked;
import org.vilam.training.scene.Meaning.Related;
import org.vilam.training.scene.Meaning.Relation;
import org.vilam.training.scene.Meaning.Sized;

/**
 * Finds things that can truly be said about a scene, and says them.
 *
 * <p>A candidate meaning of the wanted kind is built around a target object and kept only if {@link Denotation} proves that
 * it denotes exactly what the kind promises: one object, a set, nothing, or several where one was asked for.
 */
public final class ExpressionWriter {
    private static final int TRIES = 24;
    /** Below this share of visible pixels an object is not asked for on its own. */
    private static final double VISIBLE_ENOUGH = 0.35;

    private final Scene scene;
    private final SplittableRandom random;
    private final Wording wording;

    /** A writer for one scene. */
    public ExpressionWriter(Scene scene, SplittableRandom random) {
        this.scene = scene;
        this.random = random;
        this.wording = new Wording(random);
    }

    /**
     * An expression of a kind.
     *
     * @return empty when none was found in a bounded number of tries: many scenes have no expression of some kinds
     */
    public Optional<Expression> write(Kind kind) {
        if (scene.objects().isEmpty()) {
            return Optional.empty();
        }
        for (int i = 0; i < TRIES; i++) {
            SceneObject target =
                    scene.objects().get(random.nextInt(scene.objects().size()));
            Optional<Meaning> meaning = meaning(kind, target);
            if (meaning.isPresent()) {
                Optional<Expression> expression = prove(kind, meaning.get());
                if (expression.isPresent()) {
                    return expression;
                }
            }
        }
        return Optional.empty();
    }

    private Optional<Expression> prove(Kind kind, Meaning meaning) {
        Denotation denotation = Denotation.of(meaning, scene);
        if (!denotation.certain()) {
            return Optional.empty();
        }
        List<SceneObject> found = denotation.objects();
        boolean visible = found.stream().allMatch(o -> o.visible() >= VISIBLE_ENOUGH);
        boolean right = switch (kind) {
            case NONE -> found.isEmpty();
            case ALL -> !found.isEmpty() && found.size() <= 9;
            case COUNT -> found.size() >= 2 && found.size() <= 9;
            case AMBIGUOUS -> found.size() >= 2;
            default -> found.size() == 1;
        };
        if (!right || !visible) {
            return Optional.empty();
        }
        String text = switch (kind) {
            case ALL -> wording.all(meaning);
            case COUNT -> wording.counted(meaning, found.size());
            default -> wording.definite(meaning);
        };
        return Optional.of(new Expression(
                wording.typed(text),
                kind,
                meaning,
                found.stream().map(SceneObject::id).toList()));
    }

    private Optional<Meaning> meaning(Kind kind, SceneObject target) {
        return switch (kind) {
            case CATEGORY -> Optional.of(noun(target, false));
            case ATTRIBUTE -> attributed(target, 1 + random.nextInt(2));
            case SIZE -> Optional.of(new Sized(random.nextBoolean(), plain(target)));
            case SUPERLATIVE -> Optional.of(new Ranked(pick(Order.values()), 1, loose(target)));
            case ORDINAL ->
                Optional.of(new Ranked(
                        pick(Order.LEFTMOST, Order.RIGHTMOST, Order.TOPMOST, Order.BOTTOMMOST, Order.LARGEST),
                        2 + random.nextInt(3),
                        loose(target)));
            case PLACE -> Optional.of(new Placed(pick(Place.values()), plain(target)));
            case RELATION ->
                related(
                        target,
                        Relation.LEFT_OF,
                        Relation.RIGHT_OF,
                        Relation.ABOVE,
                        Relation.BELOW,
                        Relation.NEAREST,
                        Relation.FARTHEST,
                        Relation.IN_FRONT_OF,
                        Relation.BEHIND);
            case CONTAINMENT -> related(target, Relation.INSIDE, Relation.AROUND);
            case BETWEEN -> between(target);
            case NEGATION -> negated(target);
            case ALL, COUNT -> Optional.of(random.nextInt(6) == 0 ? placedSet(target) : plain(target));
            case NONE -> absent(target);
            case AMBIGUOUS -> Optional.of(plain(target));
        };
    }

    /** The noun of the object; when {@code broad}, sometimes one that fits more things. */
    private Meaning noun(SceneObject object, boolean broad) {
        List<String> kinds = new ArrayList<>(object.kinds());
        kinds.sort(null);
        return new Meaning.Kind(broad && random.nextInt(4) == 0 ? pick(kinds) : object.category());
    }

    private List<Meaning> attributes(SceneObject object) {
        List<Meaning> all = new ArrayList<>();
        new TreeMap<>(object.attributes()).forEach((attribute, value) -> {
            if (!attribute.equals("character")) {
                all.add(new Has(attribute, value));
            }
        });
        return all;
    }

    private Optional<Meaning> attributed(SceneObject target, int count) {
        List<Meaning> all = attributes(target);
        if (all.isEmpty()) {
            return Optional.empty();
        }
        List<Meaning> parts = new ArrayList<>();
        parts.add(noun(target, true));
        for (int i = 0; i < count && !all.isEmpty(); i++) {
            parts.add(all.remove(random.nextInt(all.size())));
        }
        return Optional.of(new And(parts));
    }

    /** Noun, with an attribute half of the time. */
    private Meaning plain(SceneObject target) {
        return random.nextBoolean() ? noun(target, true) : attributed(target, 1).orElseGet(() -> noun(target, true));
    }

    /** As plain, but often a broad noun, so that orders range over unlike things too. */
    private Meaning loose(SceneObject target) {
        return random.nextInt(4) == 0 ? new Meaning.Kind("object") : plain(target);
    }

    /** A description that denotes exactly this object, as short as can be found. */
    private Optional<Meaning> unique(SceneObject object) {
        Meaning noun = noun(object, false);
        if (Denotation.of(noun, scene).unique()) {
            return Optional.of(noun);
        }
        for (int i = 0; i < 4; i++) {
            Optional<Meaning> meaning = attributed(object, 1 + i / 2);
            if (meaning.isPresent() && Denotation.of(meaning.get(), scene).unique()) {
                return meaning;
            }
        }
        return Optional.empty();
    }

    private Optional<Meaning> related(SceneObject target, Relation... relations) {
        if (scene.objects().size() < 2) {
            return Optional.empty();
        }
        SceneObject anchor = other(target);
        return unique(anchor).map(a -> new Related(pick(relations), plain(target), a));
    }

    private Optional<Meaning> between(SceneObject target) {
        if (scene.objects().size() < 3) {
            return Optional.empty();
        }
        Optional<Meaning> first = unique(other(target));
        Optional<Meaning> second = unique(other(target));
        return first.isPresent() && second.isPresent()
                ? Optional.of(new Between(plain(target), first.get(), second.get()))
                : Optional.empty();
    }

    private Optional<Meaning> negated(SceneObject target) {
        List<Meaning> others = attributes(other(target));
        if (scene.objects().size() < 2 || others.isEmpty()) {
            return Optional.empty();
        }
        Meaning denied = pick(others);
        Meaning meaning = new And(List.of(noun(target, true), new Not(denied)));
        // Saying what it is not must do some work: without it, more than one object fits.
        return Denotation.of(noun(target, false), scene).objects().size() > 1 ? Optional.of(meaning) : Optional.empty();
    }

    private Meaning placedSet(SceneObject target) {
        return new Placed(pick(Place.LEFT, Place.RIGHT, Place.TOP, Place.BOTTOM), plain(target));
    }

    /** Something close to what is there, but not there: one value swapped, a noun of elsewhere, a false relation. */
    private Optional<Meaning> absent(SceneObject target) {
        List<Meaning> all = attributes(target);
        SceneObject other = other(target);
        return switch (random.nextInt(4)) {
            case 0 -> attributedLike(target, other);
            case 1 ->
                related(target, Relation.LEFT_OF, Relation.RIGHT_OF, Relation.ABOVE, Relation.BELOW, Relation.INSIDE);
            case 2 -> Optional.of(new Meaning.Kind(pick(Vocabulary.nouns(scene.family()))));
            default -> {
                Map<String, List<String>> values = Vocabulary.values(scene.family());
                if (all.isEmpty()) {
                    yield Optional.empty();
                }
                Has has = (Has) pick(all);
                List<String> swap = values.getOrDefault(has.attribute(), List.of());
                yield swap.isEmpty()
                        ? Optional.empty()
                        : Optional.of(new And(List.of(noun(target, true), new Has(has.attribute(), pick(swap)))));
            }
        };
    }

    /** The target's noun with the other's attribute. */
    private Optional<Meaning> attributedLike(SceneObject target, SceneObject other) {
        List<Meaning> borrowed = attributes(other);
        return borrowed.isEmpty()
                ? Optional.empty()
                : Optional.of(new And(List.of(noun(target, false), pick(borrowed))));
    }

    private SceneObject other(SceneObject target) {
        if (scene.objects().size() < 2) {
            return target;
        }
        int i = random.nextInt(scene.objects().size() - 1);
        return scene.objects().get(i < target.id() ? i : i + 1);
    }

    @SafeVarargs
    private <T> T pick(T... options) {
        return options[random.nextInt(options.length)];
    }

    private <T> T pick(List<T> options) {
        return options.get(random.nextInt(options.size()));
    }
}
