package org.vilam.assistant.dialogue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.vilam.assistant.Progress.Stage;
import org.vilam.assistant.vilam.Teller;
import org.vilam.grounding.answer.Grounded;
import org.vilam.grounding.answer.Grounder;
import org.vilam.grounding.answer.Grounder.Ability;
import org.vilam.grounding.answer.Grounder.Detail;
import org.vilam.grounding.answer.Grounder.Query;
import org.vilam.grounding.language.LocationCodec;
import org.vilam.prompts.Instructions;
import org.vilam.prompts.Task;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.image.RgbImage;

/** The networks as one request uses them: each expression is looked for once, and time is taken. */
final class Eyes {
    private final RgbImage image;
    private final Grounder grounder;
    private final @Nullable Teller teller;
    private final Clock clock;
    private final Map<Looked, Grounded> looked = new HashMap<>();

    private record Looked(String expression, Detail detail) {}

    Eyes(RgbImage image, Grounder grounder, @Nullable Teller teller, Clock clock) {
        this.image = image;
        this.grounder = grounder;
        this.teller = teller;
        this.clock = clock;
    }

    Set<Ability> abilities() {
        return grounder.abilities();
    }

    boolean speaks() {
        return teller != null;
    }

    /** What an expression means, with what is wanted of each object. */
    Grounded look(String expression, Detail detail) {
        return look(List.of(expression), detail, Stage.GROUND).get(0);
    }

    List<Grounded> look(List<String> expressions, Detail detail, Stage stage) {
        List<String> open = expressions.stream()
                .distinct()
                .filter(e -> !looked.containsKey(new Looked(e, detail)))
                .toList();
        if (!open.isEmpty()) {
            List<Query> queries = open.stream().map(e -> new Query(image, e)).toList();
            List<Grounded> found = clock.time(stage, () -> grounder.ground(queries, detail));
            for (int i = 0; i < open.size(); i++) {
                looked.put(new Looked(open.get(i), detail), found.get(i));
            }
        }
        return expressions.stream().map(e -> looked.get(new Looked(e, detail))).toList();
    }

    /** What the language model says of regions, in the one wording that it is measured with. */
    List<String> tell(Task task, List<Box> regions, Stage stage) {
        LocationCodec places = new LocationCodec(image.width(), image.height());
        return ask(
                regions.stream()
                        .map(box -> new Teller.Question(
                                image, box, Instructions.canonical(task).fill(Map.of("region", places.box(box)))))
                        .toList(),
                stage);
    }

    /** What it says of the whole picture, as it says it; the dots and spaces around it are left out. */
    void tell(String instruction, Consumer<String> listener) {
        StringBuilder open = new StringBuilder();
        boolean[] begun = {false};
        clock.time(
                Stage.DESCRIBE,
                () -> teller().answer(new Teller.Question(image, null, instruction), piece -> {
                    open.append(piece);
                    String words = open.toString().replaceFirst("[.\\s]+$", "");
                    String said = begun[0] ? words : words.stripLeading();
                    if (!said.isEmpty()) {
                        begun[0] = true;
                        open.delete(0, words.length());
                        listener.accept(said);
                    }
                }));
        require(begun[0]);
    }

    private List<String> ask(List<Teller.Question> questions, Stage stage) {
        List<String> answers = clock.time(stage, () -> teller().answer(questions)).stream()
                .map(a -> a.strip().replaceFirst("[.\\s]+$", ""))
                .toList();
        require(answers.stream().noneMatch(String::isEmpty));
        return answers;
    }

    private Teller teller() {
        if (teller == null) {
            throw new IllegalStateException("this model has no words");
        }
        return teller;
    }

    private static void require(boolean said) {
        if (!said) {
            throw new VilamException(
                    ErrorCode.MODEL_OUTPUT_INVALID,
                    "the language model said nothing",
                    "Ask in other words, or choose another region.");
        }
    }

    /** The answer goes on. */
    void said(String piece) {
        clock.said(piece);
    }
}
