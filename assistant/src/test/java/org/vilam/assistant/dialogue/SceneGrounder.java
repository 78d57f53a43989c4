package org.vilam.assistant.dialogue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.vilam.assistant.route.NounPhrase;
import org.vilam.assistant.vilam.Teller;
import org.vilam.grounding.answer.Grounded;
import org.vilam.grounding.answer.Grounded.Found;
import org.vilam.grounding.answer.Grounded.ScoredKeypoint;
import org.vilam.grounding.answer.Grounder;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.geometry.Keypoint;
import org.vilam.vision.geometry.Mask;
import org.vilam.vision.geometry.Skeleton;
import org.vilam.vision.image.RgbImage;

/** Knows a few things by words and boxes, and the language of places; draws them as ellipses and keypoints as a column. */
@SuppressWarnings("ReferenceEquality") // the objects of a drawn scene are themselves
final class SceneGrounder implements Grounder, Teller {
    /** A thing: its words, the noun last. */
    record Thing(String name, Box box, Set<String> words, double score) {
        Thing(String name, Box box, double score) {
            this(name, box, new HashSet<>(Arrays.asList(name.split("[ ,]+", -1))), score);
        }

        String noun() {
            return plain().substring(plain().lastIndexOf(' ') + 1);
        }

        /** Without what is behind a comma. */
        String plain() {
            return name.split(",", -1)[0];
        }
    }

    private final List<Thing> things;
    private final EnumSet<Ability> abilities = EnumSet.allOf(Ability.class);
    final List<String> asked = new ArrayList<>();

    SceneGrounder(List<Thing> things) {
        this.things = things;
    }

    void without(Ability ability) {
        abilities.remove(ability);
    }

    @Override
    public Set<Ability> abilities() {
        return abilities;
    }

    @Override
    public List<Grounded> ground(List<Query> queries, Detail detail) {
        return queries.stream().map(q -> ground(q, detail)).toList();
    }

    private Grounded ground(Query query, Detail detail) {
        asked.add(query.expression());
        List<Thing> fitting = meant(query.expression());
        List<Found> all =
                fitting.stream().map(t -> found(t, query.image(), detail)).toList();
        Found none = new Found(things.get(0).box(), 0.2, Optional.empty(), List.of());
        return new Grounded(fitting.isEmpty() ? 0.04 : 0.97, all.isEmpty() ? none : all.get(0), all);
    }

    private static Found found(Thing thing, RgbImage image, Detail detail) {
        Box b = thing.box();
        Mask mask = Mask.where(image.width(), image.height(), (x, y) -> {
            double dx = (x + 0.5 - b.centre().x()) / (0.5 * b.width());
            double dy = (y + 0.5 - b.centre().y()) / (0.5 * b.height());
            return dx * dx + dy * dy <= 1;
        });
        boolean person = thing.words().contains("person");
        List<ScoredKeypoint> points = new ArrayList<>();
        for (int i = 0; person && i < Skeleton.COCO_PERSON.size(); i++) {
            String name = Skeleton.COCO_PERSON.names().get(i);
            boolean seen = !name.equals("left_ear");
            points.add(new ScoredKeypoint(
                    seen
                            ? Keypoint.visible(name, b.centre().x(), b.y1() + (i + 0.5) * b.height() / 17)
                            : Keypoint.absent(name),
                    seen ? 0.9 : 0.1));
        }
        return new Found(
                b,
                thing.score(),
                detail.masks() ? Optional.of(mask) : Optional.empty(),
                detail.keypoints() ? points : List.of());
    }

    /** Those an expression fits, best first. */
    private List<Thing> meant(String expression) {
        NounPhrase phrase = NounPhrase.of(expression);
        List<Thing> fitting = new ArrayList<>(things.stream()
                .filter(t -> List.of(phrase.label().split(" ", -1)).stream().allMatch(w -> fits(t, w)))
                .toList());
        fitting = behind(fitting, phrase.tail());
        for (String word : phrase.bare().split(" ", -1)) {
            ToDoubleFunction<Box> order = switch (word) {
                case "left", "leftmost" -> b -> b.centre().x();
                case "right", "rightmost" -> b -> -b.centre().x();
                case "upper", "top" -> b -> b.centre().y();
                case "lower", "bottom" -> b -> -b.centre().y();
                case "largest", "biggest", "larger" -> b -> -b.area();
                case "smallest", "smaller" -> Box::area;
                default -> null;
            };
            boolean before = phrase.tail().isEmpty();
            if (order != null && before && !fitting.isEmpty()) {
                fitting.sort(Comparator.comparingDouble(t -> order.applyAsDouble(t.box())));
                fitting = new ArrayList<>(fitting.subList(0, 1));
            }
        }
        fitting.sort(Comparator.comparingDouble(Thing::score).reversed());
        return fitting;
    }

    private static boolean fits(Thing thing, String word) {
        return thing.words().contains(word)
                || (word.equals("object") && !thing.words().contains("person"));
    }

    private List<Thing> behind(List<Thing> fitting, String tail) {
        String[] words = tail.split(" the ", 2);
        if (tail.isEmpty() || words.length < 2) {
            Set<String> said = new HashSet<>(Arrays.asList(tail.split(" ", -1)));
            said.removeAll(
                    Set.of("", "with", "wearing", "that", "is", "are", "a", "in", "the", "picture", "other", "than"));
            return new ArrayList<>(
                    fitting.stream().filter(t -> t.words().containsAll(said)).toList());
        }
        if (words[0].equals("on") || words[0].equals("from") || words[0].equals("in")) {
            String noun = words[1].split(" ", -1)[0];
            boolean across = noun.equals("left") || noun.equals("right");
            double sign = noun.equals("left") || noun.equals("top") ? 1 : -1;
            fitting.sort(Comparator.comparingDouble(t ->
                    sign * (across ? t.box().centre().x() : t.box().centre().y())));
            return new ArrayList<>(fitting.subList(0, Math.min(1, fitting.size())));
        }
        List<Thing> anchors = meant("the " + words[1]);
        if (anchors.isEmpty()) {
            return new ArrayList<>();
        }
        Thing anchor = anchors.get(0);
        Box a = anchor.box();
        return new ArrayList<>(fitting.stream()
                .filter(t -> t != anchor)
                .filter(t -> switch (words[0]) {
                    case "left of" -> t.box().centre().x() < a.centre().x();
                    case "right of" -> t.box().centre().x() > a.centre().x();
                    case "above" -> t.box().centre().y() < a.centre().y();
                    case "behind" -> t.words().contains("behind-" + anchor.noun());
                    case "of" -> t.words().contains("of-" + anchor.noun());
                    default -> false;
                })
                .toList());
    }

    @Override
    public List<String> answer(List<Question> questions) {
        return questions.stream().map(this::answer).toList();
    }

    private String answer(Question question) {
        Box region = question.region();
        if (region == null) {
            return question.instruction().equals("describe the image")
                    ? "some things on a table."
                    : "you asked: " + question.instruction();
        }
        Thing best = things.stream()
                .max(Comparator.comparingDouble((Thing t) -> t.box().iou(region)))
                .filter(t -> t.box().iou(region) > 0.3)
                .orElse(null);
        return best == null
                ? "nothing much"
                : question.instruction().startsWith("what kind") ? best.noun() : best.plain();
    }
}
