package org.vilam.prompts;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One line of text with slots such as {@code {{expression}}}.
 *
 * <p>Slots are replaced once, left to right; braces inside a filled-in value are left alone.
 */
public final class Template {
    private final List<String> literals = new ArrayList<>();
    private final List<String> slots = new ArrayList<>();

    private Template() {}

    /**
     * Reads a template.
     *
     * @param line text in which {@code {{name}}} marks a slot; a name is lower-case letters and underscores
     * @throws IllegalArgumentException when a slot is left open or has no proper name
     */
    public static Template parse(String line) {
        Template template = new Template();
        int from = 0;
        while (true) {
            int open = line.indexOf("{{", from);
            if (open < 0) {
                template.literals.add(line.substring(from));
                return template;
            }
            int close = line.indexOf("}}", open);
            String name = close < 0 ? "" : line.substring(open + 2, close);
            if (!name.matches("[a-z_]+")) {
                throw new IllegalArgumentException("template has a slot without a proper name: " + line);
            }
            template.literals.add(line.substring(from, open));
            template.slots.add(name);
            from = close + 2;
        }
    }

    /** The names of the slots, in order of first use. */
    public Set<String> slots() {
        return new LinkedHashSet<>(slots);
    }

    /**
     * The text with every slot filled.
     *
     * @throws IllegalArgumentException when a slot has no value or a value no slot, naming it
     */
    public String fill(Map<String, String> values) {
        for (String name : values.keySet()) {
            if (!slots.contains(name)) {
                throw new IllegalArgumentException("template has no slot {{" + name + "}}: " + this);
            }
        }
        StringBuilder text = new StringBuilder(literals.get(0));
        for (int i = 0; i < slots.size(); i++) {
            String value = values.get(slots.get(i));
            if (value == null) {
                throw new IllegalArgumentException("no value for slot {{" + slots.get(i) + "}}: " + this);
            }
            text.append(value).append(literals.get(i + 1));
        }
        return text.toString();
    }

    /** The line as it was read. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(literals.get(0));
        for (int i = 0; i < slots.size(); i++) {
            text.append("{{").append(slots.get(i)).append("}}").append(literals.get(i + 1));
        }
        return text.toString();
    }
}
