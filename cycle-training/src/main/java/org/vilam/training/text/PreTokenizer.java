package org.vilam.training.text;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What happens to a text before merges: it is cut at special tokens, normalised, split into words, and each word's bytes are
 * spelled in printable characters. {@link BpeVocabulary} writes the same steps for Hugging Face tokenizers.
 */
final class PreTokenizer {
    /**
     * LLaMA-3's split with single digits (as Qwen2's), so that a number is a row of digit tokens. The endings of {@code it's} and
     * {@code they'll} are spelled out instead of {@code (?i:...)}, whose Unicode case folding differs from library to library.
     */
    static final String SPLIT = "'(?:[sSdDmMtT]|[lL][lL]|[vV][eE]|[rR][eE])|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}"
            + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

    // Java's \s knows ASCII alone unless told; Hugging Face's (Oniguruma) knows all of Unicode's white space.
    private static final Pattern WORD = Pattern.compile(SPLIT, Pattern.UNICODE_CHARACTER_CLASS);

    private static final char[] SPELLING = spelling();

    private final Pattern special;
    private final boolean lowercase;

    PreTokenizer(BpeConfig config) {
        lowercase = config.lowercase();
        special = Pattern.compile(config.specials().stream()
                .sorted(Comparator.comparing(String::length).reversed())
                .map(Pattern::quote)
                .collect(Collectors.joining("|")));
    }

    /** The parts of a text before, between and after special tokens; one more than there are special tokens. */
    String[] betweenSpecials(String text) {
        return special.split(text, -1);
    }

    /** The special tokens in a text, in order. */
    List<String> specialsIn(String text) {
        return special.matcher(text).results().map(match -> match.group()).toList();
    }

    /** Unicode's composed form (NFC), then small letters if so configured, each character on its own (no final sigma). */
    String normalize(String text) {
        String composed = Normalizer.normalize(text, Normalizer.Form.NFC);
        if (!lowercase) {
            return composed;
        }
        return composed.codePoints()
                .mapToObj(c -> Character.toString(c).toLowerCase(Locale.ROOT))
                .collect(Collectors.joining());
    }

    /** The words of normalised text; joined they are the text. */
    List<String> words(String normalized) {
        List<String> out = new ArrayList<>();
        for (Matcher word = WORD.matcher(normalized); word.find(); ) {
            out.add(word.group());
        }
        return out;
    }

    /** A word's UTF-8 bytes, each written as its printable character. */
    static String spell(String word) {
        StringBuilder out = new StringBuilder();
        for (byte b : word.getBytes(StandardCharsets.UTF_8)) {
            out.append(SPELLING[b & 0xFF]);
        }
        return out.toString();
    }

    /** The 256 characters that spell bytes, in the order of their code points. */
    static List<String> alphabet() {
        return new String(SPELLING)
                .chars()
                .sorted()
                .mapToObj(Character::toString)
                .toList();
    }

    /** GPT-2's {@code bytes_to_unicode}: printable Latin-1 stands for itself, the other 68 bytes for U+0100 and what follows. */
    private static char[] spelling() {
        char[] out = new char[256];
        char next = 0x100;
        for (int b = 0; b < 256; b++) {
            boolean printable = (b >= '!' && b <= '~') || (b >= 0xA1 && b <= 0xAC) || b >= 0xAE;
            out[b] = printable ? (char) b : next++;
        }
        return out;
    }
}
