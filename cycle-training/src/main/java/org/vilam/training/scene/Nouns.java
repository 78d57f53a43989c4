package org.vilam.training.scene;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** What is true of nouns: their plurals and articles, broader words, and words that people mix up. */
final class Nouns {
    /** Words that stand for one thing in the plural. */
    private static final Set<String> PAIRS = Set.of(
            "scissors",
            "glasses",
            "spectacles",
            "eyeglasses",
            "gloves",
            "jeans",
            "socks",
            "fries",
            "french fries",
            "pancakes",
            "peanuts",
            "blueberries",
            "cherries",
            "grapes");

    private static final Map<String, String> PLURALS = Map.ofEntries(
            Map.entry("person", "people"),
            Map.entry("man", "men"),
            Map.entry("gentleman", "gentlemen"),
            Map.entry("woman", "women"),
            Map.entry("snowman", "snowmen"),
            Map.entry("child", "children"),
            Map.entry("foot", "feet"),
            Map.entry("mouse", "mice"),
            Map.entry("goose", "geese"),
            Map.entry("ox", "oxen"),
            Map.entry("nucleus", "nuclei"),
            Map.entry("cactus", "cacti"),
            Map.entry("tv", "tvs"),
            Map.entry("fish", "fish"),
            Map.entry("blowfish", "blowfish"),
            Map.entry("pufferfish", "pufferfish"),
            Map.entry("sheep", "sheep"),
            Map.entry("deer", "deer"),
            Map.entry("bison", "bison"),
            Map.entry("sushi", "sushi"),
            Map.entry("squid", "squid"),
            Map.entry("shrimp", "shrimp"),
            Map.entry("trousers", "trousers"),
            Map.entry("knife", "knives"),
            Map.entry("leaf", "leaves"),
            Map.entry("loaf of bread", "loaves of bread"));

    /** Broader words beyond the kind that a drawing's file gives. */
    private static final Map<String, List<String>> BROADER = broader(
            "dog: poodle",
            "car: race car, taxi, police car",
            "truck: fire engine",
            "boat: ship, sailboat, canoe",
            "bird: chicken, dove, duck, eagle, flamingo, owl, parrot, peacock, penguin, rooster, swan, turkey",
            "chicken: rooster",
            "bug: ant, bee, beetle, cockroach, cricket, fly, ladybug, mosquito",
            "insect: ant, bee, beetle, bug, butterfly, cockroach, cricket, fly, ladybug, mosquito",
            "sheep: ewe, ram",
            "fish: tropical fish, blowfish, shark",
            "flower: blossom, hibiscus, rose, sunflower, tulip",
            "tree: palm tree, pine tree",
            "shoe: sneaker, boot",
            "bread: baguette",
            "clock: alarm clock",
            "bag: backpack, handbag, briefcase",
            "bear: panda",
            "berry: blueberries, strawberry");

    /** Within a group, one may be called by another's name: neither true nor false. */
    private static final List<Set<String>> CONFUSED = List.of(
            Set.of("mouse", "rat"),
            Set.of("cow", "ox", "bison"),
            Set.of("pig", "boar"),
            Set.of("goat", "ewe", "ram", "sheep"),
            Set.of("bug", "beetle", "cockroach", "cricket", "ladybug", "insect"),
            Set.of("worm", "snake"),
            Set.of("dolphin", "whale", "shark", "fish"),
            Set.of("shrimp", "lobster"),
            Set.of("squid", "octopus"),
            Set.of("seal", "otter"),
            Set.of("bear", "koala", "teddy bear"),
            Set.of("dragon", "crocodile"),
            Set.of("elephant", "mammoth"),
            Set.of("monkey", "gorilla"),
            Set.of("chipmunk", "beaver"),
            Set.of("badger", "skunk", "raccoon"),
            Set.of("camel", "llama"),
            Set.of("bus", "tram", "train"),
            Set.of("bus", "ambulance", "truck", "car"),
            Set.of("car", "ambulance", "fire engine"),
            Set.of("bicycle", "scooter", "motorcycle"),
            Set.of("ship", "boat"),
            Set.of("coat", "shirt", "dress"),
            Set.of("hat", "crown"),
            Set.of("guitar", "banjo", "violin"),
            Set.of("trumpet", "saxophone"),
            Set.of("candy", "lollipop"),
            Set.of("cup", "coffee", "milk", "beer", "cocktail", "wine glass"),
            Set.of("bottle", "milk", "beer"),
            Set.of("handbag", "backpack", "briefcase", "basket", "toolbox"),
            Set.of("bread", "croissant", "bagel", "sandwich", "pie"),
            Set.of("bagel", "donut"),
            Set.of("hamburger", "sandwich"),
            Set.of("burrito", "taco", "sandwich"),
            Set.of("clover", "herb", "maple leaf"),
            Set.of("blossom", "hibiscus", "flower"),
            Set.of("watch", "clock", "alarm clock", "compass"),
            Set.of("globe", "moon"),
            Set.of("football", "soccer ball", "basketball", "volleyball"),
            Set.of("rocket", "airplane"),
            Set.of("castle", "church", "house", "factory", "hospital"),
            Set.of("pencil", "crayon", "paintbrush"),
            Set.of("television", "laptop", "phone"),
            Set.of("peach", "apple", "tomato", "mango", "tangerine"),
            Set.of("tree", "broccoli"),
            Set.of("melon", "watermelon"),
            Set.of("wrench", "screwdriver"),
            Set.of("lamp", "flashlight", "candle"),
            Set.of("square", "rectangle"),
            Set.of("diamond", "parallelogram"),
            Set.of("sickle-shaped", "elongated"));

    private static final Map<String, Set<String>> ALSO_CALLED = alsoCalled();

    private static final Pattern VOWEL = Pattern.compile("(?i)([aeio]|u(?!ni|fo|s)|8).*");
    private static final Pattern GLYPH = Pattern.compile("(letter|capital|digit|number|numeral) .");

    private Nouns() {}

    /** Broader words for a drawing's noun, without the noun. */
    static Set<String> broader(String noun) {
        return new LinkedHashSet<>(BROADER.getOrDefault(noun, List.of()));
    }

    /** Whether one could be called by the other's name; also of values of an attribute. */
    static boolean confused(String a, String b) {
        return ALSO_CALLED.getOrDefault(a, Set.of()).contains(b);
    }

    /** Whether the noun is grammatically many though it names one thing: the scissors are, not is. */
    static boolean isPair(String noun) {
        return PAIRS.contains(noun);
    }

    /** "a" or "an" for the words that follow. */
    static String article(String words) {
        return VOWEL.matcher(words).matches() ? "an" : "a";
    }

    /** The plural of a noun whose last word is its head; letters and digits put the plural on the first word. */
    static String plural(String noun) {
        if (GLYPH.matcher(noun).matches()) {
            return noun.replaceFirst(" ", "s ");
        }
        String whole = PLURALS.get(noun);
        if (whole != null) {
            return whole;
        }
        if (isPair(noun)) {
            return noun;
        }
        int cut = noun.lastIndexOf(' ') + 1;
        String head = noun.substring(cut);
        String many = PLURALS.get(head);
        if (many == null) {
            boolean hissing =
                    head.matches(".*(s|x|z|ch|sh)$") || head.matches("(potato|tomato|mango|mosquito|volcano)");
            boolean changing = head.matches(".*[^aeiou]y$");
            many = hissing ? head + "es" : changing ? head.substring(0, head.length() - 1) + "ies" : head + "s";
        }
        return noun.substring(0, cut) + many;
    }

    private static Map<String, Set<String>> alsoCalled() {
        Map<String, Set<String>> out = new HashMap<>();
        for (Set<String> group : CONFUSED) {
            for (String noun : group) {
                out.computeIfAbsent(noun, key -> new HashSet<>()).addAll(group);
            }
        }
        return out;
    }

    private static Map<String, List<String>> broader(String... lines) {
        Map<String, List<String>> out = new HashMap<>();
        for (String line : lines) {
            String[] halves = line.split(": ", 2);
            for (String noun : halves[1].split(", ", -1)) {
                out.computeIfAbsent(noun, key -> new ArrayList<>()).add(halves[0]);
            }
        }
        return out;
    }
}
