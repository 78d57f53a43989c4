package org.vilam.assistant.route;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Words and marks of an instruction: lower case, one kind of apostrophe, contractions in full. */
final class Tokens {
    private static final Pattern TOKEN = Pattern.compile("#\\d{1,3}|[\\p{L}\\p{N}][\\p{L}\\p{M}\\p{N}'\\-]*|[.,;:?!&]");
    private static final Set<String> MARKS = Set.of(".", ",", ";", ":", "?", "!");

    private static final Map<String, List<String>> FULL = Map.ofEntries(
            Map.entry("where's", List.of("where", "is")),
            Map.entry("wheres", List.of("where", "is")),
            Map.entry("where're", List.of("where", "are")),
            Map.entry("what's", List.of("what", "is")),
            Map.entry("whats", List.of("what", "is")),
            Map.entry("what're", List.of("what", "are")),
            Map.entry("who's", List.of("who", "is")),
            Map.entry("whos", List.of("who", "is")),
            Map.entry("which's", List.of("which", "is")),
            Map.entry("how's", List.of("how", "is")),
            Map.entry("there's", List.of("there", "is")),
            Map.entry("theres", List.of("there", "is")),
            Map.entry("that's", List.of("that", "is")),
            Map.entry("thats", List.of("that", "is")),
            Map.entry("it's", List.of("it", "is")),
            Map.entry("i'm", List.of("i", "am")),
            Map.entry("im", List.of("i", "am")),
            Map.entry("i'd", List.of("i", "would")),
            Map.entry("we'd", List.of("we", "would")),
            Map.entry("i've", List.of("i", "have")),
            Map.entry("we're", List.of("we", "are")),
            Map.entry("let's", List.of("let", "us")),
            Map.entry("lets", List.of("let", "us")),
            Map.entry("can't", List.of("can", "not")),
            Map.entry("cant", List.of("can", "not")),
            Map.entry("cannot", List.of("can", "not")),
            Map.entry("couldn't", List.of("could", "not")),
            Map.entry("gimme", List.of("give", "me")),
            Map.entry("lemme", List.of("let", "me")),
            Map.entry("wanna", List.of("want", "to")),
            Map.entry("gonna", List.of("going", "to")),
            Map.entry("plz", List.of("please")),
            Map.entry("pleas", List.of("please")),
            Map.entry("colored", List.of("coloured")),
            Map.entry("&", List.of("and")));

    private Tokens() {}

    /** The tokens of a text; marks are tokens of their own. */
    static List<String> of(String text) {
        String plain = Normalizer.normalize(text, Normalizer.Form.NFKC)
                .replace('\u2019', '\'')
                .replace('\u2018', '\'')
                .replace('\u02bc', '\'')
                .replace('\u00b4', '\'')
                .replace('`', '\'')
                .replaceAll("(^|\\s)\\d{1,2}[.)]\\s", " . ")
                .toLowerCase(Locale.ROOT);
        List<String> tokens = new ArrayList<>();
        Matcher matcher = TOKEN.matcher(plain);
        while (matcher.find()) {
            String token = matcher.group().replaceFirst("[-]+$", "");
            token = token.endsWith("'") && !token.endsWith("s'") ? token.substring(0, token.length() - 1) : token;
            tokens.addAll(FULL.getOrDefault(token, List.of(token)));
        }
        return tokens;
    }

    static boolean isMark(String token) {
        return MARKS.contains(token);
    }

    static boolean isRegion(String token) {
        return token.startsWith("#");
    }

    /**
     * The words as an expression: no marks, and letters that are names in capitals ("the letter A", "the X"), as the model has
     * learnt them.
     */
    static String join(List<String> tokens) {
        StringBuilder text = new StringBuilder();
        String before = "";
        for (int i = 0; i < tokens.size(); i++) {
            String token = tokens.get(i);
            if (isMark(token)) {
                continue;
            }
            boolean name = Set.of("letter", "capital", "character").contains(before)
                    || (before.equals("the") && i == tokens.size() - 1)
                    || !(token.equals("a") || token.equals("i"));
            name |= tokens.size() == 1;
            boolean letter = token.length() == 1 && token.charAt(0) >= 'a' && token.charAt(0) <= 'z';
            text.append(text.isEmpty() ? "" : " ").append(letter && name ? token.toUpperCase(Locale.ROOT) : token);
            before = token;
        }
        return text.toString();
    }
}
