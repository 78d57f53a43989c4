package org.vilam.assistant.route;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What can be seen of an expression's grammar without knowing its words: how many are meant, and which word is the noun.
 *
 * @param text the expression
 * @param quantity how many are meant by the words before the noun
 * @param plural whether the noun is in the plural
 * @param unique whether a word says that there is one only: largest, second, leftmost
 * @param count the number said, or 0
 * @param label what kind of thing it is, in the singular, without words that say which one: "red circle" of "the second red circle
 *     from the left"
 * @param head the noun, in the singular
 * @param tail what is said behind the noun: "from the left"
 */
public record NounPhrase(
        String text,
        Quantity quantity,
        boolean plural,
        boolean unique,
        int count,
        String label,
        String head,
        String tail) {
    /** How many are meant by the words before the noun. */
    public enum Quantity {
        /** A certain one: the, this, my. */
        THE,
        /** Any one: a, an, any, one of the. */
        SOME,
        /** All, every, each, both. */
        ALL,
        /** A number above one. */
        COUNTED,
        /** Nothing is said. */
        BARE
    }

    private static final Set<String> CERTAIN =
            Set.of("the", "this", "that", "these", "those", "my", "your", "his", "her", "its", "their", "our");
    private static final Set<String> ALL = Set.of("all", "every", "each", "both", "everything", "everyone", "everybody");
    private static final Set<String> ANY = Set.of("a", "an", "any", "some", "another", "either", "one", "several", "no");
    private static final List<String> NUMBERS =
            List.of("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten");
    private static final Set<String> SIDES = Set.of("left", "right");
    private static final Set<String> EXTREMES =
            Set.of("nearest", "closest", "farthest", "furthest", "most", "first", "last", "only");

    /** Whether more than one is meant, or may be. */
    public boolean many() {
        return switch (quantity) {
            case ALL, COUNTED -> true;
            case SOME -> plural && !text.startsWith("one ") && !text.startsWith("a ") && !text.startsWith("an ");
            default -> plural;
        };
    }

    /** Reads an expression. */
    public static NounPhrase of(String expression) {
        List<String> words = List.of(expression.split(" ", -1));
        Quantity quantity = Quantity.BARE;
        int count = 0;
        int at = 0;
        while (at < words.size() - 1) {
            String word = words.get(at);
            boolean first = at == 0;
            if (ALL.contains(word) && first) {
                quantity = Quantity.ALL;
                count = word.equals("both") ? 2 : 0;
            } else if (CERTAIN.contains(word)) {
                quantity = quantity == Quantity.BARE ? Quantity.THE : quantity;
            } else if (ANY.contains(word) && first) {
                quantity = Quantity.SOME;
            } else if (number(word) > 1 && content(words, at + 1)) {
                count = number(word);
                quantity = quantity == Quantity.ALL ? Quantity.ALL : Quantity.COUNTED;
            } else if (!(word.equals("one") && !first && quantity == Quantity.ALL && next(words, at).equals("of"))
                    && !(word.equals("of") && !first)) {
                break;
            }
            at++;
        }
        int end = at + 1;
        while (end < words.size() && !ends(words, end)) {
            end++;
        }
        List<String> content = words.subList(at, Math.min(end, words.size()));
        boolean unique = content.stream().anyMatch(w -> Nouns.is("unique", w))
                || (end < words.size() && EXTREMES.contains(words.get(end)))
                || words.contains("only");
        String head = content.get(content.size() - 1);
        boolean plural = Nouns.isPlural(head);
        return new NounPhrase(
                expression,
                quantity,
                plural,
                unique,
                count,
                label(content),
                Nouns.singular(head),
                String.join(" ", words.subList(Math.min(end, words.size()), words.size())));
    }

    /** The expression's noun and attributes in the plural: "red circles". */
    public String plurals() {
        int cut = label.lastIndexOf(' ') + 1;
        return label.matches(".*\\b(letter|digit|number|character) \\S+")
                ? label.replaceFirst("(letter|digit|number|character) ", "$1s ")
                : label.substring(0, cut) + Nouns.plural(label.substring(cut));
    }

    /** The words without those that say how many: "red circles on the left". */
    public String bare() {
        return tail.isEmpty() ? content() : content() + " " + tail;
    }

    private String content() {
        int end = tail.isEmpty() ? text.length() : text.length() - tail.length() - 1;
        List<String> words = new ArrayList<>(List.of(text.substring(0, end).split(" ", -1)));
        while (words.size() > 1
                && (CERTAIN.contains(words.get(0))
                        || ALL.contains(words.get(0))
                        || ANY.contains(words.get(0))
                        || words.get(0).equals("of")
                        || number(words.get(0)) > 1)) {
            words.remove(0);
        }
        return String.join(" ", words);
    }

    /** "a red circle", "an apple", "scissors". */
    public String indefinite() {
        String bare = bare();
        boolean one = quantity != Quantity.ALL && quantity != Quantity.COUNTED && !plural;
        return one && !Nouns.is("pair", head) ? Nouns.article(bare) + " " + bare : bare;
    }

    /** Whether the noun is a word for people. */
    public boolean isPerson() {
        return Nouns.is("person", head) && !head.matches("one|it|them|him|her");
    }

    /** Whether the noun names one thing in the plural: the scissors are, not is. */
    public boolean isPairNoun() {
        return Nouns.is("pair", head);
    }

    /** Puts a noun and what is said of it together: circle and red are "the red circle", dog and on the left "the dog on the left". */
    static List<String> qualified(List<String> noun, List<String> said) {
        List<String> words = new ArrayList<>(noun);
        while (words.size() > 1 && (words.get(0).equals("the") || words.get(0).equals("of"))) {
            words.remove(0);
        }
        List<String> rest = new ArrayList<>(said);
        if (rest.size() > 1 && rest.get(0).equals("the")) {
            rest.remove(0);
        }
        List<String> out = new ArrayList<>(List.of("the"));
        boolean before = rest.size() <= 2
                && rest.stream().allMatch(w -> Nouns.is("adjective", w) || Nouns.is("unique", w));
        if (before) {
            out.addAll(rest);
            boolean one = rest.stream().anyMatch(w -> Nouns.is("unique", w));
            int last = words.size() - 1;
            words.set(last, one ? Nouns.singular(words.get(last)) : words.get(last));
            out.addAll(words);
            return out;
        }
        out.addAll(words);
        if (!Nouns.is("after", rest.get(0)) && !SIDES.contains(rest.get(0)) && !rest.get(0).endsWith("ing")) {
            out.add("that");
            out.add(Nouns.isPlural(words.get(words.size() - 1)) ? "are" : "is");
            out.addAll(said);
        } else {
            out.addAll(rest);
        }
        return out;
    }

    private static String label(List<String> content) {
        int last = content.size() - 1;
        int from = 0;
        boolean sided = Nouns.is("sided", content.get(last));
        while (from < last
                && Nouns.is("which", content.get(from))
                && !(sided && SIDES.contains(content.get(from)) && from == last - 1)) {
            from++;
        }
        List<String> words = new ArrayList<>(content.subList(from, last));
        words.add(Nouns.singular(content.get(last)));
        return String.join(" ", words);
    }

    private static boolean ends(List<String> words, int at) {
        String word = words.get(at);
        boolean side = SIDES.contains(word) && next(words, at).equals("of");
        boolean doing = word.length() > 5 && word.endsWith("ing") && at + 1 < words.size();
        return side || doing || Nouns.is("after", word);
    }

    private static boolean content(List<String> words, int at) {
        return at < words.size() && !(Nouns.is("after", words.get(at)) && !words.get(at).equals("of"));
    }

    private static String next(List<String> words, int at) {
        return at + 1 < words.size() ? words.get(at + 1) : "";
    }

    private static int number(String word) {
        int index = NUMBERS.indexOf(word);
        return index >= 0 ? index + 2 : word.matches("[1-9]\\d?") ? Integer.parseInt(word) : 0;
    }
}
