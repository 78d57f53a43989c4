package org.vilam.assistant.dialogue;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.vilam.grounding.result.FoundObject;
import org.vilam.grounding.result.GroundingResult.Phrase;

/** Sentences in the making: text, and which parts of it stand for which objects. */
final class Answer {
    private final StringBuilder text = new StringBuilder();
    private final List<Phrase> phrases = new ArrayList<>();
    private final Consumer<String> listener;
    private boolean begins = true;
    private int told;

    /**
     * @param listener hears the text as it grows, without the space at its end
     */
    Answer(Consumer<String> listener) {
        this.listener = listener;
    }

    /** Adds words; the first of a sentence gets a capital. */
    Answer say(String words) {
        text.append(capital(words));
        tell();
        return this;
    }

    /** Adds words that stand for objects. */
    Answer say(String words, List<FoundObject> objects) {
        int start = text.length();
        say(words);
        if (!words.isEmpty() && !objects.isEmpty()) {
            List<String> ids = objects.stream().map(FoundObject::id).distinct().toList();
            phrases.add(new Phrase(text.substring(start), start, text.length(), ids));
        }
        return this;
    }

    /** Ends a sentence; what comes next is another one. */
    Answer end(String mark) {
        boolean ended = !text.isEmpty() && ".?!".indexOf(text.charAt(text.length() - 1)) >= 0;
        text.append(ended ? "" : mark).append(' ');
        begins = true;
        tell();
        return this;
    }

    private void tell() {
        String stands = text.substring(told).stripTrailing();
        if (!stands.isEmpty()) {
            told += stands.length();
            listener.accept(stands);
        }
    }

    private String capital(String words) {
        if (!begins || words.isEmpty()) {
            return words;
        }
        begins = false;
        int first = words.offsetByCodePoints(0, 1);
        return words.substring(0, first).toUpperCase(java.util.Locale.ROOT) + words.substring(first);
    }

    String text() {
        return text.toString().strip();
    }

    List<Phrase> phrases() {
        return List.copyOf(phrases);
    }
}
