package org.vilam.training.scene;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * The world as a numbered sequence: picture {@code index} of a family, seed and split is always the same picture, and what is
 * said of it under a number always the same words.
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
     * Every category that objects of a family can have ({@link SceneObject#category}), in a fixed order without repeats.
     *
     * @param family its name: shapes, things, people or phantoms
     * @throws IllegalArgumentException for another name
     */
    public static List<String> categories(String family) {
        return Vocabulary.categories(family);
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

    /** An everyday expression of a kind about a scene, the {@code index}-th of this seed; empty where none was found. */
    public static Optional<Expression> expression(Scene scene, Expression.Kind kind, long seed, long index) {
        return expression(scene, kind, Manner.EVERYDAY, seed, index);
    }

    /** As above, in the manner wanted. */
    public static Optional<Expression> expression(
            Scene scene, Expression.Kind kind, Manner manner, long seed, long index) {
        return new ExpressionWriter(scene, manner, words(kind, seed, index)).write(kind, null);
    }

    /**
     * An expression of a kind that is about one object: it denotes the object, alone or among others as the kind has it. An
     * expression of kind NONE denotes nothing but resembles what could be said of the object.
     */
    public static Optional<Expression> expression(
            Scene scene, Expression.Kind kind, SceneObject object, Manner manner, long seed, long index) {
        return new ExpressionWriter(scene, manner, words(kind, seed, index)).write(kind, object);
    }

    /**
     * The natural short description that singles out an object: the noun alone where that does, else attributes, an extreme
     * or a place, a rank, a relation. Plain words in lower case; proven to denote this object and no other.
     *
     * @return empty where no such description was found or less than a third of the object can be seen
     */
    public static Optional<Expression> description(Scene scene, SceneObject object, long seed, long index) {
        return new Describer(scene, object, random(~seed, index)).describe();
    }

    /**
     * The words that can be said of an object by itself, one for each attribute and a noun: half of them the plain ones, half any
     * synonym.
     */
    public static String words(SceneObject object, long seed, long index) {
        SplittableRandom random = random(~seed, index * 64 + object.id());
        List<String> words = new ArrayList<>();
        for (String value : new TreeMap<>(object.attributes()).values()) {
            words.add(any(Lexicon.values(value), random));
        }
        words.add(any(Lexicon.nouns(object.category()), random));
        return String.join(" ", words);
    }

    private static String any(List<String> ways, SplittableRandom random) {
        return random.nextBoolean() ? ways.get(0) : ways.get(random.nextInt(ways.size()));
    }

    /** One or two sentences about the whole picture, true by construction; lower case, no final stop. */
    public static String caption(Scene scene, long seed, long index) {
        return new Caption(scene, random(~seed, index)).text();
    }

    /** Everyday words that ask for points on a person; empty where nothing singles the person out, or it is no person. */
    public static Optional<KeypointExpression> keypoints(Scene scene, SceneObject person, long seed, long index) {
        return keypoints(scene, person, Manner.EVERYDAY, seed, index);
    }

    /** As above, in the manner wanted. */
    public static Optional<KeypointExpression> keypoints(
            Scene scene, SceneObject person, Manner manner, long seed, long index) {
        return new KeypointWriter(scene, manner, random(~seed, index)).write(person);
    }

    /**
     * A source of its own for every number. The numbers are scattered first: SplittableRandom steps through its states by a
     * constant, so that neighbouring starting states would give overlapping streams.
     */
    private static SplittableRandom random(long seed, long index) {
        long scattered = new SplittableRandom(index).nextLong();
        return new SplittableRandom(new SplittableRandom(seed ^ scattered).nextLong());
    }

    private static SplittableRandom words(Expression.Kind kind, long seed, long index) {
        return random(random(~seed, kind.name().hashCode()).nextLong(), index);
    }
}
