package org.vilam.grounding.metrics.caption;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Penn Treebank tokens as the caption metrics count them: lower case, clitics split off, punctuation left out.
 *
 * <p>Follows what {@code pycocoevalcap} does with Stanford's PTBTokenizer 3.4.1 ({@code -preserveLines -lowerCase}) and its
 * list of dropped tokens, including that the list names {@code -LRB-} in capitals, so that brackets stay as {@code -lrb-}.
 * This is a restatement in a few rules, not a port of the lexer. Known differences: abbreviations outside the short list
 * here lose their full stop; one after a single letter always counts as part of it; web addresses without a scheme,
 * emoticons, phone numbers, mixed fractions ("3 1/2") and ranges of decimals are not recognised as units.
 */
public final class PtbTokenizer {
    /** What {@code pycocoevalcap} drops, less double quotes, which never become tokens here. */
    private static final Set<String> DROPPED = Set.of("'", ".", "?", "!", ",", ":", "-", "--", "...", ";");

    private static final Map<String, String> BRACKETS =
            Map.of("(", "-lrb-", ")", "-rrb-", "[", "-lsb-", "]", "-rsb-", "{", "-lcb-", "}", "-rcb-");

    /** Letters, marks and digits. */
    private static final String C = "[\\p{L}\\p{M}\\p{N}]";

    /** Where two tokens are written as one: before a clitic and inside a few contractions. */
    private static final Pattern SEAM = ignoringCase(String.join(
            "|",
            "(?<=" + C + ")(?=(?:n't|'(?:s|m|d|re|ve|ll))(?!" + C + "))",
            "(?<=\\bcan)(?=not\\b)|(?<=\\bgon|\\bwan)(?=na\\b)|(?<=\\bgot)(?=ta\\b)|(?<=\\bgim|\\blem)(?=me\\b)",
            "(?<=\\by')(?=all\\b)|(?<=(?<!" + C + ")'t)(?=(?:is|was)\\b)"));

    private static final String WORD_START =
            "(?:[@#](?=\\p{L})|[-+](?=\\d))?(?:\\d*\\.\\d++(?=-" + C + ")|" + C + "++)";
    private static final String WORD_JOIN = "(?:[-_&/]|(?<=\\p{L})'(?=\\p{L}))";

    /** In order of preference. */
    private static final Pattern TOKEN = ignoringCase(String.join(
            "|",
            "https?://[^\\s\"<>]*[^\\s\"<>.,;:!?)\\]}']",
            "(?<!" + C + ")[\\w.+-]{1,64}+@[\\w-]++(?:\\.[\\w-]++)++",
            "</?\\p{L}[^<>\\s]*+>",
            // A number with separators ends where its digits end: "1.5T" is two tokens, "5mm" is one.
            "(?<!" + C + ")[-+]?\\d*(?:[.,:]\\d++)++(?!-" + C + ")",
            "n't(?!" + C + ")|'(?:s|m|d|re|ve|ll|t)(?!" + C + ")",
            "(?<!" + C + ")'\\d\\ds?\\b|'n'|y'(?= all\\b)",
            "\\b(?:mr|mrs|ms|dr|st|prof|jr|sr|lt|sgt|gen|capt|mt|ave|co|corp|inc|ltd|vs|etc|fig)\\.",
            "\\b(?:jan|feb|aug|sept|oct|nov|dec|no(?=\\.\\s*\\d))\\.",
            "(?<!\\p{L})(?:\\p{L}\\.)++(?:\\p{L}(?!" + C + "))?",
            "w/o\\b",
            WORD_START + "(?:" + WORD_JOIN + C + "++)*+(?:\\+\\+)?",
            "\\.{3,}|-{2,}|[?!]++|\\S"));

    private PtbTokenizer() {}

    /** The tokens of a text, in order; none for a text of spaces and punctuation. */
    public static List<String> tokenize(String text) {
        String plain = text.replace('\u2018', '\'')
                .replace('\u2019', '\'')
                .replaceAll("[\u2013\u2014]", " -- ")
                .replaceAll("[\"\u201c\u201d`]|''", " ");
        List<String> tokens = new ArrayList<>();
        Matcher matcher = TOKEN.matcher(SEAM.matcher(plain).replaceAll(" "));
        while (matcher.find()) {
            String token = matcher.group().toLowerCase(Locale.ENGLISH);
            token = BRACKETS.getOrDefault(token, token);
            if (!DROPPED.contains(token)) {
                tokens.add(token);
            }
        }
        return tokens;
    }

    private static Pattern ignoringCase(String regex) {
        return Pattern.compile(regex, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
    }
}
