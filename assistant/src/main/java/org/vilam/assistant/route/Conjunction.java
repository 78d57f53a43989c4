package org.vilam.assistant.route;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Takes expressions apart that name several things: "the dog and the cat", "all cats and dogs". What belongs to one thing stays
 * together: "the cup between the book and the lamp", "the man in a red shirt and blue trousers".
 */
final class Conjunction {
    private static final Set<String> OPEN = Set.of("with", "wearing", "holding", "carrying", "having", "between", "has", "have");
    private static final Set<String> PREPOSITIONS = Set.of("of", "in", "on", "at", "to", "near", "by", "behind", "above", "below", "under");

    private Conjunction() {}

    static List<List<String>> split(List<String> words) {
        List<List<String>> parts = new ArrayList<>();
        int from = 0;
        for (int i = 1; i < words.size(); i++) {
            boolean link = words.get(i).matches("and|or|,");
            int next = i;
            while (next < words.size() && words.get(next).matches("and|or|,|also|then|plus")) {
                next++;
            }
            if (link && i > from && next < words.size()) {
                List<String> left = words.subList(from, i);
                List<String> right = words.subList(next, words.size());
                if (apart(left, right)) {
                    parts.add(left);
                    from = next;
                }
                i = next - 1;
            }
        }
        parts.add(words.subList(from, words.size()));
        return parts.size() == 1 ? List.of(words) : determined(parts);
    }

    private static boolean apart(List<String> left, List<String> right) {
        boolean open = left.stream().anyMatch(OPEN::contains)
                || (left.contains("in") && right.stream().anyMatch(w -> Nouns.is("garment", w)));
        if (open) {
            return false;
        }
        String first = right.get(0);
        if (Nouns.is("determiner", first) || Tokens.isRegion(first)) {
            return true;
        }
        // "Cats and dogs", "red circles and blue squares", "the cats and dogs".
        int end = 0;
        while (end < right.size() && !right.get(end).matches("and|or|,")) {
            end++;
        }
        boolean plurals = Nouns.isPlural(left.get(left.size() - 1)) && Nouns.isPlural(right.get(end - 1));
        boolean simple = left.stream().noneMatch(PREPOSITIONS::contains)
                && right.subList(0, end).stream().noneMatch(PREPOSITIONS::contains);
        return plurals && simple && end <= 3 && left.size() <= 4;
    }

    /** Parts without a word for how many take that of the first: "all cats and dogs". */
    private static List<List<String>> determined(List<List<String>> parts) {
        List<List<String>> out = new ArrayList<>();
        String first = parts.get(0).get(0);
        // "Both the dog and the cat" are one each, "both lungs and the heart" are not.
        boolean both = first.equals("both")
                && parts.get(0).size() > 2
                && Nouns.is("determiner", parts.get(0).get(1));
        boolean shared = Nouns.is("determiner", first) && !both && !first.matches("it|them|him|everything|everyone|a|an");
        for (List<String> part : parts) {
            List<String> words = new ArrayList<>(part);
            if (both && words.get(0).equals("both") && words.size() > 1) {
                words.remove(0);
            }
            boolean bare = !Nouns.is("determiner", words.get(0)) && !Tokens.isRegion(words.get(0));
            if (shared && bare) {
                words.add(0, first);
            }
            out.add(words);
        }
        return out;
    }
}
