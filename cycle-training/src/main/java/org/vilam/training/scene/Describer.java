package org.vilam.training.scene;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.vilam.training.scene.Expression.Kind;
import org.vilam.training.scene.Meaning.And;
import org.vilam.training.scene.Meaning.Has;
import org.vilam.training.scene.Meaning.Order;
import org.vilam.training.scene.Meaning.Place;
import org.vilam.training.scene.Meaning.Placed;
import org.vilam.training.scene.Meaning.Ranked;
import org.vilam.training.scene.Meaning.Related;
import org.vilam.training.scene.Meaning.Relation;

/**
 * The natural short description of one object: what a person would say so that another finds it.
 *
 * <p>In the order in which people add words (Dale and Reiter's incremental algorithm, Cognitive Science 1995): the noun, the
 * noun with one attribute, with two, an extreme or a place, a rank, a relation to something that is easy to name.
 */
final class Describer {
    /** Attributes in the order in which they come to mind. */
    private static final List<String> PREFERRED = List.of(
            "colour",
            "shirt",
            "skirt",
            "hat",
            "hat colour",
            "trousers",
            "glasses",
            "arms",
            "pose",
            "facing",
            "fill",
            "form",
            "cell form",
            "lobes",
            "tone",
            "side");

    private static final List<Order> EXTREMES =
            List.of(Order.LEFTMOST, Order.RIGHTMOST, Order.TOPMOST, Order.BOTTOMMOST, Order.LARGEST, Order.SMALLEST);

    private record Said(Kind kind, Meaning meaning) {}

    private final Scene scene;
    private final SceneObject object;
    private final SplittableRandom random;

    Describer(Scene scene, SceneObject object, SplittableRandom random) {
        this.scene = scene;
        this.object = object;
        this.random = random;
    }

    /** The description, plainly worded; empty where none is proven unique or too little of the object can be seen. */
    Optional<Expression> describe() {
        if (object.visible() < ExpressionWriter.VISIBLE_ENOUGH) {
            return Optional.empty();
        }
        Wording wording = new Wording(Diction.PLAIN, Vocabulary.patientSides(scene));
        return find().map(said -> new Expression(
                wording.definite(said.meaning(), false).text().toLowerCase(java.util.Locale.ROOT),
                said.kind(),
                said.meaning(),
                List.of(object.id())));
    }

    private Optional<Said> find() {
        Optional<Said> short1 = first(Kind.CATEGORY, nouns());
        return short1.or(() -> first(Kind.ATTRIBUTE, attributed()))
                .or(() -> first(spatial()))
                .or(() -> first(Kind.ORDINAL, ranks()))
                .or(() -> first(Kind.RELATION, relations()));
    }

    private List<Meaning> nouns() {
        List<Meaning> out = new ArrayList<>();
        out.add(new Meaning.Kind(object.category()));
        out.add(noun());
        return out;
    }

    private Meaning noun() {
        return new Meaning.Kind(Vocabulary.narrow(object));
    }

    private List<Has> attributes() {
        List<Has> out = new ArrayList<>(Candidates.attributes(object));
        // What everybody has is not worth a word, and what somebody lacks only seldom.
        out.removeIf(has -> has.value().startsWith("no ") || has.value().equals("the arms down"));
        out.removeIf(has -> has.value().equals("standing") || has.value().equals("solid"));
        out.sort(java.util.Comparator.comparingInt(has -> PREFERRED.indexOf(has.attribute())));
        return out;
    }

    private List<Meaning> attributed() {
        List<Has> all = attributes();
        List<Meaning> out = new ArrayList<>();
        all.forEach(has -> out.add(new And(List.of(noun(), has))));
        for (int i = 0; i < all.size(); i++) {
            for (int j = i + 1; j < all.size(); j++) {
                out.add(new And(List.of(noun(), all.get(i), all.get(j))));
            }
        }
        return out;
    }

    /** The noun alone, and with its first attribute. */
    private List<Meaning> classes() {
        List<Meaning> out = new ArrayList<>(List.of(noun()));
        attributes().stream().findFirst().ifPresent(has -> out.add(new And(List.of(noun(), has))));
        return out;
    }

    /** Extremes and places, in no fixed order: which of those that hold is said is a matter of taste. */
    private List<Said> spatial() {
        List<Said> out = new ArrayList<>();
        for (Meaning among : classes()) {
            List<Said> some = new ArrayList<>();
            EXTREMES.forEach(order -> some.add(new Said(Kind.SUPERLATIVE, new Ranked(order, 1, among))));
            for (Place place : Place.values()) {
                some.add(new Said(Kind.PLACE, new Placed(place, among)));
            }
            shuffle(some);
            out.addAll(some);
        }
        return out;
    }

    private List<Meaning> ranks() {
        List<Meaning> out = new ArrayList<>();
        for (Meaning among : classes()) {
            for (int rank = 2; rank <= 3; rank++) {
                for (Order order : EXTREMES.subList(0, 4)) {
                    out.add(new Ranked(order, rank, among));
                }
            }
        }
        return out;
    }

    private List<Meaning> relations() {
        List<Meaning> out = new ArrayList<>();
        for (SceneObject other : scene.objects()) {
            Meaning anchor = new Meaning.Kind(Vocabulary.narrow(other));
            Optional<Has> has = Candidates.attributes(other).stream().findFirst();
            if (!Denotation.of(anchor, scene).unique() && has.isPresent()) {
                anchor = new And(List.of(anchor, has.get()));
            }
            if (other.id() != object.id() && Denotation.of(anchor, scene).unique()) {
                for (Relation relation : Relation.values()) {
                    out.add(new Related(relation, noun(), anchor));
                }
            }
        }
        shuffle(out);
        return out;
    }

    private <T> void shuffle(List<T> list) {
        for (int i = list.size() - 1; i > 0; i--) {
            Collections.swap(list, i, random.nextInt(i + 1));
        }
    }

    private Optional<Said> first(Kind kind, List<Meaning> meanings) {
        return first(meanings.stream().map(m -> new Said(kind, m)).toList());
    }

    private Optional<Said> first(List<Said> said) {
        for (Said one : said) {
            Denotation denotation = Denotation.of(one.meaning(), scene);
            if (denotation.unique() && denotation.objects().contains(object)) {
                return Optional.of(one);
            }
        }
        return Optional.empty();
    }
}
