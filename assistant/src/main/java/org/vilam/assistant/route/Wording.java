package org.vilam.assistant.route;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A way to say something: words, choices and slots, read from one line.
 *
 * <p>{@code (a|b c)} is one of several, {@code [a|b]} one of several or nothing, {@code <name>} what words.txt has under that name,
 * {@code {x}} a slot.
 */
final class Wording {
    /** A piece of a wording. */
    sealed interface Piece {
        /** A word as it is. */
        record Word(String text) implements Piece {}

        /**
         * One of several.
         *
         * @param begun the ways that begin with a word, by that word
         * @param open the ways that may begin with any
         */
        record Choice(List<List<Piece>> ways, Map<String, List<List<Piece>>> begun, List<List<Piece>> open)
                implements Piece {
            static Choice of(List<List<Piece>> ways) {
                Map<String, List<List<Piece>>> begun = new HashMap<>();
                List<List<Piece>> open = new ArrayList<>();
                for (List<Piece> way : ways) {
                    Set<String> first = new HashSet<>();
                    if (first(way, first)) {
                        open.add(way);
                    } else {
                        first.forEach(word ->
                                begun.computeIfAbsent(word, w -> new ArrayList<>()).add(way));
                    }
                }
                return new Choice(ways, begun, open);
            }

            /** Collects the words that pieces can begin with; says whether they may begin with others or be nothing. */
            private static boolean first(List<Piece> pieces, Set<String> words) {
                for (Piece piece : pieces) {
                    if (piece instanceof Word word) {
                        words.add(word.text());
                        return false;
                    } else if (piece instanceof Choice choice && choice.open().isEmpty()) {
                        words.addAll(choice.begun().keySet());
                        return false;
                    } else {
                        return true;
                    }
                }
                return true;
            }
        }

        /** Open. */
        record Slot(String name) implements Piece {}
    }

    private final String line;
    private final Map<String, List<Piece>> names;
    private int at;

    private Wording(String line, Map<String, List<Piece>> names) {
        this.line = line;
        this.names = names;
    }

    /**
     * The pieces of a line.
     *
     * @param names what {@code <name>} stands for
     * @throws IllegalStateException when a bracket is left open or a name is not known
     */
    static List<Piece> parse(String line, Map<String, List<Piece>> names) {
        Wording wording = new Wording(line, names);
        List<Piece> pieces = wording.sequence();
        if (wording.at < line.length()) {
            throw wording.wrong();
        }
        return pieces;
    }

    private List<Piece> sequence() {
        List<Piece> pieces = new ArrayList<>();
        while (at < line.length() && "|)]".indexOf(line.charAt(at)) < 0) {
            switch (line.charAt(at)) {
                case ' ' -> at++;
                case '(' -> pieces.add(choice(')'));
                case '[' -> pieces.add(choice(']'));
                case '{' -> pieces.add(new Piece.Slot(until('}')));
                case '<' -> pieces.addAll(named(until('>')));
                default -> pieces.add(word());
            }
        }
        return pieces;
    }

    private Piece choice(char close) {
        List<List<Piece>> ways = new ArrayList<>();
        do {
            at++;
            ways.add(sequence());
        } while (at < line.length() && line.charAt(at) == '|');
        if (at >= line.length() || line.charAt(at) != close) {
            throw wrong();
        }
        at++;
        if (close == ']') {
            ways.add(List.of());
        }
        return Piece.Choice.of(ways);
    }

    private String until(char close) {
        int end = line.indexOf(close, at);
        if (end < 0) {
            throw wrong();
        }
        String inside = line.substring(at + 1, end);
        at = end + 1;
        return inside;
    }

    private List<Piece> named(String name) {
        List<Piece> pieces = names.get(name);
        if (pieces == null) {
            throw new IllegalStateException("nothing is called <" + name + "> in: " + line);
        }
        return pieces;
    }

    private Piece word() {
        int from = at;
        while (at < line.length() && " |()[]{}<>".indexOf(line.charAt(at)) < 0) {
            at++;
        }
        return new Piece.Word(line.substring(from, at));
    }

    private IllegalStateException wrong() {
        return new IllegalStateException("a bracket does not fit at " + at + " in: " + line);
    }
}
