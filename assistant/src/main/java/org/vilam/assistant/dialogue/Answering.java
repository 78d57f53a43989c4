package org.vilam.assistant.dialogue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.vilam.assistant.Options;
import org.vilam.assistant.Progress.Stage;
import org.vilam.assistant.Request;
import org.vilam.assistant.dialogue.Places.Place;
import org.vilam.assistant.dialogue.References.Reference;
import org.vilam.assistant.route.NounPhrase;
import org.vilam.assistant.route.Router;
import org.vilam.assistant.route.Step;
import org.vilam.assistant.route.Step.Ask;
import org.vilam.grounding.answer.Grounded;
import org.vilam.grounding.answer.Grounded.Found;
import org.vilam.grounding.answer.Grounder.Detail;
import org.vilam.grounding.result.FoundObject;
import org.vilam.grounding.result.GroundingResult.Phrase;
import org.vilam.grounding.result.GroundingResult.Status;
import org.vilam.grounding.result.GroundingResult.Warning;
import org.vilam.prompts.Instructions;
import org.vilam.prompts.Task;
import org.vilam.vision.geometry.Box;

/** One request being answered: runs its steps and keeps what they found, one after the other. */
final class Answering {
    /** The nearest thing is worth a word from this score on. */
    private static final double NEAR = 0.15;

    private final Eyes eyes;
    private final String instruction;
    private final Options options;
    private final Set<Task> able;
    private final List<Place> places;
    private final Map<String, List<FoundObject>> settled;
    private final ObjectMaker maker;
    private final Answer answer;
    private final Sentences sentences;
    private final Map<String, FoundObject> objects = new LinkedHashMap<>();
    private final Map<String, FoundObject> alternatives = new LinkedHashMap<>();
    private final List<Warning> warnings = new ArrayList<>();
    private final List<Status> outcomes = new ArrayList<>();
    private @Nullable Double presence;
    private Memory memory;

    /**
     * @param settled objects that have been chosen for expressions
     */
    Answering(
            Eyes eyes,
            Request request,
            Set<Task> able,
            List<Place> places,
            Map<String, List<FoundObject>> settled,
            Memory memory) {
        this.eyes = eyes;
        this.answer = new Answer(eyes::said);
        this.sentences = new Sentences(answer);
        this.instruction = request.instruction();
        this.options = request.options();
        this.able = able;
        this.places = places;
        this.settled = settled;
        this.memory = memory;
        this.maker = new ObjectMaker(request.options(), memory);
    }

    /** What a step is about. */
    private record Target(List<FoundObject> objects, Map<String, Found> found) {}

    /** Runs a step; false where what it leaves open has to be asked before the next. */
    boolean run(Step step) {
        if (step.confidence() <= Router.GUESS && step.ask() != Ask.HELP) {
            warn(
                    "not_understood",
                    "The instruction is like none that is known; it was answered as a question about the whole picture.");
        }
        if (step.ask() == Ask.HELP) {
            sentences.help(able);
            return done(Status.OK);
        } else if (!able.contains(step.task())) {
            sentences.unsupported(step.task(), able);
            return done(Status.UNSUPPORTED_TASK);
        } else if (step.task() == Task.CAPTION) {
            eyes.tell(captionWords(step), sentences::goOn);
            sentences.stop();
            return done(Status.OK);
        }
        Target target = target(step);
        if (target == null) {
            return outcomes.isEmpty() || outcomes.get(outcomes.size() - 1) != Status.AMBIGUOUS;
        }
        switch (step.task()) {
            case POLYGON, KEYPOINTS -> enrich(step, target);
            case DESCRIBE, CLASSIFY -> tell(step, target);
            default -> keep(target.objects());
        }
        return done(Status.OK);
    }

    /** What was asked, in its own words where it is like nothing that the model was trained on. */
    private String captionWords(Step step) {
        return step.confidence() <= Router.GUESS
                ? instruction
                : Instructions.canonical(Task.CAPTION).toString();
    }

    private boolean done(Status status) {
        outcomes.add(status);
        return true;
    }

    /** The objects a step is about, or null where there are none; why is said then. */
    private @Nullable Target target(Step step) {
        List<FoundObject> chosen = settled.get(step.expression());
        if (chosen != null) {
            if (chosen.isEmpty()) {
                sentences.noneOfThem();
                done(Status.NO_TARGET);
                return null;
            }
            return shown(step, chosen);
        }
        List<Place> regions = regions(step.expression());
        if (!regions.isEmpty()) {
            return shown(step, regions.stream().map(this::placed).toList());
        }
        Reference reference = new References(memory, this::regionPhrase).resolve(step);
        if (reference instanceof Reference.Objects known) {
            return shown(step, known.objects());
        } else if (reference instanceof Reference.Unclear unclear) {
            ask(step.expression(), unclear.candidates().get(0).label(), unclear.candidates());
            return null;
        } else if (reference instanceof Reference.Nothing nothing) {
            sentences.unknown(nothing.word());
            warn("no_referent", "Nothing has been found yet that \"" + nothing.word() + "\" could be.");
            done(Status.NO_TARGET);
            return null;
        }
        return searched(step, (Reference.Words) reference);
    }

    /** Objects that are known already: said again where showing them is the task. */
    private Target shown(Step step, List<FoundObject> known) {
        List<FoundObject> limited = limited(known);
        if (step.task() == Task.BOX || step.task() == Task.ALL) {
            NounPhrase phrase = NounPhrase.of(
                    limited.size() == 1
                            ? References.name(limited.get(0), memory.group())
                            : "the " + NounPhrase.of(limited.get(0).label()).plurals());
            sentences.found(step, phrase, limited, 0);
        }
        return new Target(limited, Map.of());
    }

    private @Nullable Target searched(Step step, Reference.Words words) {
        Within within = Within.of(words.expression(), step.expression(), places);
        String expression = within.expression();
        if (!step.expression().equals(expression) && within.box() == null) {
            warn("reference", "\"" + step.expression() + "\" was read as \"" + expression + "\".");
        }
        boolean other = !words.without().isEmpty();
        NounPhrase phrase =
                NounPhrase.of(other ? "the other " + NounPhrase.of(expression).label() : expression);
        Detail detail = detail(step);
        Grounded grounded = within.cut(without(eyes.look(expression, detail), words.without()));
        presence = grounded.presence();
        boolean many = !other && step.many();
        Decision decision = Decision.of(grounded, phrase, step.ask(), many, eyes.abilities(), options.minScore());
        switch (decision.kind()) {
            case NOTHING -> {
                sentences.nothing(step, phrase);
                boolean whole = step.ask() == Ask.SHOW && !other && within.box() == null;
                decision.others().stream()
                        .filter(f -> whole && f.score() >= NEAR)
                        .findFirst()
                        .ifPresent(near -> {
                            FoundObject object = maker.found(near, 1, phrase.label(), expression, List.of());
                            alternatives.put(object.id(), object);
                            sentences.nearest(object);
                        });
                done(Status.NO_TARGET);
                return null;
            }
            case SEVERAL -> {
                ask(
                        step.expression(),
                        phrase.label(),
                        made(decision.chosen(), phrase, step.expression(), step).objects());
                return null;
            }
            default -> {
                boolean all = other || many || decision.chosen().size() > 1;
                Target target = made(decision.chosen(), phrase, all ? expression : Sentences.definite(phrase), step);
                made(decision.others(), phrase, expression, step).objects().forEach(o -> alternatives.put(o.id(), o));
                List<FoundObject> limited = limited(target.objects());
                if (step.task() == Task.BOX || step.task() == Task.ALL) {
                    boolean any = phrase.quantity() == NounPhrase.Quantity.SOME;
                    sentences.found(
                            step,
                            phrase,
                            target.objects(),
                            any ? decision.others().size() : 0);
                }
                return new Target(limited, target.found());
            }
        }
    }

    /** Several could be meant: they are numbered as they lie, and it is asked. */
    private void ask(String expression, String label, List<FoundObject> candidates) {
        List<FoundObject> numbered = new ArrayList<>();
        for (int index : new Positions(candidates.stream().map(FoundObject::box).toList()).inOrder()) {
            FoundObject c = candidates.get(index);
            numbered.add(c.withRank(numbered.size() + 1).withPhrase(expression));
        }
        List<String> descriptions = eyes.speaks()
                ? eyes.tell(
                        Task.DESCRIBE, numbered.stream().map(FoundObject::box).toList(), Stage.DESCRIBE)
                : List.of();
        alternatives.clear();
        numbered.forEach(o -> alternatives.put(o.id(), o));
        sentences.which(label, numbered, Sentences.separating(numbered, descriptions));
        done(Status.AMBIGUOUS);
    }

    private Target made(List<Found> found, NounPhrase phrase, String said, Step step) {
        Map<String, FoundObject> made = new LinkedHashMap<>();
        Map<String, Found> from = new LinkedHashMap<>();
        for (Found one : found) {
            FoundObject object = maker.found(one, made.size() + 1, phrase.label(), said, step.points());
            if (made.putIfAbsent(object.id(), object) == null) {
                from.put(object.id(), one);
            }
        }
        return new Target(List.copyOf(made.values()), from);
    }

    /** Outlines or points for objects, from the look that found them or from another one. */
    private void enrich(Step step, Target target) {
        Detail detail = detail(step);
        List<FoundObject> bare = target.objects().stream()
                .filter(o -> !target.found().containsKey(o.id()) && !has(o, step))
                .toList();
        Map<String, Found> looked = new LinkedHashMap<>(target.found());
        looked.putAll(Rediscovery.of(eyes, detail).find(bare));
        List<FoundObject> rich = new ArrayList<>();
        List<FoundObject> poor = new ArrayList<>();
        for (FoundObject object : target.objects()) {
            Found found = looked.get(object.id());
            FoundObject richer = found == null ? object : maker.enriched(object, found, step.points());
            (has(richer, step) ? rich : poor).add(richer);
        }
        keep(Stream.concat(rich.stream(), poor.stream()).toList());
        List<String> names = names(rich);
        if (!rich.isEmpty() && step.task() == Task.POLYGON) {
            sentences.outlined(rich, names);
        } else if (!rich.isEmpty()) {
            sentences.pointed(step, rich, names);
        }
        if (!poor.isEmpty()) {
            sentences.notDrawn(step.task(), poor.stream().map(this::name).toList());
            warn("not_found_again", "The network did not find " + poor.size() + " of the objects again to draw them.");
        }
    }

    /** What to call objects: those found together by the same words by their number. */
    private List<String> names(List<FoundObject> objects) {
        boolean together = objects.size() > 1
                && objects.stream().map(FoundObject::phrase).distinct().count() == 1
                && !objects.get(0).phrase().isEmpty();
        return together
                ? Collections.nCopies(
                        objects.size(),
                        Sentences.counted(NounPhrase.of(objects.get(0).phrase()), objects.size()))
                : objects.stream().map(this::name).toList();
    }

    private static boolean has(FoundObject object, Step step) {
        return step.task() == Task.POLYGON
                ? !object.polygons().isEmpty()
                : object.keypoints().stream().map(p -> p.name()).toList().containsAll(step.points());
    }

    private void tell(Step step, Target target) {
        List<String> texts = eyes.tell(
                step.task(), target.objects().stream().map(FoundObject::box).toList(), Stage.DESCRIBE);
        List<FoundObject> told = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            FoundObject o = target.objects().get(i);
            NounPhrase phrase = NounPhrase.of(texts.get(i));
            boolean given = o.phrase().isEmpty();
            told.add(o.withLabel(given || step.task() == Task.CLASSIFY ? phrase.label() : o.label())
                    .withPhrase(given ? Sentences.definite(phrase) : o.phrase()));
        }
        keep(told);
        sentences.told(told, texts, step.task());
    }

    private void keep(List<FoundObject> found) {
        found.forEach(o -> objects.put(o.id(), o));
        memory = memory.seeing(found, List.copyOf(alternatives.values()));
    }

    private List<FoundObject> limited(List<FoundObject> found) {
        if (found.size() <= options.maxObjects()) {
            return found;
        }
        warn("cut", found.size() + " objects fit; the first " + options.maxObjects() + " are shown.");
        return found.subList(0, options.maxObjects());
    }

    /** The regions that an expression consists of; none where it says more. */
    private List<Place> regions(String expression) {
        return expression.matches("#\\d+((,? and |, )#\\d+)*")
                ? Stream.of(expression.split("\\D+", -1))
                        .filter(n -> !n.isEmpty())
                        .map(n -> Within.place(places, Integer.parseInt(n)))
                        .toList()
                : List.of();
    }

    private FoundObject placed(Place place) {
        return place.known() == null ? maker.given(place.box(), "region", "") : place.known();
    }

    private String regionPhrase(int number) {
        Place place = Within.place(places, number);
        if (place.known() != null && !place.known().phrase().isEmpty()) {
            return References.name(place.known(), memory.group());
        }
        return eyes.speaks()
                ? Sentences.definite(NounPhrase.of(eyes.tell(Task.DESCRIBE, List.of(place.box()), Stage.DESCRIBE)
                        .get(0)))
                : "#" + number;
    }

    private String name(FoundObject object) {
        return object.phrase().isEmpty() ? "this region" : References.name(object, memory.group());
    }

    private Detail detail(Step step) {
        Boolean masks = options.masks();
        return new Detail(
                masks == null ? step.task() == Task.POLYGON : masks || step.task() == Task.POLYGON,
                step.task() == Task.KEYPOINTS);
    }

    private static Grounded without(Grounded grounded, List<Box> boxes) {
        if (boxes.isEmpty()) {
            return grounded;
        }
        List<Found> left = grounded.all().stream()
                .filter(f -> boxes.stream().noneMatch(b -> b.iou(f.box()) >= Decision.SAME))
                .toList();
        Found best = left.stream().max(Comparator.comparingDouble(Found::score)).orElse(grounded.one());
        return new Grounded(left.isEmpty() ? 0 : grounded.presence(), best, left);
    }

    void warn(String code, String message) {
        warnings.add(new Warning(code, message));
    }

    /** Puts the objects in place of those that were found. */
    void replace(List<FoundObject> others) {
        others.forEach(o -> objects.replace(o.id(), o));
    }

    /** Ambiguous where something has to be asked; found where any step found something; else what the first step says. */
    Status status() {
        return outcomes.contains(Status.AMBIGUOUS)
                ? Status.AMBIGUOUS
                : outcomes.contains(Status.OK) ? Status.OK : outcomes.get(0);
    }

    List<FoundObject> objects() {
        return List.copyOf(objects.values());
    }

    List<FoundObject> alternatives() {
        return alternatives.values().stream()
                .filter(o -> !objects.containsKey(o.id()))
                .toList();
    }

    List<Warning> warnings() {
        return warnings;
    }

    String answer() {
        return answer.text();
    }

    /** Parts of the answer for the objects that are shown; some that were counted may not be. */
    List<Phrase> phrases() {
        List<String> shown = Stream.concat(objects().stream(), alternatives().stream())
                .map(FoundObject::id)
                .toList();
        return answer.phrases().stream()
                .map(p -> new Phrase(
                        p.text(),
                        p.start(),
                        p.end(),
                        p.objects().stream().filter(shown::contains).toList()))
                .filter(p -> !p.objects().isEmpty())
                .toList();
    }

    @Nullable
    Double presence() {
        return presence;
    }
}
