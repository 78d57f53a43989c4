package org.vilam.training.scene;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.vilam.training.scene.Meaning.Order;
import org.vilam.training.scene.Meaning.Place;
import org.vilam.training.scene.Meaning.Relation;

/** Words for nouns, values, orders, places and relations; the first of each list is the plain one. */
final class Lexicon {
    private static final Map<String, List<String>> NOUNS = Map.ofEntries(
            Map.entry("circle", List.of("circle", "disc", "disk", "round shape", "dot")),
            Map.entry("oval", List.of("oval", "ellipse")),
            Map.entry("ring", List.of("ring", "donut", "hoop")),
            Map.entry("cross", List.of("cross", "plus sign", "plus")),
            Map.entry("diamond", List.of("diamond", "rhombus")),
            Map.entry("crescent", List.of("crescent", "moon shape", "crescent moon")),
            Map.entry("semicircle", List.of("semicircle", "half circle")),
            Map.entry("trapezoid", List.of("trapezoid", "trapezium")),
            Map.entry("blob", List.of("blob", "irregular shape", "splotch")),
            Map.entry("digit", List.of("digit", "number", "numeral")),
            Map.entry("character", List.of("character", "symbol")),
            Map.entry("person", List.of("person", "figure")),
            Map.entry("object", List.of("object", "thing", "item")),
            Map.entry("shape", List.of("shape", "figure", "form")));

    private static final Map<String, List<String>> VALUES = Map.ofEntries(
            Map.entry("grey", List.of("grey", "gray")),
            Map.entry("cyan", List.of("cyan", "turquoise", "light blue")),
            Map.entry("purple", List.of("purple", "violet")),
            Map.entry("solid", List.of("solid", "filled", "plain")),
            Map.entry("striped", List.of("striped", "stripy", "hatched")),
            Map.entry("dotted", List.of("dotted", "spotted", "polka dot")),
            Map.entry("hollow", List.of("hollow", "outlined", "empty", "unfilled")),
            Map.entry("gradient", List.of("gradient", "shaded")));

    private static final Map<Order, List<String>> SUPERLATIVES = Map.of(
            Order.LEFTMOST, List.of("leftmost", "left most", "far left", "furthest left"),
            Order.RIGHTMOST, List.of("rightmost", "right most", "far right", "furthest right"),
            Order.TOPMOST, List.of("topmost", "top", "highest", "uppermost"),
            Order.BOTTOMMOST, List.of("bottommost", "bottom", "lowest"),
            Order.LARGEST, List.of("largest", "biggest", "very biggest"),
            Order.SMALLEST, List.of("smallest", "tiniest", "littlest"),
            Order.MOST_CENTRAL, List.of("most central", "middle", "center", "centre"));

    private static final Map<Order, List<String>> FROM = Map.of(
            Order.LEFTMOST, List.of("from the left", "from left", "counting from the left"),
            Order.RIGHTMOST, List.of("from the right", "from right", "counting from the right"),
            Order.TOPMOST, List.of("from the top", "from top", "counting from the top"),
            Order.BOTTOMMOST, List.of("from the bottom", "from below", "counting from the bottom"));

    private static final Map<Place, List<String>> PLACES = Map.of(
            Place.LEFT, List.of("on the left", "on the left side", "at the left", "in the left half"),
            Place.RIGHT, List.of("on the right", "on the right side", "at the right", "in the right half"),
            Place.TOP, List.of("at the top", "in the upper half", "near the top", "in the top part"),
            Place.BOTTOM, List.of("at the bottom", "in the lower half", "near the bottom", "in the bottom part"),
            Place.TOP_LEFT, List.of("in the top left", "in the upper left", "in the top left corner"),
            Place.TOP_RIGHT, List.of("in the top right", "in the upper right", "in the top right corner"),
            Place.BOTTOM_LEFT, List.of("in the bottom left", "in the lower left", "in the bottom left corner"),
            Place.BOTTOM_RIGHT, List.of("in the bottom right", "in the lower right", "in the bottom right corner"),
            Place.CENTRE, List.of("in the middle", "in the center", "in the centre", "in the middle of the picture"));

    private static final Map<Relation, List<String>> RELATIONS = Map.of(
            Relation.LEFT_OF, List.of("left of", "to the left of", "on the left of", "on the left side of"),
            Relation.RIGHT_OF, List.of("right of", "to the right of", "on the right of", "on the right side of"),
            Relation.ABOVE, List.of("above", "over", "higher than", "up from"),
            Relation.BELOW, List.of("below", "under", "beneath", "underneath", "lower than"),
            Relation.INSIDE, List.of("inside", "in", "within", "contained in"),
            Relation.AROUND, List.of("around", "containing", "surrounding", "with inside it"),
            Relation.NEAREST, List.of("nearest to", "closest to", "nearest", "next to", "beside"),
            Relation.FARTHEST, List.of("farthest from", "furthest from", "furthest away from"),
            Relation.IN_FRONT_OF, List.of("in front of", "covering", "overlapping", "partly hiding"),
            Relation.BEHIND, List.of("behind", "partly hidden by", "covered by"));

    private static final List<String> ORDINALS = List.of("first", "second", "third", "fourth", "fifth");
    private static final List<String> ORDINALS_IN_DIGITS = List.of("1st", "2nd", "3rd", "4th", "5th");
    private static final List<String> NUMBERS =
            List.of("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine");

    private Lexicon() {}

    static String noun(String noun, SplittableRandom random) {
        return pick(NOUNS.getOrDefault(noun, List.of(noun)), random);
    }

    static String value(String value, SplittableRandom random) {
        return pick(VALUES.getOrDefault(value, List.of(value)), random);
    }

    static String superlative(Order order, SplittableRandom random) {
        return pick(SUPERLATIVES.getOrDefault(order, List.of()), random);
    }

    static String from(Order order, SplittableRandom random) {
        return pick(FROM.getOrDefault(order, List.of()), random);
    }

    static String place(Place place, SplittableRandom random) {
        return pick(PLACES.getOrDefault(place, List.of()), random);
    }

    static String relation(Relation relation, SplittableRandom random) {
        String words = pick(RELATIONS.getOrDefault(relation, List.of()), random);
        return words.equals("with inside it") ? "containing" : words;
    }

    static String ordinal(int rank, SplittableRandom random) {
        return (random.nextInt(4) == 0 ? ORDINALS_IN_DIGITS : ORDINALS).get(rank - 1);
    }

    static String number(int n, SplittableRandom random) {
        return random.nextInt(4) == 0 || n >= NUMBERS.size() ? Integer.toString(n) : NUMBERS.get(n);
    }

    /** The plural of a noun phrase whose last word is its head; letters and digits put the plural on the first word. */
    static String plural(String noun) {
        if (noun.matches("(letter|digit|number|numeral) .")) {
            return noun.replaceFirst(" ", "s ");
        }
        int cut = noun.lastIndexOf(' ') + 1;
        String head = noun.substring(cut);
        String many = switch (head) {
            case "person" -> "people";
            case "man" -> "men";
            case "woman" -> "women";
            case "child" -> "children";
            case "mouse" -> "mice";
            case "nucleus" -> "nuclei";
            case "fish", "sheep", "scissors", "glasses", "trousers" -> head;
            case "knife", "leaf", "wolf", "loaf", "shelf", "half" -> head.replaceFirst("fe?$", "ves");
            default ->
                head.matches(".*(s|x|z|ch|sh|cross)$")
                        ? head + "es"
                        : head.matches(".*[^aeiou]y$") ? head.substring(0, head.length() - 1) + "ies" : head + "s";
        };
        return noun.substring(0, cut) + many;
    }

    static <T> T pick(List<T> list, SplittableRandom random) {
        // The plain word is said as often as all others together.
        return list.get(list.size() == 1 || random.nextBoolean() ? 0 : random.nextInt(list.size()));
    }
}
