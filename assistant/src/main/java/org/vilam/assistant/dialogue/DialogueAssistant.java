package org.vilam.assistant.dialogue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.vilam.assistant.Assistant;
import org.vilam.assistant.Dialogue;
import org.vilam.assistant.ModelInfo;
import org.vilam.assistant.Options;
import org.vilam.assistant.Picture;
import org.vilam.assistant.Progress;
import org.vilam.assistant.Progress.Stage;
import org.vilam.assistant.Request;
import org.vilam.assistant.dialogue.Choices.Pending;
import org.vilam.assistant.dialogue.Places.Place;
import org.vilam.assistant.route.Router;
import org.vilam.assistant.route.Step;
import org.vilam.assistant.route.Step.Ask;
import org.vilam.assistant.vilam.Teller;
import org.vilam.grounding.answer.Grounder;
import org.vilam.grounding.answer.Grounder.Ability;
import org.vilam.grounding.result.FoundObject;
import org.vilam.grounding.result.GroundingJson;
import org.vilam.grounding.result.GroundingResult;
import org.vilam.grounding.result.GroundingResult.Coordinates;
import org.vilam.grounding.result.GroundingResult.Image;
import org.vilam.grounding.result.GroundingResult.Model;
import org.vilam.grounding.result.GroundingResult.Status;
import org.vilam.grounding.result.GroundingResult.TaskSource;
import org.vilam.grounding.result.GroundingResult.Warning;
import org.vilam.prompts.Task;
import org.vilam.vision.image.ImageInfo;
import org.vilam.vision.image.ImageWarning;

/** An assistant over a grounder and, where there is one, a language model. */
public final class DialogueAssistant implements Assistant {
    private final ModelInfo info;
    private final Grounder grounder;
    private final @Nullable Teller teller;
    private final Router router = new Router();

    /**
     * @param teller what answers in words, or null: describing and captioning are then not among the tasks
     */
    public DialogueAssistant(ModelInfo info, Grounder grounder, @Nullable Teller teller) {
        this.info = info;
        this.grounder = grounder;
        this.teller = teller;
    }

    @Override
    public ModelInfo info() {
        return info;
    }

    @Override
    public Set<Task> tasks() {
        Set<Ability> abilities = grounder.abilities();
        Set<Task> tasks = EnumSet.of(Task.BOX);
        if (abilities.contains(Ability.SETS)) {
            tasks.add(Task.ALL);
        }
        if (abilities.contains(Ability.MASKS)) {
            tasks.add(Task.POLYGON);
        }
        if (abilities.contains(Ability.KEYPOINTS)) {
            tasks.add(Task.KEYPOINTS);
        }
        if (teller != null) {
            tasks.addAll(EnumSet.of(Task.DESCRIBE, Task.CLASSIFY, Task.CAPTION));
        }
        return tasks;
    }

    @Override
    public GroundingResult ask(Picture picture, Dialogue dialogue, Request request, Progress progress) {
        Clock clock = new Clock(progress);
        Eyes eyes = new Eyes(picture.pixels(), grounder, teller, clock);
        Memory memory = Memory.of(dialogue);
        List<Place> places = Places.of(request.regions(), picture, memory);
        List<Step> steps = clock.time(Stage.ROUTE, () -> route(request));
        Optional<Pending> pending = Choices.pending(dialogue);
        Optional<List<FoundObject>> choice =
                pending.flatMap(open -> Choices.settle(open, request, places, steps, eyes));
        Answering answering;
        List<Step> run;
        if (pending.isPresent() && choice.isPresent()) {
            Pending open = pending.get();
            Dialogue before = new Dialogue(dialogue.turns().subList(0, open.before()));
            Memory then = Memory.of(before);
            List<Place> asked = Places.of(open.request().regions(), picture, then);
            answering = new Answering(eyes, request, tasks(), asked, open.settledAs(choice.get()), memory);
            run = resolved(route(open.request()), before);
        } else {
            answering = new Answering(eyes, request, tasks(), places, Map.of(), memory);
            run = resolved(steps, dialogue);
        }
        for (Step step : run) {
            if (!answering.run(step)) {
                break;
            }
        }
        verify(answering, request.options(), eyes);
        return result(picture, dialogue, request, run, answering, clock);
    }

    private List<Step> route(Request request) {
        return router.route(request.instruction(), request.task(), request.regions().size());
    }

    /** Steps with the task of the turn before where they say "the same for", and without what only a dialogue can tell. */
    private List<Step> resolved(List<Step> steps, Dialogue dialogue) {
        List<Step> before = before(dialogue);
        boolean nothing = Memory.of(dialogue).focus().isEmpty();
        List<Step> out = new ArrayList<>();
        for (Step step : steps) {
            Step last = before.isEmpty() ? null : before.get(before.size() - 1);
            if (step.ask() == Ask.FOLLOW) {
                out.add(Follow.of(step, last));
            } else if (nothing && out.isEmpty() && step.task() == Task.DESCRIBE && step.expression().equals("it")) {
                // "What is this?" before anything has been found is about the picture.
                out.add(new Step(Task.CAPTION, Ask.TELL, "", List.of(), false, step.confidence()));
            } else {
                out.add(step);
            }
        }
        return out;
    }

    private List<Step> before(Dialogue dialogue) {
        int last = dialogue.turns().size() - 1;
        if (last < 0) {
            return List.of();
        }
        Dialogue earlier = new Dialogue(dialogue.turns().subList(0, last));
        return resolved(route(dialogue.turns().get(last).request()), earlier);
    }

    private void verify(Answering answering, Options options, Eyes eyes) {
        if (options.verify() == null) {
            return;
        } else if (!eyes.speaks()) {
            answering.warn("not_verified", "This model has no words to describe what it found with.");
        } else {
            answering.replace(CycleCheck.of(eyes, answering.objects()));
        }
    }

    private GroundingResult result(
            Picture picture, Dialogue dialogue, Request request, List<Step> steps, Answering answering, Clock clock) {
        ImageInfo image = picture.info();
        Status status = answering.status();
        for (ImageWarning warning : image.warnings()) {
            answering.warn(warning.code(), warning.message());
        }
        List<Warning> warnings = answering.warnings();
        return new GroundingResult(
                id(picture, dialogue, request),
                steps.get(steps.size() - 1).task().name().toLowerCase(Locale.ROOT),
                request.task() == null ? TaskSource.INFERRED : TaskSource.REQUESTED,
                request.instruction(),
                status,
                answering.presence(),
                new Image(
                        picture.id(),
                        picture.pixels().width(),
                        picture.pixels().height(),
                        image.sha256(),
                        image.mediaType(),
                        image.orientation()),
                Coordinates.PIXELS,
                answering.answer(),
                answering.phrases(),
                answering.objects(),
                answering.alternatives(),
                warnings,
                new Model(info.id(), info.version(), info.sha256(), info.device(), request.options().seed()),
                clock.finished());
    }

    private String id(Picture picture, Dialogue dialogue, Request request) {
        StringBuilder asked = new StringBuilder(info.sha256()).append('\n').append(picture.id());
        dialogue.turns().forEach(t -> asked.append('\n').append(t.result().id()));
        asked.append('\n').append(GroundingJson.write(request));
        ByteBuffer bytes = ByteBuffer.wrap(asked.toString().getBytes(StandardCharsets.UTF_8));
        return "gr_" + ImageInfo.sha256Of(bytes).substring(0, 24);
    }
}
