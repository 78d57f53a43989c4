package org.vilam.training.sample;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.vilam.grounding.language.LocationCodec;
import org.vilam.prompts.Instructions;
import org.vilam.prompts.Task;
import org.vilam.prompts.Template;
import org.vilam.training.scene.Expression;
import org.vilam.training.scene.Holdout;
import org.vilam.training.scene.Scene;
import org.vilam.training.scene.SceneFamily;
import org.vilam.training.scene.SceneObject;
import org.vilam.training.scene.SceneWorld;

/** Examples from the procedural world, by number: the same number is always the same example. */
public final class SceneExamples {
    /**
     * What is drawn and asked.
     *
     * @param families weight of each family, by name; what is left out is not drawn
     * @param kinds weight of each kind of expression, by name in lower case; 1 where it is left out
     * @param groundings expressions a picture
     * @param tellings questions with answers in words a picture
     * @param tellingShare share of the pictures that have such questions
     * @param expressionsKept share of the pictures that keep their expressions, answers and words; the others keep boxes and masks
     *     alone, which is what cycle training is for
     * @param seed of the split
     */
    public record Mixture(
            @JsonProperty(value = "families", required = true)
            Map<String, Double> families,

            @JsonProperty("kinds") Map<String, Double> kinds,
            @JsonProperty("groundings") int groundings,
            @JsonProperty("tellings") int tellings,
            @JsonProperty("telling_share") double tellingShare,

            @JsonProperty(value = "expressions_kept", required = true)
            double expressionsKept,

            @JsonProperty("seed") long seed) {
        /** Copies the maps, checks names and ranges. */
        public Mixture {
            families = weights(
                    families,
                    "families",
                    SceneWorld.families().stream().map(SceneFamily::name).toList());
            kinds = weights(
                    kinds == null ? Map.of() : kinds,
                    "kinds",
                    Arrays.stream(Expression.Kind.values())
                            .map(SceneExamples::name)
                            .toList());
            require(families.values().stream().anyMatch(w -> w > 0), "families", "such that one is above 0");
            require(groundings >= 0 && groundings <= NUMBERS, "groundings", "0 .. " + NUMBERS);
            require(tellings >= 0 && tellings <= NUMBERS, "tellings", "0 .. " + NUMBERS);
            require(tellingShare >= 0 && tellingShare <= 1, "telling_share", "0 .. 1");
            require(expressionsKept >= 0 && expressionsKept <= 1, "expressions_kept", "0 .. 1");
        }

        private static Map<String, Double> weights(Map<String, Double> given, String field, List<String> names) {
            given.forEach((name, weight) -> {
                require(names.contains(name), field + "." + name, "one of " + names);
                require(
                        weight != null && weight >= 0 && weight <= Double.MAX_VALUE,
                        field + "." + name,
                        "a number from 0 up");
            });
            return Map.copyOf(given);
        }

        private static void require(boolean holds, String field, String rule) {
            if (!holds) {
                throw new IllegalArgumentException(field + " must be " + rule);
            }
        }
    }

    /** Expressions, and questions, of one picture that have numbers of their own. */
    private static final int NUMBERS = 64;

    private static String name(Expression.Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    private static final double VISIBLE_ENOUGH = 0.35;

    private final Mixture mixture;
    private final Holdout holdout;
    private final List<SceneFamily> families = new ArrayList<>();
    private final double[] familyWeights;
    private final Map<Expression.Kind, Double> kindWeights = new EnumMap<>(Expression.Kind.class);

    /** Examples of a mixture under a rule for held-out compositions. */
    public SceneExamples(Mixture mixture, Holdout holdout) {
        this.mixture = mixture;
        this.holdout = holdout;
        for (SceneFamily family : SceneWorld.families()) {
            if (mixture.families().getOrDefault(family.name(), 0.0) > 0) {
                families.add(family);
            }
        }
        this.familyWeights = families.stream()
                .mapToDouble(f -> mixture.families().get(f.name()))
                .toArray();
        for (Expression.Kind kind : Expression.Kind.values()) {
            kindWeights.put(kind, mixture.kinds().getOrDefault(name(kind), 1.0));
        }
    }

    /** The example of a number, 0 or more. */
    public Example get(long index) {
        SplittableRandom random = new SplittableRandom(mixture.seed() * 0x9E3779B97F4A7C15L + index);
        SceneFamily family = families.get(choose(familyWeights, random));
        Scene scene = SceneWorld.scene(family, holdout, mixture.seed(), index);
        if (random.nextDouble() >= mixture.expressionsKept()) {
            List<Example.Thing> boxes = scene.objects().stream()
                    .filter(o -> o.visible() >= VISIBLE_ENOUGH)
                    .map(o -> new Example.Thing(target(o), ""))
                    .toList();
            return new Example(scene.image(), boxes, List.of(), List.of());
        }
        List<Example.Grounding> groundings = new ArrayList<>();
        for (int i = 0; i < mixture.groundings(); i++) {
            groundings.add(grounding(scene, index * NUMBERS + i, random));
        }
        List<Example.Telling> tellings = new ArrayList<>();
        if (random.nextDouble() < mixture.tellingShare()) {
            for (int i = 0; i < mixture.tellings(); i++) {
                telling(scene, index * NUMBERS + i, random).ifPresent(tellings::add);
            }
        }
        List<Example.Thing> things = scene.objects().stream()
                .map(o -> new Example.Thing(target(o), SceneWorld.words(o, mixture.seed(), index)))
                .toList();
        return new Example(scene.image(), things, groundings, tellings);
    }

    private Example.Grounding grounding(Scene scene, long number, SplittableRandom random) {
        Expression.Kind[] kinds = Expression.Kind.values();
        double[] weights = new double[kinds.length];
        for (int k = 0; k < kinds.length; k++) {
            weights[k] = kindWeights.getOrDefault(kinds[k], 1.0);
        }
        while (true) {
            int k = choose(weights, random);
            Optional<Expression> expression = SceneWorld.expression(scene, kinds[k], mixture.seed(), number);
            if (expression.isPresent()) {
                return new Example.Grounding(
                        expression.get().text(),
                        expression.get().objects().stream()
                                .map(id -> target(scene.objects().get(id)))
                                .toList());
            }
            weights[k] = 0; // this scene has none of that kind
            double sum = 0;
            for (double w : weights) {
                sum += w;
            }
            if (sum == 0) {
                return new Example.Grounding(
                        "everything",
                        scene.objects().stream().map(SceneExamples::target).toList());
            }
        }
    }

    /** One in ten about the whole picture, one in ten a place in words; the others are categories and descriptions of regions. */
    private Optional<Example.Telling> telling(Scene scene, long number, SplittableRandom random) {
        double which = random.nextDouble();
        if (which < 0.1) {
            return Optional.of(new Example.Telling(
                    Task.CAPTION,
                    Optional.empty(),
                    instruction(Task.CAPTION, random).fill(Map.of()),
                    SceneWorld.caption(scene, mixture.seed(), number)));
        }
        List<SceneObject> visible = scene.objects().stream()
                .filter(o -> o.visible() >= VISIBLE_ENOUGH)
                .toList();
        if (visible.isEmpty()) {
            return Optional.empty();
        }
        SceneObject object = visible.get(random.nextInt(visible.size()));
        String place = new LocationCodec(scene.image().width(), scene.image().height()).box(object.box());
        Optional<Expression> said = SceneWorld.description(scene, object, mixture.seed(), number);
        if (which < 0.45 || said.isEmpty()) {
            return Optional.of(new Example.Telling(
                    Task.CLASSIFY,
                    Optional.of(object.box()),
                    instruction(Task.CLASSIFY, random).fill(Map.of("region", place)),
                    object.category()));
        }
        return Optional.of(
                which < 0.9
                        ? new Example.Telling(
                                Task.DESCRIBE,
                                Optional.of(object.box()),
                                instruction(Task.DESCRIBE, random).fill(Map.of("region", place)),
                                said.get().text())
                        : new Example.Telling(
                                Task.BOX,
                                Optional.empty(),
                                instruction(Task.BOX, random)
                                        .fill(Map.of("expression", said.get().text())),
                                place));
    }

    private static Template instruction(Task task, SplittableRandom random) {
        List<Template> all = Instructions.of(task);
        return all.get(random.nextInt(all.size()));
    }

    /** An object of a scene as a target. */
    public static Example.Target target(SceneObject object) {
        return new Example.Target(object.box(), object.mask(), object.keypoints());
    }

    private static int choose(double[] weights, SplittableRandom random) {
        double sum = 0;
        for (double w : weights) {
            sum += w;
        }
        double at = random.nextDouble() * sum;
        for (int i = 0; i < weights.length; i++) {
            at -= weights[i];
            if (at < 0) {
                return i;
            }
        }
        return weights.length - 1;
    }
}
