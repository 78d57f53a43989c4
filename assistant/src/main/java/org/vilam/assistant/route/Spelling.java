package org.vilam.assistant.route;

import java.util.HashSet;
import java.util.Set;

/** Recognises the words of commands and questions behind a slip of the finger. */
final class Spelling {
    private static final int SHORTEST = 5;
    /** What a word may have at its end without being misspelt: "outlined" is not "outline". */
    private static final String ENDINGS = "sdryn";

    private final Set<String> known = new HashSet<>();

    /** Adds a word that is right as it is. */
    void learn(String word) {
        known.add(word);
    }

    /** Whether a word could be another one, misspelt. */
    boolean doubtful(String typed) {
        return typed.length() >= SHORTEST - 1 && !known.contains(typed) && !Nouns.known(typed);
    }

    /** Whether one letter too many, too few, wrong or swapped makes the difference, and the word is none itself. */
    boolean slip(String typed, String word) {
        return word.length() >= SHORTEST
                && Math.abs(typed.length() - word.length()) <= 1
                && doubtful(typed)
                && !(typed.length() > word.length()
                        && typed.startsWith(word)
                        && ENDINGS.indexOf(typed.charAt(typed.length() - 1)) >= 0)
                && !(word.length() > typed.length() && word.startsWith(typed) && word.endsWith("s"))
                && distanceOne(typed, word);
    }

    /** Damerau-Levenshtein distance of exactly one. */
    static boolean distanceOne(String a, String b) {
        String shorter = a.length() <= b.length() ? a : b;
        String longer = a.length() <= b.length() ? b : a;
        int same = 0;
        while (same < shorter.length() && shorter.charAt(same) == longer.charAt(same)) {
            same++;
        }
        if (longer.length() == shorter.length() + 1) {
            return longer.substring(same + 1).equals(shorter.substring(same));
        }
        if (longer.length() != shorter.length() || same == shorter.length()) {
            return false;
        }
        boolean swapped = same + 1 < shorter.length()
                && shorter.charAt(same) == longer.charAt(same + 1)
                && shorter.charAt(same + 1) == longer.charAt(same)
                && shorter.substring(same + 2).equals(longer.substring(same + 2));
        return swapped || shorter.substring(same + 1).equals(longer.substring(same + 1));
    }
}
