package org.vilam.training.scene;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;

/** How hurried hands write: capitals, a final stop, and now and then a slip of the finger. */
final class Typing {
    private static final List<String> KEYS = List.of("qwertyuiop", "asdfghjkl", "zxcvbnm");
    private static final Set<String> WORDS = words();

    private Typing() {}

    /** A line as typed: one in sixteen has a slip or two, one in five another case or a stop. */
    static String typed(String text, SplittableRandom random) {
        String out = text;
        if (random.nextInt(50) < 3) {
            out = slip(out, random);
            out = random.nextInt(5) == 0 ? slip(out, random) : out;
        }
        boolean asks = out.endsWith("?");
        String capital = Character.toUpperCase(out.charAt(0)) + out.substring(1);
        return switch (random.nextInt(20)) {
            case 0 -> out.toUpperCase(Locale.ROOT);
            case 1 -> capital;
            case 2 -> asks ? capital : capital + ".";
            case 3 -> asks ? out.substring(0, out.length() - 1) : out + ".";
            default -> out;
        };
    }

    /** One slip in a word of four letters or more; the text as it was where that would make another known word. */
    static String slip(String text, SplittableRandom random) {
        String[] words = text.split(" ", -1);
        int at = random.nextInt(words.length);
        String word = words[at];
        if (word.length() < 4 || !word.chars().allMatch(c -> c >= 'a' && c <= 'z')) {
            return text;
        }
        String wrong = damaged(word, random);
        if (WORDS.contains(wrong)) {
            return text;
        }
        words[at] = wrong;
        return String.join(" ", words);
    }

    private static String damaged(String word, SplittableRandom random) {
        int i = 1 + random.nextInt(word.length() - 2);
        String head = word.substring(0, i);
        char c = word.charAt(i);
        String tail = word.substring(i + 1);
        return switch (random.nextInt(4)) {
            case 0 -> head + tail;
            case 1 -> head + c + c + tail;
            case 2 -> head + tail.charAt(0) + c + tail.substring(1);
            default -> head + neighbour(c, random) + tail;
        };
    }

    private static char neighbour(char c, SplittableRandom random) {
        for (String row : KEYS) {
            int at = row.indexOf(c);
            if (at >= 0) {
                int beside = at == 0 || (at < row.length() - 1 && random.nextBoolean()) ? at + 1 : at - 1;
                return row.charAt(beside);
            }
        }
        return c;
    }

    /** Whether a word, as it is, can mean something in an expression. */
    static boolean known(String word) {
        return WORDS.contains(word);
    }

    private static Set<String> words() {
        Set<String> out = new HashSet<>();
        List<String> phrases = new java.util.ArrayList<>(Lexicon.phrases());
        phrases.addAll(Requests.words());
        phrases.addAll(AttributeWording.phrases());
        phrases.addAll(Vocabulary.phrases());
        for (String phrase : phrases) {
            for (String word : Arrays.asList(phrase.toLowerCase(Locale.ROOT).split("[^a-z]+", -1))) {
                out.add(word);
                out.add(Nouns.plural(word));
            }
        }
        return out;
    }
}
