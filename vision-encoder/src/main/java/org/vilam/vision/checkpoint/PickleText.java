package org.vilam.vision.checkpoint;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The texts of pickles: Python 2 strings, the escapes of protocol 0, and dictionary keys as text. */
final class PickleText {
    private static final int MAX_KEY = 4096;

    private PickleText() {}

    /** Python 2 has one type for text and bytes: text where it is UTF-8, as torch.load decodes it, else bytes. */
    static Pickled ofPython2(byte[] bytes) {
        String text = PickleInput.decode(bytes);
        return text == null ? new Pickled.Bytes(bytes) : new Pickled.Text(text);
    }

    /** The argument of STRING: a Python literal in quotes. */
    static Pickled quoted(String line, PickleInput in) {
        int last = line.length() - 1;
        char quote = line.isEmpty() ? 0 : line.charAt(0);
        if (last < 1 || (quote != '\'' && quote != '"') || line.charAt(last) != quote) {
            throw in.corrupt("a text without its quotes");
        }
        byte[] out = new byte[last];
        int length = 0;
        for (int i = 1; i < last; i++) {
            char c = line.charAt(i);
            if (c == '\\') {
                if (++i == last) {
                    throw in.corrupt("a text that ends in an escape");
                }
                c = line.charAt(i);
                switch (c) {
                    case 'n' -> c = '\n';
                    case 't' -> c = '\t';
                    case 'r' -> c = '\r';
                    case '\\', '\'', '"' -> {}
                    case 'x' -> {
                        c = (char) hex(line, i + 1, 2, in);
                        i += 2;
                    }
                    default -> throw in.corrupt("the escape \\" + c + " in a text");
                }
            }
            out[length++] = (byte) c;
        }
        return ofPython2(Arrays.copyOf(out, length));
    }

    /** The argument of UNICODE: Latin-1 with \\uXXXX and \\UXXXXXXXX escapes. */
    static String rawUnicode(String line, PickleInput in) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            char kind = c == '\\' && i + 1 < line.length() ? line.charAt(i + 1) : 0;
            if (kind == 'u' || kind == 'U') {
                int digits = kind == 'u' ? 4 : 8;
                int code = hex(line, i + 2, digits, in);
                if (!Character.isValidCodePoint(code)) {
                    throw in.corrupt("an escape outside Unicode");
                }
                out.appendCodePoint(code);
                i += 1 + digits;
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }

    private static int hex(String line, int from, int digits, PickleInput in) {
        try {
            return Integer.parseUnsignedInt(line.substring(from, from + digits), 16);
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
            throw in.corrupt("an escape without its digits");
        }
    }

    /** A dictionary key as Python prints it; tuples of plain values read {@code (0, 'a')}. */
    static String key(Pickled key, PickleInput in) {
        if (key instanceof Pickled.Text text) {
            return text.value();
        }
        if (key instanceof Pickled.Sequence tuple
                && !tuple.growing()
                && tuple.items().size() <= 64) {
            List<String> parts = new ArrayList<>();
            int length = 0;
            for (Pickled item : tuple.items()) {
                String part = item instanceof Pickled.Text text ? text.value() : scalar(item, in);
                length += part.length();
                if (length > MAX_KEY) {
                    throw in.corrupt("a dictionary key of over " + MAX_KEY + " characters");
                }
                parts.add(item instanceof Pickled.Text ? "'" + part + "'" : part);
            }
            return "(" + String.join(", ", parts) + (parts.size() == 1 ? ",)" : ")");
        }
        return scalar(key, in);
    }

    private static String scalar(Pickled value, PickleInput in) {
        if (value instanceof Pickled.Whole whole) {
            return Long.toString(whole.value());
        }
        if (value instanceof Pickled.BigWhole whole) {
            return whole.value().toString();
        }
        if (value instanceof Pickled.Real real) {
            return Double.toString(real.value());
        }
        if (value instanceof Pickled.Flag flag) {
            return flag.value() ? "True" : "False";
        }
        if (value == Pickled.None.NONE) {
            return "None";
        }
        if (value instanceof Pickled.Global global) {
            return global.name();
        }
        throw in.corrupt("a dictionary key that is no plain value");
    }

    /** Text as the bytes of its Latin-1 characters. */
    static byte[] latin1(String text, Arguments context) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 0xFF) {
                throw context.wrong("text that is not Latin-1");
            }
        }
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
