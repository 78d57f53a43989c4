package org.vilam.web.browser;

import java.util.Locale;
import java.util.Map;

/**
 * A key as DevTools wants it.
 *
 * @param key value of {@code KeyboardEvent.key}
 * @param code value of {@code KeyboardEvent.code}
 * @param number the Windows virtual key code
 * @param text what it writes, empty for none
 */
record Keys(String key, String code, int number, String text) {
    static final int ALT = 1;
    static final int CTRL = 2;
    static final int SHIFT = 8;

    private static final Map<String, Keys> NAMED = Map.ofEntries(
            named("Enter", 13, "\r"),
            named("Tab", 9, ""),
            named("Escape", 27, ""),
            named("Delete", 46, ""),
            named("Backspace", 8, ""),
            named("ArrowLeft", 37, ""),
            named("ArrowUp", 38, ""),
            named("ArrowRight", 39, ""),
            named("ArrowDown", 40, ""),
            named("F2", 113, ""),
            named("F6", 117, ""));

    /** A named key or a single character. */
    static Keys of(String key) {
        Keys named = NAMED.get(key);
        if (named != null) {
            return named;
        }
        String upper = key.toUpperCase(Locale.ROOT);
        char c = upper.charAt(0);
        String code = Character.isDigit(c) ? "Digit" + c : Character.isLetter(c) ? "Key" + c : "";
        return new Keys(key, code, Character.isLetterOrDigit(c) ? c : 0, key);
    }

    private static Map.Entry<String, Keys> named(String key, int number, String text) {
        return Map.entry(key, new Keys(key, key, number, text));
    }
}
