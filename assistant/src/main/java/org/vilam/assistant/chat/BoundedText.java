package org.vilam.assistant.chat;

import dev.langchain4j.model.output.FinishReason;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An answer on its way out: ended by a stop sequence or after the most tokens. Text that may be the beginning of a stop sequence is
 * held back until it is none.
 */
final class BoundedText {
    /** A word or a mark, with the space before it: what counts as a token where no language model speaks. */
    private static final Pattern WORD = Pattern.compile("\\s*(?:[\\p{L}\\p{M}\\p{N}_]+|\\S)|\\s+$");

    private final List<String> stops;
    private final int most;
    private final Consumer<String> listener;
    private final StringBuilder text = new StringBuilder();
    private final StringBuilder held = new StringBuilder();
    private int tokens;
    private boolean ended;
    private FinishReason reason = FinishReason.STOP;

    /**
     * @param stops not empty strings
     * @param most tokens
     * @param listener hears what goes out
     */
    BoundedText(List<String> stops, int most, Consumer<String> listener) {
        this.stops = stops;
        this.most = most;
        this.listener = listener;
    }

    /** How many words and marks a text has. */
    static int words(String text) {
        return Math.toIntExact(WORD.matcher(text).results().count());
    }

    /** Takes words; each counts as a token. */
    void pushWords(String words) {
        Matcher matcher = WORD.matcher(words);
        while (!ended && matcher.find()) {
            push(matcher.group());
        }
    }

    /**
     * Takes a token.
     *
     * @return false when the answer has ended
     */
    boolean push(String token) {
        if (ended) {
            return false;
        }
        if (tokens == most) {
            end(FinishReason.LENGTH);
            return false;
        }
        tokens++;
        held.append(token);
        int stop = firstStop();
        if (stop >= 0) {
            held.setLength(stop);
            end(FinishReason.STOP);
            return false;
        }
        out(held.length() - heldBack());
        return true;
    }

    /** The answer ends by itself, or at a limit that its speaker kept. */
    void finish(boolean cut) {
        if (!ended) {
            end(cut ? FinishReason.LENGTH : FinishReason.STOP);
        }
    }

    String text() {
        return text.toString();
    }

    int tokens() {
        return tokens;
    }

    FinishReason reason() {
        return reason;
    }

    private void end(FinishReason why) {
        ended = true;
        reason = why;
        out(held.length());
    }

    private void out(int length) {
        if (length > 0) {
            String piece = held.substring(0, length);
            held.delete(0, length);
            text.append(piece);
            listener.accept(piece);
        }
    }

    private int firstStop() {
        int first = -1;
        for (String stop : stops) {
            int at = held.indexOf(stop);
            first = at >= 0 && (first < 0 || at < first) ? at : first;
        }
        return first;
    }

    /** Length of the longest end of the text that a stop sequence begins with. */
    private int heldBack() {
        int most = 0;
        for (String stop : stops) {
            for (int n = Math.min(stop.length() - 1, held.length()); n > most; n--) {
                if (stop.startsWith(held.substring(held.length() - n))) {
                    most = n;
                }
            }
        }
        return most;
    }
}
