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

    private Vocabulary() {}

    static List<String> nouns(String family) {
        if (family.equals("shapes")) {
            return SHAPES;
        }
        if (family.equals("things")) {
            return Icons.NOTO.nouns();
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
        throw new IllegalArgumentException("no vocabulary of family " + family);
    }
}
