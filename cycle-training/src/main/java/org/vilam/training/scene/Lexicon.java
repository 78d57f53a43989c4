package org.vilam.training.scene;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.vilam.training.scene.Meaning.Order;
import org.vilam.training.scene.Meaning.Place;
import org.vilam.training.scene.Meaning.Relation;

/** Words for nouns, values, orders, places and relations; the first of each list is the plain one. */
final class Lexicon {
    private static final Map<String, List<String>> NOUNS = synonyms();

    private static final Map<String, List<String>> VALUES = Map.ofEntries(
            Map.entry("grey", List.of("grey", "gray")),
            Map.entry("cyan", List.of("cyan", "turquoise", "light blue", "aqua")),
            Map.entry("purple", List.of("purple", "violet")),
            Map.entry("solid", List.of("solid", "plain")),
            Map.entry("striped", List.of("striped", "stripy", "stripey", "hatched")),
            Map.entry("dotted", List.of("dotted", "spotted", "polka dot")),
            Map.entry("hollow", List.of("hollow", "empty", "unfilled")),
            Map.entry("gradient", List.of("gradient", "fading")),
            Map.entry("bright", List.of("bright", "light")),
            Map.entry("round", List.of("round", "circular")),
            Map.entry("elongated", List.of("elongated", "oval", "stretched")),
            Map.entry("sickle-shaped", List.of("sickle-shaped", "sickled", "crescent-shaped")),
            Map.entry("lobed", List.of("multi-lobed", "lobed", "segmented")),
            Map.entry("single", List.of("mononuclear", "single-lobed")));

    static final List<String> BIG = List.of("big", "large", "bigger", "larger", "huge");
    static final List<String> SMALL = List.of("small", "little", "smaller", "tiny");

    private static final Map<Order, List<String>> SUPERLATIVES = Map.of(
            Order.LEFTMOST, List.of("leftmost", "left most", "left-most"),
            Order.RIGHTMOST, List.of("rightmost", "right most", "right-most"),
            Order.TOPMOST, List.of("topmost", "highest", "uppermost", "top"),
            Order.BOTTOMMOST, List.of("bottommost", "lowest", "bottom", "lowermost"),
            Order.LARGEST, List.of("largest", "biggest", "very biggest"),
            Order.SMALLEST, List.of("smallest", "tiniest", "littlest"),
            Order.MOST_CENTRAL, List.of("most central", "middle", "center", "centre", "central"));

    /** Said behind the noun. */
    private static final Map<Order, List<String>> EXTREMES = Map.of(
            Order.LEFTMOST,
                    List.of(
                            "on the far left",
                            "furthest to the left",
                            "farthest to the left",
                            "all the way to the left"),
            Order.RIGHTMOST,
                    List.of(
                            "on the far right",
                            "furthest to the right",
                            "farthest to the right",
                            "all the way to the right"),
            Order.TOPMOST, List.of("closest to the top", "at the very top", "furthest up", "nearest the top"),
            Order.BOTTOMMOST,
                    List.of("closest to the bottom", "at the very bottom", "furthest down", "nearest the bottom"),
            Order.LARGEST, List.of("with the largest size", "that is bigger than the others", "that is the largest"),
            Order.SMALLEST,
                    List.of("with the smallest size", "that is smaller than the others", "that is the smallest"),
            Order.MOST_CENTRAL, List.of("closest to the middle", "nearest the center", "closest to the centre"));

    private static final Map<Order, List<String>> FROM = Map.of(
            Order.LEFTMOST, List.of("from the left", "from left", "counting from the left", "from the left side"),
            Order.RIGHTMOST, List.of("from the right", "from right", "counting from the right", "from the right side"),
            Order.TOPMOST, List.of("from the top", "from top", "counting from the top", "from above"),
            Order.BOTTOMMOST, List.of("from the bottom", "from bottom", "counting from the bottom", "from below"));

    private static final Map<Place, List<String>> PLACES = Map.of(
            Place.LEFT,
                    List.of(
                            "on the left",
                            "on the left side",
                            "on the left hand side",
                            "in the left half",
                            "to the left"),
            Place.RIGHT,
                    List.of(
                            "on the right",
                            "on the right side",
                            "on the right hand side",
                            "in the right half",
                            "to the right"),
            Place.TOP,
                    List.of("at the top", "in the upper half", "near the top", "in the top half", "in the upper part"),
            Place.BOTTOM,
                    List.of(
                            "at the bottom",
                            "in the lower half",
                            "near the bottom",
                            "in the bottom half",
                            "in the lower part"),
            Place.TOP_LEFT, corner("top", "upper", "left"),
            Place.TOP_RIGHT, corner("top", "upper", "right"),
            Place.BOTTOM_LEFT, corner("bottom", "lower", "left"),
            Place.BOTTOM_RIGHT, corner("bottom", "lower", "right"),
            Place.CENTRE,
                    List.of("in the middle", "in the center", "in the centre", "at the center", "around the middle"));

    /** Said before the noun. */
    private static final Map<Place, List<String>> SIDES = Map.of(
            Place.LEFT, List.of("left", "left-hand"),
            Place.RIGHT, List.of("right", "right-hand"),
            Place.TOP, List.of("upper", "top"),
            Place.BOTTOM, List.of("lower", "bottom"),
            Place.TOP_LEFT, List.of("top left", "upper left", "top-left"),
            Place.TOP_RIGHT, List.of("top right", "upper right", "top-right"),
            Place.BOTTOM_LEFT, List.of("bottom left", "lower left", "bottom-left"),
            Place.BOTTOM_RIGHT, List.of("bottom right", "lower right", "bottom-right"),
            Place.CENTRE, List.of("middle", "central", "center"));

    private static final Map<Relation, List<String>> RELATIONS = Map.of(
            Relation.LEFT_OF, List.of("left of", "to the left of", "on the left of", "on the left side of"),
            Relation.RIGHT_OF, List.of("right of", "to the right of", "on the right of", "on the right side of"),
            Relation.ABOVE, List.of("above", "over", "higher than", "higher up than"),
            Relation.BELOW, List.of("below", "under", "beneath", "underneath", "lower than"),
            Relation.INSIDE, List.of("inside", "in", "within", "inside of", "contained in"),
            Relation.AROUND, List.of("around", "containing", "surrounding", "enclosing"),
            Relation.NEAREST, List.of("nearest to", "closest to", "next to", "nearest", "beside", "right by"),
            Relation.FARTHEST, List.of("farthest from", "furthest from", "furthest away from", "most distant from"),
            Relation.IN_FRONT_OF, List.of("in front of", "covering", "overlapping", "partly hiding"),
            Relation.BEHIND, List.of("behind", "partly hidden by", "covered by", "partly behind"));

    private static final List<String> ORDINALS = List.of("first", "second", "third", "fourth", "fifth");
    private static final List<String> ORDINALS_IN_DIGITS = List.of("1st", "2nd", "3rd", "4th", "5th");
    private static final List<String> NUMBERS =
            List.of("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine");

    private Lexicon() {}

    /** Every way to say a noun. */
    static List<String> nouns(String noun) {
        List<String> words = NOUNS.get(noun);
        if (words != null) {
            return words;
        }
        String last = noun.substring(noun.length() - 1);
        return noun.startsWith("letter ")
                ? List.of(noun, "character " + last, "capital " + last, last)
                : noun.startsWith("digit ") ? List.of(noun, "number " + last, "numeral " + last, last) : List.of(noun);
    }

    /** Every way to say a value. */
    static List<String> values(String value) {
        return VALUES.getOrDefault(value, List.of(value));
    }

    /** Everything that can be said, for telling a word from a slip. */
    static List<String> phrases() {
        return Stream.of(NOUNS, VALUES, SUPERLATIVES, EXTREMES, FROM, PLACES, SIDES, RELATIONS)
                .flatMap(map -> map.values().stream())
                .collect(() -> new ArrayList<>(List.of(BIG, SMALL, ORDINALS, NUMBERS)), List::add, List::addAll)
                .stream()
                .flatMap(List::stream)
                .toList();
    }

    static List<String> superlatives(Order order) {
        return SUPERLATIVES.getOrDefault(order, List.of());
    }

    static List<String> extremes(Order order) {
        return EXTREMES.getOrDefault(order, List.of());
    }

    static List<String> from(Order order) {
        return FROM.getOrDefault(order, List.of());
    }

    static List<String> places(Place place) {
        return PLACES.getOrDefault(place, List.of());
    }

    static List<String> sides(Place place) {
        return SIDES.getOrDefault(place, List.of());
    }

    static List<String> relations(Relation relation) {
        return RELATIONS.getOrDefault(relation, List.of());
    }

    static String ordinal(int rank, Diction diction) {
        return (diction.once(4) ? ORDINALS_IN_DIGITS : ORDINALS).get(rank - 1);
    }

    static String number(int n, Diction diction) {
        return n >= NUMBERS.size() || diction.once(4) ? Integer.toString(n) : NUMBERS.get(n);
    }

    private static List<String> corner(String plain, String other, String side) {
        return List.of(
                "in the " + plain + " " + side,
                "in the " + other + " " + side,
                "in the " + plain + " " + side + " corner",
                "in the " + other + " " + side + " corner",
                "at the " + plain + " " + side,
                "near the " + plain + " " + side);
    }

    private static Map<String, List<String>> synonyms() {
        Map<String, List<String>> out = new HashMap<>();
        try (InputStream in = Lexicon.class.getResourceAsStream("synonyms.txt")) {
            if (in == null) {
                throw new IllegalStateException("missing resource synonyms.txt");
            }
            BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
            for (String line : reader.lines().filter(l -> !l.startsWith("#")).toList()) {
                String[] halves = line.split(": ", 2);
                List<String> words = new ArrayList<>(List.of(halves[0]));
                words.addAll(List.of(halves[1].split(", ", -1)));
                out.put(halves[0], List.copyOf(words));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out;
    }
}
