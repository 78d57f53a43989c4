package org.vilam.training.scene;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** The nouns and attribute values that a family can draw, for naming things and for saying what is not there. */
final class Vocabulary {
    /** The attributes whose values are colours; none of them can be told in a grey-scale picture. */
    static final Set<String> COLOURED = Set.of("colour", "shirt", "trousers", "skirt", "hat colour");

    private static final List<String> COLOURS =
            Arrays.stream(Colour.values()).map(Colour::word).toList();
    private static final List<String> HUES =
            ThingsFamily.TINTS.stream().map(Colour::word).toList();
    private static final List<String> OUTLINES = Arrays.stream(Outline.values())
            .filter(o -> o != Outline.LETTER && o != Outline.DIGIT)
            .map(o -> o.name().toLowerCase(Locale.ROOT))
            .toList();
    private static final List<String> GLYPHS = Stream.concat(
                    Outline.LETTERS.chars().mapToObj(c -> "letter " + (char) c),
                    Outline.DIGITS.chars().mapToObj(c -> "digit " + (char) c))
            .toList();
    private static final List<String> FOLK = List.of("man", "woman", "child");
    private static final List<String> CELLS = List.of("white blood cell", "red blood cell", "platelet", "nucleus");
    private static final List<String> ORGANS = List.of(
            "left lung",
            "right lung",
            "heart",
            "nodule",
            "tube",
            "pacemaker",
            "spine",
            "liver",
            "left kidney",
            "right kidney");
    /** Broader words that are absent often enough to be said of nothing. */
    private static final List<String> BROAD_ORGANS = List.of("lung", "kidney", "device");

    private Vocabulary() {}

    /**
     * Every category that a family's objects can have.
     *
     * @throws IllegalArgumentException for a family that there is not
     */
    static List<String> categories(String family) {
        return switch (family) {
            case "shapes" -> join(OUTLINES, GLYPHS);
            case "things" -> Icons.NOTO.nouns();
            case "people" -> join(List.of("person"), Icons.NOTO.nouns());
            case "phantoms" -> join(CELLS, ORGANS);
            default -> throw new IllegalArgumentException("there is no family " + family);
        };
    }

    /** Nouns of the family that a scene may lack; some are of quite other pictures. */
    static List<String> elsewhere(Scene scene, SplittableRandom random) {
        boolean near = random.nextInt(4) > 0;
        return switch (scene.family()) {
            case "people" -> near ? FOLK : Icons.NOTO.nouns();
            case "phantoms" -> {
                boolean cells = scene.objects().stream().anyMatch(o -> o.kinds().contains("cell"));
                yield near == cells ? CELLS : join(ORGANS, BROAD_ORGANS);
            }
            case "shapes" -> near ? OUTLINES : GLYPHS;
            default -> categories(scene.family());
        };
    }

    /** For every attribute of a family the values it can have. */
    static Map<String, List<String>> values(String family) {
        return switch (family) {
            case "shapes" ->
                Map.of("colour", COLOURS, "fill", List.of("solid", "striped", "dotted", "hollow", "gradient"));
            case "things" -> Map.of("colour", HUES);
            case "people" ->
                Map.of(
                        "colour",
                        COLOURS,
                        "shirt",
                        COLOURS,
                        "trousers",
                        COLOURS,
                        "skirt",
                        COLOURS,
                        "hat colour",
                        COLOURS,
                        "hat",
                        List.of("a hat", "no hat"),
                        "glasses",
                        List.of("glasses", "no glasses"),
                        "arms",
                        List.of("both arms up", "the left arm up", "the right arm up", "the arms down"),
                        "facing",
                        List.of("facing us", "turned away"),
                        "pose",
                        List.of("crouching", "standing"));
            case "phantoms" ->
                Map.of(
                        "colour", List.of("red", "green", "blue"),
                        "form", List.of("round", "elongated"),
                        "cell form", List.of("round", "sickle-shaped"),
                        "lobes", List.of("single", "lobed"),
                        "tone", List.of("bright", "dark"),
                        "side", List.of("patient left", "patient right"));
            default -> throw new IllegalArgumentException("there is no family " + family);
        };
    }

    /** The narrowest plain noun: man, woman or child of a person, otherwise the category. */
    static String narrow(SceneObject object) {
        return FOLK.stream().filter(object.kinds()::contains).findFirst().orElse(object.category());
    }

    /** Whether some left and right in the scene are a patient's own. */
    static boolean patientSides(Scene scene) {
        return scene.objects().stream().anyMatch(o -> o.attributes().containsKey("side"));
    }

    /** Every noun and value, for telling a word from a slip. */
    static List<String> phrases() {
        List<String> out = new ArrayList<>(join(FOLK, BROAD_ORGANS));
        for (String family : List.of("shapes", "things", "people", "phantoms")) {
            out.addAll(categories(family));
            values(family).values().forEach(out::addAll);
        }
        Icons.NOTO.nouns().forEach(noun -> {
            out.add(Icons.NOTO.kind(noun));
            out.addAll(Nouns.broader(noun));
        });
        return out;
    }

    private static List<String> join(List<String> a, List<String> b) {
        return Stream.concat(a.stream(), b.stream()).toList();
    }
}
