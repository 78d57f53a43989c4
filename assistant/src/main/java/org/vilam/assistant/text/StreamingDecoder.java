package org.vilam.assistant.text;

import java.util.Arrays;

/**
 * The text of an answer whose ids arrive one by one: each call gives the text that became certain, never half a character.
 *
 * <p>A character's UTF-8 bytes may lie in several tokens. Text that ends in a replacement character is therefore held back until
 * more ids complete it. The last shown ids are decoded again with the new ones, because a tokenizer may write a token differently
 * at the start of a text (Hugging Face's {@code DecodeStream}, text-generation-inference's {@code decode_token}).
 *
 * <p>All pieces and {@link #finish()} joined are {@link TextTokenizer#decode} of all ids. One answer, one thread.
 */
public final class StreamingDecoder {
    private static final String INCOMPLETE = "\uFFFD";

    private final TextTokenizer tokenizer;
    private final boolean skipSpecial;
    /** Ids already shown, which give the context, then ids not yet shown. */
    private long[] window = new long[0];

    private int shownIds;
    private String shown = "";

    StreamingDecoder(TextTokenizer tokenizer, boolean skipSpecial) {
        this.tokenizer = tokenizer;
        this.skipSpecial = skipSpecial;
    }

    /**
     * Takes the next id.
     *
     * @return the text to append to what was shown, often empty
     * @throws IllegalArgumentException if the tokenizer has no such id
     */
    public String push(long id) {
        long[] next = Arrays.copyOf(window, window.length + 1);
        next[window.length] = id;
        String text = tokenizer.decode(next, skipSpecial);
        window = next;
        if (text.endsWith(INCOMPLETE) || !text.startsWith(shown) || text.length() == shown.length()) {
            return "";
        }
        String piece = text.substring(shown.length());
        window = Arrays.copyOfRange(window, shownIds, window.length);
        shownIds = window.length;
        shown = tokenizer.decode(window, skipSpecial);
        return piece;
    }

    /**
     * Ends the answer.
     *
     * @return what was held back: empty, or replacement characters where bytes never became a character
     */
    public String finish() {
        String text = tokenizer.decode(window, skipSpecial);
        String rest = text.startsWith(shown) ? text.substring(shown.length()) : "";
        window = new long[0];
        shownIds = 0;
        shown = "";
        return rest;
    }
}
