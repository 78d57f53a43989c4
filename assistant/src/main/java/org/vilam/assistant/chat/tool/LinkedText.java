package org.vilam.assistant.chat.tool;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.vilam.grounding.result.GroundingResult.Phrase;

/**
 * An answer in which objects are linked as {@code [the red car](o1)}, read piece by piece: the words go on without the brackets, and
 * what they stand for is kept. What only looks like a link stays as it is. Space around the answer is left out.
 */
final class LinkedText {
    private static final Pattern LINK =
            Pattern.compile("\\[([^\\[\\]\\n]{1,200})]\\(\\s?#?(o\\d{1,6}(?:[,; ]{1,3}o\\d{1,6}){0,50})\\s?\\)");

    private final Consumer<String> listener;
    private final StringBuilder text = new StringBuilder();
    private final StringBuilder open = new StringBuilder();
    private final StringBuilder space = new StringBuilder();
    private final List<Phrase> phrases = new ArrayList<>();
    private boolean fresh = true;

    LinkedText(Consumer<String> listener) {
        this.listener = listener;
    }

    /** Goes on. */
    void push(String piece) {
        open.append(piece);
        read(false);
    }

    /** Ends the answer, or a part of it after which only what is pushed counts. */
    void finish() {
        read(true);
    }

    /** What comes next begins a line, whatever space there is around. */
    void paragraph() {
        space.setLength(0);
        space.append(text.isEmpty() ? "" : "\n");
        fresh = true;
    }

    private void read(boolean last) {
        while (!open.isEmpty()) {
            int bracket = open.indexOf("[");
            if (bracket != 0) {
                say(open.substring(0, bracket < 0 ? open.length() : bracket));
                open.delete(0, bracket < 0 ? open.length() : bracket);
                continue;
            }
            Matcher link = LINK.matcher(open);
            if (link.lookingAt()) {
                String words = String.valueOf(link.group(1)).strip();
                List<String> ids = List.of(String.valueOf(link.group(2)).split("[,; ]+", -1));
                open.delete(0, link.end());
                link(words, ids);
            } else if (link.hitEnd() && !last) {
                return; // more may make it a link
            } else {
                say("[");
                open.deleteCharAt(0);
            }
        }
    }

    private void link(String words, List<String> ids) {
        if (words.isEmpty()) {
            return;
        }
        int start = text.length() + space.length();
        say(words);
        phrases.add(new Phrase(words, start, text.length(), ids));
    }

    private void say(String words) {
        String body = words.stripTrailing();
        if (fresh) {
            body = body.stripLeading();
        }
        if (!body.isEmpty()) {
            String piece = space + body;
            text.append(piece);
            space.setLength(0);
            fresh = false;
            listener.accept(piece);
        }
        if (!fresh) {
            space.append(words.substring(words.stripTrailing().length()));
        }
    }

    String text() {
        return text.toString();
    }

    /** The linked words, in order. */
    List<Phrase> phrases() {
        return List.copyOf(phrases);
    }
}
