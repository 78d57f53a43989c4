package org.vilam.assistant;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.vilam.assistant.dialogue.DialogueAssistant;
import org.vilam.assistant.vilam.Teller;
import org.vilam.grounding.answer.Grounder;
import org.vilam.grounding.result.GroundingResult;
import org.vilam.prompts.Task;
import org.vilam.vision.error.VilamException;

/** Answers instructions about pictures. Safe for several threads; keeps nothing between questions. */
public interface Assistant {
    /**
     * An assistant over networks; the caller keeps owning them.
     *
     * @param teller what answers in words, or null: describing is then not among the tasks
     */
    static Assistant over(ModelInfo info, Grounder grounder, @Nullable Teller teller) {
        return new DialogueAssistant(info, grounder, teller);
    }

    /** The model that answers. */
    ModelInfo info();

    /** What this model can do; other tasks are answered by saying so. */
    Set<Task> tasks();

    /**
     * The answer to a request.
     *
     * @param dialogue the turns before it on the same picture, which it may refer to; the answer is not added
     * @throws VilamException INVALID_ARGUMENT naming the field when the request does not fit the picture or the dialogue
     * @throws java.util.concurrent.CancellationException when the progress says so
     */
    GroundingResult ask(Picture picture, Dialogue dialogue, Request request, Progress progress);
}
