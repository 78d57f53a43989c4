package org.vilam.assistant.dialogue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.vilam.assistant.route.NounPhrase;
import org.vilam.vision.geometry.Box;

/**
 * Chooses among numbered boxes by words: "2", "the upper one", "the second from the left", "both", "the biggest". Words that say
 * anything else choose nothing; they have to be looked for.
 */
final class Selection {
    private static final Pattern FROM = Pattern.compile(
            "(?<which>\\S+)(?: counting)? from (?:the )?(?<side>left|right|top|bottom)(?: side)?");
    private static final Pattern FIRST = Pattern.compile("(?<end>first|last) (?<count>two|three|four|five|2|3|4|5)");
    private static final Set<String> EVERY = Set.of(
            "all", "both", "all of", "both of", "each", "each of", "every", "everything", "all both", "all two", "all three");
    private static final Map<String, ToDoubleFunction<Box>> DIRECTIONS = Map.of(
            "left", b -> -b.centre().x(),
            "right", b -> b.centre().x(),
            "upper", b -> -b.centre().y(),
            "lower", b -> b.centre().y(),
            "big", Box::area,
            "small", b -> -b.area());
    private static final Map<String, String> WORDS = Map.ofEntries(
            Map.entry("leftmost", "left"),
            Map.entry("left-most", "left"),
            Map.entry("left-hand", "left"),
            Map.entry("rightmost", "right"),
            Map.entry("right-most", "right"),
            Map.entry("right-hand", "right"),
            Map.entry("top", "upper"),
            Map.entry("topmost", "upper"),
            Map.entry("uppermost", "upper"),
            Map.entry("highest", "upper"),
            Map.entry("higher", "upper"),
            Map.entry("above", "upper"),
            Map.entry("up", "upper"),
            Map.entry("bottom", "lower"),
            Map.entry("bottommost", "lower"),
            Map.entry("lowermost", "lower"),
            Map.entry("lowest", "lower"),
            Map.entry("below", "lower"),
            Map.entry("down", "lower"),
            Map.entry("biggest", "big"),
            Map.entry("bigger", "big"),
            Map.entry("large", "big"),
            Map.entry("larger", "big"),
            Map.entry("largest", "big"),
            Map.entry("smallest", "small"),
            Map.entry("smaller", "small"),
            Map.entry("little", "small"),
            Map.entry("tiny", "small"));
    private static final List<String> NUMBERS =
            List.of("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten");

    private final List<Box> boxes;
    private final Positions positions;

    /** Boxes in the order of their numbers. */
    Selection(List<Box> boxes) {
        this.boxes = List.copyOf(boxes);
        this.positions = new Positions(boxes);
    }

    /**
     * The boxes meant, as indices.
     *
     * @param words any text
     * @param label what kind of thing the boxes are; "the left circle" chooses among circles
     * @return nothing where the words say more than which one
     */
    Optional<List<Integer>> choose(String words, String label) {
        String plain = plain(words, label);
        if (plain.isEmpty()) {
            return Optional.empty();
        } else if (EVERY.contains(plain) && !(plain.startsWith("both") && boxes.size() != 2)) {
            return Optional.of(IntStream.range(0, boxes.size()).boxed().toList());
        }
        List<Integer> chosen = new ArrayList<>();
        for (String part : plain.split(" and | or |, ?", -1)) {
            Optional<List<Integer>> one = one(part.strip());
            if (one.isEmpty()) {
                return Optional.empty();
            }
            one.get().stream().filter(i -> !chosen.contains(i)).forEach(chosen::add);
        }
        return Optional.of(chosen);
    }

    /** The words that say which one. */
    private static String plain(String words, String label) {
        String text = words.toLowerCase(Locale.ROOT).replaceAll("[.!?\"']", " ").replaceAll("\\s+", " ").strip();
        String head = label.substring(label.lastIndexOf(' ') + 1);
        String nouns = "ones|one|them|object|objects|candidate|" + Pattern.quote(label) + "|"
                + Pattern.quote(NounPhrase.of(label).plurals()) + "|" + Pattern.quote(head);
        return text.replaceFirst("^(no|yes|i mean|i meant|please|ok|well|take|it is|it's|that is|choose|pick|use)\\b[ ,]*", "")
                .replaceFirst("[ ,]*\\b(please|thanks|of course)$", "")
                .replaceAll("\\b(number|option|candidate|no\\.?|nr\\.?) (?=#?\\d)", "")
                .replaceAll("#(?=\\d)", "")
                .replaceAll("\\b(on|at|in|to|towards) the (far |very )?(left|right|top|bottom|middle|centre|center)( hand)?( side| half| part)?\\b", "$3")
                .replaceAll("\\b(that|this) (is )?", "")
                .replaceAll("\\b(the|of the) ", "")
                .replaceAll("(?<=\\S) (" + nouns + ")\\b", "")
                .replaceFirst("^(" + nouns + ") (?=\\S)", "")
                .replaceAll("\\s+", " ")
                .strip();
    }

    private Optional<List<Integer>> one(String part) {
        int number = part.matches("\\d{1,3}") ? Integer.parseInt(part) : NUMBERS.indexOf(part) + 1;
        if (number > 0) {
            return at(number - 1);
        }
        Matcher from = FROM.matcher(part);
        if (from.matches()) {
            return at(ordered(side(from.group("side"))), rank(from.group("which")));
        }
        Matcher some = FIRST.matcher(part);
        if (some.matches()) {
            String count = some.group("count");
            int n = count.matches("\\d") ? Integer.parseInt(count) : NUMBERS.indexOf(count) + 1;
            int size = boxes.size();
            boolean first = some.group("end").equals("first");
            return n > size
                    ? Optional.empty()
                    : Optional.of(IntStream.range(first ? 0 : size - n, first ? n : size).boxed().toList());
        }
        if (part.equals("last") || part.equals("latter")) {
            return at(boxes.size() - 1);
        } else if (part.equals("former") || part.equals("either") || part.equals("any")) {
            return at(0);
        } else if (Positions.ordinal(part) >= 0) {
            return at(Positions.ordinal(part));
        } else if (part.matches("middle|centre|center|central|most central")) {
            List<Integer> order = positions.inOrder();
            return order.size() % 2 == 1 ? Optional.of(List.of(order.get(order.size() / 2))) : Optional.empty();
        }
        return direction(part);
    }

    /** "Left", "upper left", "second biggest". */
    private Optional<List<Integer>> direction(String part) {
        List<String> words = List.of(part.replace('-', ' ').split(" ", -1));
        if (DIRECTIONS.containsKey(side(part))) {
            return at(ordered(side(part)), 0);
        } else if (words.size() == 2 && words.stream().allMatch(w -> DIRECTIONS.containsKey(side(w)))) {
            ToDoubleFunction<Box> a = DIRECTIONS.getOrDefault(side(words.get(0)), b -> 0);
            ToDoubleFunction<Box> b = DIRECTIONS.getOrDefault(side(words.get(1)), c -> 0);
            return at(ordered(box -> a.applyAsDouble(box) + b.applyAsDouble(box)), 0);
        } else if (words.size() == 2 && Positions.ordinal(words.get(0)) >= 0 && DIRECTIONS.containsKey(side(words.get(1)))) {
            return at(ordered(side(words.get(1))), Positions.ordinal(words.get(0)));
        }
        return Optional.empty();
    }

    private static String side(String word) {
        return WORDS.getOrDefault(word, word);
    }

    private static int rank(String word) {
        return word.equals("last") ? Integer.MAX_VALUE : Positions.ordinal(word);
    }

    private List<Integer> ordered(String direction) {
        return ordered(DIRECTIONS.getOrDefault(direction, b -> 0));
    }

    /** Those with most of it first. */
    private List<Integer> ordered(ToDoubleFunction<Box> value) {
        return IntStream.range(0, boxes.size())
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -value.applyAsDouble(boxes.get(i))))
                .toList();
    }

    private static Optional<List<Integer>> at(List<Integer> order, int rank) {
        int index = rank == Integer.MAX_VALUE ? order.size() - 1 : rank;
        return index >= 0 && index < order.size() ? Optional.of(List.of(order.get(index))) : Optional.empty();
    }

    private Optional<List<Integer>> at(int index) {
        return index >= 0 && index < boxes.size() ? Optional.of(List.of(index)) : Optional.empty();
    }
}
