package org.vilam.assistant.route;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What nouns.txt knows: plurals, and which words stand before and behind a noun. */
final class Nouns {
    private static final Map<String, Set<String>> SETS = new HashMap<>();
    private static final Map<String, String> SINGULAR = new HashMap<>();
    private static final Map<String, String> PLURAL = new HashMap<>();

    static {
        for (String line : Resource.lines("nouns.txt")) {
            String[] halves = Resource.halves(line, ":");
            List<String> entries = List.of(halves[1].split(", *", -1));
            SETS.put(halves[0], Set.copyOf(new java.util.HashSet<>(entries)));
            if (halves[0].equals("plural")) {
                for (String entry : entries) {
                    String[] both = Resource.halves(entry, " ");
                    SINGULAR.put(both[0], both[1]);
                    PLURAL.putIfAbsent(both[1], both[0]);
                }
            }
        }
    }

    private Nouns() {}

    /** Whether a word is in one of the file's lists. */
    static boolean is(String list, String word) {
        Set<String> words = SETS.get(list);
        if (words == null) {
            throw new IllegalArgumentException("nouns.txt has no list " + list);
        }
        return words.contains(word);
    }

    /** Whether any list has the word. */
    static boolean known(String word) {
        return SINGULAR.containsKey(word) || SETS.values().stream().anyMatch(s -> s.contains(word));
    }

    static boolean isPlural(String word) {
        if (is("pair", word) || is("same", word) || is("single", word)) {
            return false;
        }
        return SINGULAR.containsKey(word)
                || (word.length() > 2 && word.endsWith("s") && !word.endsWith("ss") && !word.endsWith("'s"));
    }

    static String singular(String word) {
        if (!isPlural(word)) {
            return word;
        }
        String known = SINGULAR.get(word);
        if (known != null) {
            return known;
        } else if (word.endsWith("ies") && word.length() > 4) {
            return word.substring(0, word.length() - 3) + "y";
        }
        boolean hissing = word.matches(".*(ss|x|z|ch|sh)es");
        return word.substring(0, word.length() - (hissing ? 2 : 1));
    }

    static String plural(String word) {
        if (is("pair", word) || is("same", word) || isPlural(word)) {
            return word;
        }
        String known = PLURAL.get(word);
        if (known != null) {
            return known;
        } else if (word.matches(".*[^aeiou]y")) {
            return word.substring(0, word.length() - 1) + "ies";
        }
        return word + (word.matches(".*(s|x|z|ch|sh)") ? "es" : "s");
    }

    /** The article that an indefinite noun phrase begins with; none where it is of many or of a pair. */
    static String article(String words) {
        return words.matches("(?i)([aeio]|u(?!ni|s|ri|ter|fo)|8|x-?ray).*") ? "an" : "a";
    }

    /** The words without the first {@code n}. */
    static List<String> from(List<String> words, int n) {
        return new ArrayList<>(words.subList(n, words.size()));
    }
}
