package org.vilam.training.scene;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.vilam.training.scene.Meaning.And;
import org.vilam.training.scene.Meaning.Has;
import org.vilam.training.scene.Meaning.Kind;
import org.vilam.training.scene.Meaning.Place;
import org.vilam.training.scene.Meaning.Placed;
import org.vilam.vision.geometry.Mask;

/** One or two plain sentences about a whole picture: what is there, how often, before what, and now and then where. */
final class Caption {
    private static final int GROUPS = 4;
    private static final int COUNTABLE = 9;
    /** The narrower ones first. */
    private static final List<Place> PLACES = List.of(
            Place.CENTRE,
            Place.BOTTOM_RIGHT,
            Place.BOTTOM_LEFT,
            Place.TOP_RIGHT,
            Place.TOP_LEFT,
            Place.BOTTOM,
            Place.TOP,
            Place.RIGHT,
            Place.LEFT);

    /** Objects of one description. */
    private record Group(Meaning meaning, List<SceneObject> members) {}

    private final Scene scene;
    private final SplittableRandom random;
    private final Wording wording;

    Caption(Scene scene, SplittableRandom random) {
        this.scene = scene;
        this.random = random;
        this.wording = new Wording(Diction.PLAIN, Vocabulary.patientSides(scene));
    }

    /** The caption in lower case, without a final stop. */
    String text() {
        List<Group> groups = groups();
        List<String> parts = new ArrayList<>();
        for (Group group : groups) {
            if (parts.size() < GROUPS) {
                said(group).ifPresent(parts::add);
            }
        }
        if (groups.size() > GROUPS) {
            parts.add("other " + (scene.family().equals("shapes") ? "shapes" : "things"));
        }
        String sentence = setting() + join(parts) + ground();
        return (random.nextInt(3) == 0 ? sentence + where() : sentence).toLowerCase(Locale.ROOT);
    }

    /** What a picture that looks medical looks like. */
    private String setting() {
        if (!scene.family().equals("phantoms")) {
            return "";
        }
        if (has("nucleus")) {
            return "a microscope picture with ";
        } else if (has("red blood cell") || has("white blood cell") || has("platelet")) {
            return "a blood smear with ";
        }
        return has("spine") ? "a ct slice with " : "a chest x-ray with ";
    }

    private boolean has(String category) {
        return scene.objects().stream().anyMatch(o -> o.category().equals(category));
    }

    /** The most numerous first, those of one noun together. */
    private List<Group> groups() {
        boolean folk = random.nextBoolean();
        List<Group> out = new ArrayList<>();
        List<Group> byNoun = by(scene.objects(), o -> new Kind(folk ? Vocabulary.narrow(o) : o.category()));
        byNoun.sort((a, b) -> Integer.compare(b.members().size(), a.members().size()));
        for (Group group : byNoun) {
            String attribute = has(group, "shirt") ? "shirt" : "colour";
            List<Group> split = has(group, attribute)
                    ? by(
                            group.members(),
                            o -> new And(List.of(
                                    group.meaning(),
                                    new Has(attribute, o.attributes().getOrDefault(attribute, "")))))
                    : List.of(group);
            // Clothes are worth a word for one person; three colours of one thing are too many words.
            int most = attribute.equals("shirt") ? group.members().size() : 1;
            out.addAll(split.size() > 2 || most > 1 ? List.of(group) : split);
        }
        return out;
    }

    private static boolean has(Group group, String attribute) {
        return group.members().stream().allMatch(o -> o.attributes().containsKey(attribute));
    }

    private static List<Group> by(List<SceneObject> objects, Function<SceneObject, Meaning> key) {
        Map<Meaning, List<SceneObject>> groups = new LinkedHashMap<>();
        objects.forEach(o ->
                groups.computeIfAbsent(key.apply(o), k -> new ArrayList<>()).add(o));
        List<Group> out = new ArrayList<>();
        groups.forEach((meaning, members) -> out.add(new Group(meaning, members)));
        return out;
    }

    /** "three red circles"; a group of which some can hardly be seen is not counted. */
    private Optional<String> said(Group group) {
        int clear = (int) group.members().stream()
                .filter(o -> o.visible() >= ExpressionWriter.VISIBLE_ENOUGH)
                .count();
        if (clear == 0) {
            return Optional.empty();
        } else if (clear == 1) {
            return Optional.of(one(group));
        }
        String many = wording.plural(group.meaning());
        if (clear < group.members().size()) {
            return Optional.of("some " + many);
        }
        String count = clear > COUNTABLE ? "many" : Lexicon.number(clear, Diction.PLAIN);
        return Optional.of(count + " " + many + detail(group));
    }

    /** "a blue star", "a man in a red shirt", and "the heart", of which there is one in everybody. */
    private String one(Group group) {
        SceneObject object = group.members().get(0);
        if (group.meaning() instanceof And and
                && and.parts().get(1) instanceof Has has
                && has.attribute().equals("shirt")) {
            return wording.indefinite(and.parts().get(0)) + " " + AttributeWording.worn(has);
        }
        boolean body = object.kinds().contains("organ") || object.kinds().contains("bone");
        return body ? wording.definite(group.meaning(), false).text() : wording.indefinite(group.meaning());
    }

    /** Of several people, what sets some of them apart: ", one with a hat". */
    private String detail(Group group) {
        for (Has has : List.of(
                new Has("hat", "a hat"),
                new Has("arms", "both arms up"),
                new Has("pose", "crouching"),
                new Has("glasses", "glasses"))) {
            int count = (int) group.members().stream()
                    .filter(o -> has.value().equals(o.attributes().get(has.attribute())))
                    .count();
            if (count > 0 && count < group.members().size()) {
                return ", " + Lexicon.number(count, Diction.PLAIN) + " " + AttributeWording.clause(has.value());
            }
        }
        return "";
    }

    /** " on a grey background", where three quarters of what lies outside the objects would be called so. */
    private String ground() {
        if (scene.family().equals("phantoms")) {
            return "";
        }
        int width = scene.image().width();
        int height = scene.image().height();
        Mask taken = Mask.empty(width, height);
        for (SceneObject o : scene.objects()) {
            taken = taken.union(o.mask());
        }
        Map<Colour, Integer> votes = new EnumMap<>(Colour.class);
        int total = 0;
        int dark = 0;
        int light = 0;
        int step = Math.max(1, Math.min(width, height) / 48);
        for (int y = 0; y < height; y += step) {
            for (int x = 0; x < width; x += step) {
                if (!taken.get(x, y)) {
                    int r = scene.image().get(x, y, 0);
                    int g = scene.image().get(x, y, 1);
                    int b = scene.image().get(x, y, 2);
                    total++;
                    dark += 3 * r + 6 * g + b < 700 ? 1 : 0;
                    light += 3 * r + 6 * g + b > 2100 ? 1 : 0;
                    Colour.named(r << 16 | g << 8 | b).ifPresent(c -> votes.merge(c, 1, Integer::sum));
                }
            }
        }
        for (Map.Entry<Colour, Integer> vote : votes.entrySet()) {
            if (4 * vote.getValue() >= 3 * total) {
                String word = vote.getKey().word();
                return " on " + Nouns.article(word) + " " + word + " background";
            }
        }
        return 10 * dark >= 9 * total
                ? " on a dark background"
                : 10 * light >= 9 * total ? " on a light background" : "";
    }

    /** ". the star is in the top left", where one object can be named shortly and its place is clear. */
    private String where() {
        SceneObject object = scene.objects().get(random.nextInt(scene.objects().size()));
        Optional<Meaning> name = new Candidates(scene, random).unique(object);
        if (name.isEmpty() || object.visible() < ExpressionWriter.VISIBLE_ENOUGH) {
            return "";
        }
        for (Place place : PLACES) {
            if (Denotation.of(new Placed(place, name.get()), scene).unique()) {
                Wording.Said said = wording.definite(name.get(), false);
                return ". " + said.text() + (said.many() ? " are " : " is ") + wording.where(place);
            }
        }
        return "";
    }

    private static String join(List<String> parts) {
        int last = parts.size() - 1;
        if (last < 1) {
            return String.join("", parts);
        }
        boolean nested = parts.stream().anyMatch(part -> part.contains(", "));
        return String.join(", ", parts.subList(0, last)) + (nested ? ", and " : " and ") + parts.get(last);
    }
}
