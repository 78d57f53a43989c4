package org.vilam.assistant.dialogue;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.vilam.assistant.Dialogue;
import org.vilam.assistant.Dialogue.Turn;
import org.vilam.assistant.Request;
import org.vilam.assistant.dialogue.Places.Place;
import org.vilam.assistant.route.NounPhrase;
import org.vilam.assistant.route.Step;
import org.vilam.assistant.route.Step.Ask;
import org.vilam.grounding.answer.Grounded;
import org.vilam.grounding.answer.Grounded.Found;
import org.vilam.grounding.answer.Grounder.Detail;
import org.vilam.grounding.result.FoundObject;
import org.vilam.grounding.result.GroundingResult.Status;
import org.vilam.prompts.Task;

/** A question that was answered by a question: "Which circle: 1 (left), 2 (right)?" and what "the left one" says to it. */
final class Choices {
    /** Candidates that overlap a found box at least this much are it. */
    private static final double SAME = 0.5;

    private Choices() {}

    /**
     * An open question.
     *
     * @param request what was asked for first
     * @param before where in the dialogue that was
     * @param settled expressions whose objects have been chosen since
     * @param expression the expression that is open
     * @param candidates what it may be, by number
     */
    record Pending(
            Request request,
            int before,
            Map<String, List<FoundObject>> settled,
            String expression,
            List<FoundObject> candidates) {
        /** With the open expression settled, and what is chosen under phrases that the other candidates do not have. */
        Map<String, List<FoundObject>> settledAs(List<FoundObject> chosen) {
            Map<String, List<FoundObject>> all = new HashMap<>(settled);
            all.put(
                    expression,
                    chosen.stream()
                            .map(o -> o.withRank(1).withPhrase(References.name(o, candidates)))
                            .toList());
            return all;
        }
    }

    /** The question that the last turn left open. */
    static Optional<Pending> pending(Dialogue dialogue) {
        Pending pending = null;
        for (int i = 0; i < dialogue.turns().size(); i++) {
            Turn turn = dialogue.turns().get(i);
            pending = turn.result().status() == Status.AMBIGUOUS ? asked(turn, i, pending) : null;
        }
        return Optional.ofNullable(pending);
    }

    /** A turn that asks; where it is itself an answer to a question, it goes on with that. */
    private static Pending asked(Turn turn, int index, @Nullable Pending before) {
        List<FoundObject> candidates = turn.result().alternatives();
        String expression = candidates.get(0).phrase();
        if (before != null) {
            List<FoundObject> chosen = turn.result().objects().stream()
                    .filter(o -> before.candidates().stream().anyMatch(c -> c.id().equals(o.id())))
                    .toList();
            if (!chosen.isEmpty()) {
                return new Pending(
                        before.request(), before.before(), before.settledAs(chosen), expression, candidates);
            }
        }
        return new Pending(turn.request(), index, Map.of(), expression, candidates);
    }

    /**
     * What a request chooses of the candidates: by number, by place, by pointing at it, or by a description that is looked for.
     *
     * @return nothing where the request is about something else; an empty list where none is meant
     */
    static Optional<List<FoundObject>> settle(
            Pending pending, Request request, List<Place> places, List<Step> steps, Eyes eyes) {
        if (request.task() != null && request.task() != Task.BOX && !request.instruction().isBlank()) {
            return Optional.empty();
        }
        List<FoundObject> candidates = pending.candidates();
        if (!places.isEmpty()) {
            List<FoundObject> pointed = candidates.stream()
                    .filter(c -> places.stream()
                            .anyMatch(p -> p.box().iou(c.box()) >= SAME || c.box().contains(p.box().centre())))
                    .toList();
            boolean only = steps.size() == 1 && steps.get(0).expression().startsWith("#");
            return pointed.isEmpty() || !only ? Optional.empty() : Optional.of(pointed);
        }
        String words = request.instruction().toLowerCase(Locale.ROOT).strip();
        if (words.matches("(none|neither|nothing|no|nope|cancel|never ?mind)( of (them|these))?[.!]*")) {
            return Optional.of(List.of());
        }
        Optional<List<FoundObject>> said = new Selection(candidates.stream().map(FoundObject::box).toList())
                .choose(words, candidates.get(0).label())
                .filter(chosen -> !chosen.isEmpty())
                .map(chosen -> chosen.stream().map(candidates::get).toList());
        return said.isPresent() ? said : described(candidates, steps, eyes);
    }

    /** "The red one", "the red circle": looked for, and compared with the candidates. */
    private static Optional<List<FoundObject>> described(List<FoundObject> candidates, List<Step> steps, Eyes eyes) {
        Step step = steps.get(0);
        boolean shows = steps.size() == 1
                && (step.task() == Task.BOX || step.task() == Task.ALL)
                && (step.ask() == Ask.SHOW || step.ask() == Ask.FOLLOW);
        NounPhrase phrase = NounPhrase.of(step.expression());
        NounPhrase label = NounPhrase.of(candidates.get(0).label());
        boolean one = phrase.head().equals("one");
        if (!shows || !(one || phrase.head().equals(label.head()))) {
            return Optional.empty();
        }
        String expression = !one
                ? step.expression()
                : step.expression()
                        .replaceFirst("\\bones\\b", label.plurals())
                        .replaceFirst("\\bone\\b", label.label());
        Grounded grounded = eyes.look(expression, Detail.BOXES);
        Decision decision = Decision.of(
                grounded, NounPhrase.of(expression), step.ask(), step.many(), eyes.abilities(), Grounded.PRESENT);
        if (decision.kind() != Decision.Kind.FOUND) {
            return Optional.empty(); // of two red ones it has to be asked again
        }
        List<Found> found = decision.chosen();
        List<FoundObject> chosen = candidates.stream()
                .filter(c -> found.stream().anyMatch(f -> f.box().iou(c.box()) >= SAME))
                .toList();
        return chosen.isEmpty() || chosen.size() == candidates.size() ? Optional.empty() : Optional.of(chosen);
    }
}
