package org.vilam.training.scene;

import java.util.ArrayList;
import java.util.List;

/** A noun phrase in parts, to be read in the singular or in the plural. */
final class Phrase {
    /** What follows the noun: "that is red" of one, "that are red" of many. */
    record Clause(String one, String many) {
        static Clause of(String words) {
            return new Clause(words, words);
        }

        /** "that is ...", "which is ..." and the like. */
        static Clause is(String that, String words) {
            return new Clause(that + " is " + words, that + " are " + words);
        }

        static Clause isNot(String that, boolean contracted, String words) {
            return contracted
                    ? new Clause(that + " isn't " + words, that + " aren't " + words)
                    : new Clause(that + " is not " + words, that + " are not " + words);
        }
    }

    private final List<String> before = new ArrayList<>();
    private final List<Clause> after = new ArrayList<>();
    private String noun = "object";

    void noun(String word) {
        noun = word;
    }

    /** A word nearer to the noun than those that come before it. */
    void nearer(String word) {
        before.add(word);
    }

    /** A word before all others. */
    void first(String word) {
        before.add(0, word);
    }

    void after(Clause clause) {
        after.add(clause);
    }

    /** Whether nothing follows the noun. */
    boolean endsWithNoun() {
        return after.isEmpty();
    }

    /** Whether the verb of one is "are" all the same: scissors. */
    boolean isPair() {
        return Nouns.isPair(noun);
    }

    String text(boolean plural) {
        StringBuilder out = new StringBuilder();
        before.forEach(word -> out.append(word).append(' '));
        out.append(plural ? Nouns.plural(noun) : noun);
        after.forEach(clause -> out.append(' ').append(plural || isPair() ? clause.many() : clause.one()));
        return out.toString();
    }

    /** "a" or "an" with the words; none before a pair. */
    String indefinite() {
        String words = text(false);
        return isPair() ? words : Nouns.article(words) + " " + words;
    }
}
