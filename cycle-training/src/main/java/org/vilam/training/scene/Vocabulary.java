package org.vilam.training.scene;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The nouns and attribute values that a family can draw, for saying things that are not there. */
final class Vocabulary {
    private static final List<String> COLOURS =
            Arrays.stream(Colour.values()).map(Colour::word).toList();
    private static final List<String> SHAPES = Arrays.stream(Outline.values())
            .filter(o -> o != Outline.LETTER && o != Outline.DIGIT)
            .map(o -> o.name().toLowerCase(Locale.ROOT))
            .toList();

    private static final List<String> PEOPLE_ABSENT =
            List.of("dog", "cat", "horse", "car", "bicycle", "tree", "chair", "ball");

    private static final List<String> PHANTOMS = List.of(
            "white blood cell",
            "red blood cell",
            "platelet",
            "nucleus",
            "left lung",
            "right lung",
            "lung",
            "heart",
            "nodule",
            "tube",
            "pacemaker",
            "spine",
            "liver",
            "left kidney",
            "right kidney",
            "kidney",
            "device");

    private Vocabulary() {}

    /** Whether a noun is the name of an outline. */
    static boolean outline(String noun) {
        return Arrays.stream(Outline.values()).anyMatch(o -> o.name().equalsIgnoreCase(noun));
    }

    static List<String> nouns(String family) {
        if (family.equals("shapes")) {
            return SHAPES;
        }
        if (family.equals("things")) {
            return Icons.NOTO.nouns();
        }
        if (family.equals("people")) {
            return PEOPLE_ABSENT;
        }
        if (family.equals("phantoms")) {
            return PHANTOMS;
        }
        throw new IllegalArgumentException("no vocabulary of family " + family);
    }

    static Map<String, List<String>> values(String family) {
        if (family.equals("shapes")) {
            return Map.of("colour", COLOURS, "fill", List.of("solid", "striped", "dotted", "hollow", "gradient"));
        }
        if (family.equals("things")) {
            return Map.of("colour", COLOURS);
        }
        if (family.equals("phantoms")) {
            return Map.of();
        }
        if (family.equals("people")) {
            return Map.of(
                    "shirt", COLOURS,
                    "trousers", COLOURS,
                    "hat", List.of("a hat"),
                    "glasses", List.of("glasses"),
                    "arms", List.of("both arms up", "the left arm up", "the right arm up"),
                    "pose", List.of("crouching", "standing"));
        }
        throw new IllegalArgumentException("no vocabulary of family " + family);
    }
}
