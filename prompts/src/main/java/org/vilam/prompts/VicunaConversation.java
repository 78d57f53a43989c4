package org.vilam.prompts;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The conversation format that Vicuna v1.1 and v1.5 were trained on (FastChat {@code conv_vicuna_v1_1}):
 * {@code system USER: question ASSISTANT: answer</s>USER: question ASSISTANT:}.
 */
public final class VicunaConversation {
    /** The system sentence of Vicuna v1.1. */
    public static final String SYSTEM = "A chat between a curious user and an artificial intelligence assistant. "
            + "The assistant gives helpful, detailed, and polite answers to the user's questions.";

    private VicunaConversation() {}

    /**
     * One question and its answer.
     *
     * @param user what was asked
     * @param assistant what was answered, or null where the answer is still to come
     */
    public record Turn(String user, @Nullable String assistant) {}

    /**
     * The prompt for the next answer, or the text of a finished conversation.
     *
     * @param system the system sentence; empty for none
     * @param turns oldest first, at least one; only the last may lack its answer
     * @return the text, ending in {@code ASSISTANT:} where an answer is to come and in {@code </s>} otherwise
     */
    public static String format(String system, List<Turn> turns) {
        if (turns.isEmpty()) {
            throw new IllegalArgumentException("a conversation has at least one turn");
        }
        StringBuilder text = new StringBuilder(system);
        if (!system.isEmpty()) {
            text.append(' ');
        }
        for (int i = 0; i < turns.size(); i++) {
            Turn turn = turns.get(i);
            text.append("USER: ").append(turn.user()).append(" ASSISTANT:");
            if (turn.assistant() != null) {
                text.append(' ').append(turn.assistant()).append("</s>");
            } else if (i < turns.size() - 1) {
                throw new IllegalArgumentException("turn " + (i + 1) + " of " + turns.size() + " has no answer");
            }
        }
        return text.toString();
    }
}
