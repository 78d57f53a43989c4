package org.vilam.assistant.dialogue;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.vilam.assistant.route.Step;
import org.vilam.assistant.route.Step.Ask;
import org.vilam.prompts.Task;

/** "And the cat?": the task of the turn before, for something else. */
final class Follow {
    private Follow() {}

    /**
     * @param before the last step of the turn before, or null
     */
    static Step of(Step step, @Nullable Step before) {
        if (before == null || before.task() == Task.CAPTION || before.ask() == Ask.FOLLOW) {
            return new Step(
                    step.many() ? Task.ALL : Task.BOX,
                    Ask.SHOW,
                    step.expression(),
                    List.of(),
                    step.many(),
                    step.confidence());
        }
        if (step.expression().equals("it") && step.confidence() > 0) {
            return before; // "again"
        }
        // After the left wrist "the right one" is the right wrist.
        if (before.task() == Task.KEYPOINTS && step.expression().matches("(the )?(left|right)( one)?")) {
            boolean left = step.expression().contains("left");
            List<String> points = before.points().stream()
                    .map(p -> p.replaceFirst("^(left|right)_", left ? "left_" : "right_"))
                    .distinct()
                    .toList();
            return new Step(Task.KEYPOINTS, Ask.SHOW, "it", points, false, step.confidence());
        }
        boolean places = before.task() == Task.BOX || before.task() == Task.ALL;
        Task task = !places ? before.task() : step.many() || before.ask() == Ask.COUNT ? Task.ALL : Task.BOX;
        boolean many = step.many() || before.ask() == Ask.COUNT;
        return new Step(task, before.ask(), step.expression(), before.points(), many, step.confidence());
    }
}
