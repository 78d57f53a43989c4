package org.vilam.grounding.language;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A bracketed group in a text: {@code [1, 2]} holds numbers, {@code [[1, 2], [3, 4]]} holds groups.
 *
 * @param numbers the numbers directly inside; empty where anything directly inside is neither a number nor a group
 * @param children the groups directly inside
 * @param closed whether its closing bracket is there
 */
record Group(List<Double> numbers, List<Group> children, boolean closed) {
    private static final Pattern NUMBER = Pattern.compile("\\d{1,9}(\\.\\d{1,9})?");
    private static final int DEEPEST = 3;

    /** The outermost groups of a text in order; brackets nested deeper than three are skipped. */
    static List<Group> all(String text) {
        List<Group> groups = new ArrayList<>();
        int at = text.indexOf('[');
        while (at >= 0) {
            Reader reader = new Reader(text, at);
            groups.add(reader.group(1));
            at = text.indexOf('[', reader.at);
        }
        return groups;
    }

    /** Reads one group; the position only moves forward, so the time is linear in the text. */
    private static final class Reader {
        private final String text;
        private int at;

        Reader(String text, int at) {
            this.text = text;
            this.at = at;
        }

        Group group(int depth) {
            at++; // the opening bracket
            List<Double> numbers = new ArrayList<>();
            List<Group> children = new ArrayList<>();
            boolean clean = true;
            int from = at;
            while (at < text.length()) {
                char c = text.charAt(at);
                if (c == '[' && depth < DEEPEST) {
                    clean &= text.substring(from, at).replace(',', ' ').isBlank();
                    children.add(group(depth + 1));
                    from = at;
                } else if (c == ',' || c == ']') {
                    String piece = text.substring(from, at).strip();
                    boolean afterGroup = piece.isEmpty() && !children.isEmpty();
                    if (NUMBER.matcher(piece).matches()) {
                        numbers.add(Double.valueOf(piece));
                    } else {
                        clean &= afterGroup;
                    }
                    at++;
                    from = at;
                    if (c == ']') {
                        return new Group(clean ? numbers : List.of(), clean ? children : List.of(), true);
                    }
                } else {
                    at++;
                }
            }
            return new Group(clean ? numbers : List.of(), clean ? children : List.of(), false);
        }
    }
}
