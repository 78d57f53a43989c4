package org.vilam.assistant.chat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.vilam.prompts.VicunaConversation.Turn;

/** A language model that has read a few sentences by heart: what the conformance suite needs to know of the world. */
final class ScriptedLanguage implements Language {
    private static final Map<String, String> KNOWS = Map.of(
            "(?s).*into German.*I love you.*", "Ich liebe dich.",
            "(?s).*capital of Germany.*", "The capital of Germany is Berlin.",
            "(?s).*color is green.*favorite color.*", "Your favorite color is green.",
            "(?s).*Hello World.*", "Hello World",
            "(?s).*story.*", "Once upon a time there was a fox who lived behind the mill and spoke to nobody.");

    /** Tokens said by all answers. */
    final AtomicInteger said = new AtomicInteger();

    @Override
    public Reply reply(String system, List<Turn> turns, Sampling sampling, Listener listener) {
        StringBuilder all = new StringBuilder(system);
        turns.forEach(
                t -> all.append('\n').append(t.user()).append('\n').append(t.assistant() == null ? "" : t.assistant()));
        String answer = KNOWS.entrySet().stream()
                .filter(e -> Pattern.matches(e.getKey(), all))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse("I have not read about that.");
        List<String> tokens = new ArrayList<>(List.of(answer.split("(?=\\s)")));
        int n = 0;
        boolean more = true;
        while (more && n < tokens.size() && n < sampling.maxTokens()) {
            said.incrementAndGet();
            more = listener.onToken(tokens.get(n++));
        }
        return new Reply(BoundedText.words(all.toString()), n, more && n == tokens.size());
    }
}
