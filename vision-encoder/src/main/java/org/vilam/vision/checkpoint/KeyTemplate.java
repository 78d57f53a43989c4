package org.vilam.vision.checkpoint;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A tensor name with places that vary: {@code {i}} stands for one part between dots, {@code {p:weight|bias}} for what a
 * regular expression matches, {@code {:(a[.])*}} for what matches one and is left out of other names. A template without braces
 * is just a name.
 */
final class KeyTemplate {
    private static final Pattern NAME = Pattern.compile("[a-zA-Z][a-zA-Z0-9]*");
    private static final String ONE_PART = "[^.]+";

    private final String text;
    private final Pattern pattern;
    // Literal pieces and placeholder names in turn, beginning and ending with a literal.
    private final List<String> pieces = new ArrayList<>();
    private final Map<String, String> expressions = new LinkedHashMap<>();

    /**
     * @param borrowed expressions of placeholders that this template may name without repeating them
     */
    private KeyTemplate(String text, Map<String, String> borrowed) {
        this.text = text;
        StringBuilder regex = new StringBuilder();
        int at = 0;
        while (true) {
            int open = text.indexOf('{', at);
            String literal = open < 0 ? text.substring(at) : text.substring(at, open);
            pieces.add(literal);
            regex.append(Pattern.quote(literal));
            if (open < 0) {
                break;
            }
            int close = closing(open);
            regex.append(placeholder(text.substring(open + 1, close), borrowed));
            at = close + 1;
        }
        this.pattern = Pattern.compile(regex.toString());
    }

    static KeyTemplate of(String text) {
        return new KeyTemplate(text, Map.of());
    }

    /** Two or more templates about the same names: an expression given in one holds in all. */
    static List<KeyTemplate> together(List<String> texts) {
        Map<String, String> shared = new LinkedHashMap<>();
        for (String text : texts) {
            KeyTemplate.of(text).expressions.forEach((name, expression) -> {
                if (!expression.equals(ONE_PART)) {
                    String other = shared.put(name, expression);
                    if (other != null && !other.equals(expression)) {
                        throw new IllegalArgumentException("{" + name + "} has two meanings in " + texts);
                    }
                }
            });
        }
        List<KeyTemplate> templates =
                texts.stream().map(text -> new KeyTemplate(text, shared)).toList();
        for (KeyTemplate template : templates) {
            if (!template.names().equals(templates.get(0).names())) {
                throw new IllegalArgumentException("not the same placeholders in " + texts);
            }
        }
        return templates;
    }

    private int closing(int open) {
        int depth = 0;
        for (int i = open; i < text.length(); i++) {
            depth += text.charAt(i) == '{' ? 1 : text.charAt(i) == '}' ? -1 : 0;
            if (depth == 0) {
                return i;
            }
        }
        throw new IllegalArgumentException("no closing brace in " + text);
    }

    private String placeholder(String inside, Map<String, String> borrowed) {
        int colon = inside.indexOf(':');
        String name = colon < 0 ? inside : inside.substring(0, colon);
        if (name.isEmpty() && colon == 0) {
            pieces.add(name);
            return "(?:" + inside.substring(1) + ")";
        }
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("{" + inside + "} names no placeholder in " + text);
        }
        pieces.add(name);
        String own = colon < 0 ? ONE_PART : inside.substring(colon + 1);
        String expression = colon < 0 ? borrowed.getOrDefault(name, own) : own;
        boolean again = expressions.putIfAbsent(name, expression) != null;
        return again ? "\\k<" + name + ">" : "(?<" + name + ">" + expression + ")";
    }

    Set<String> names() {
        return expressions.keySet();
    }

    /** What the placeholders stand for in {@code key}, or null where the template does not match all of it. */
    @Nullable
    Map<String, String> match(String key) {
        Matcher matcher = pattern.matcher(key);
        if (!matcher.matches()) {
            return null;
        }
        Map<String, String> values = new LinkedHashMap<>();
        for (String name : expressions.keySet()) {
            values.put(name, String.valueOf(matcher.group(name)));
        }
        return values;
    }

    String fill(Map<String, String> values) {
        StringBuilder key = new StringBuilder(pieces.get(0));
        for (int i = 1; i < pieces.size(); i += 2) {
            key.append(pieces.get(i).isEmpty() ? "" : values.get(pieces.get(i))).append(pieces.get(i + 1));
        }
        return key.toString();
    }

    @Override
    public String toString() {
        return text;
    }
}
