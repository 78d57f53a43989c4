package org.vilam.assistant.route;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.vilam.assistant.route.BodyPoints.Points;
import org.vilam.assistant.route.Grammar.Reading;
import org.vilam.assistant.route.Step.Ask;
import org.vilam.prompts.Task;
import org.vilam.vision.geometry.Skeleton;

/**
 * Reads instructions in plain words. Any text gives at least one step; the confidence says how well it was understood: 1 when every
 * word of the request was known, less for each misspelt one, {@link #PHRASE} for a phrase without a request, {@link #GUESS} for a
 * question that nothing here fits and that is left to the language model.
 */
public final class Router {
    /** Confidence in a noun phrase that stands alone. */
    public static final double PHRASE = 0.6;
    /** Confidence in a question that is like none that is known. */
    public static final double GUESS = 0.3;

    private static final double SLIP = 0.1;
    private static final int MOST_STEPS = 8;
    private static final Set<String> QUESTION = Set.of(
            "is", "are", "was", "were", "do", "does", "did", "why", "when", "how", "what", "who", "which", "can",
            "could", "should", "would", "will", "am", "whose", "has", "have");
    private static final Set<String> WHERE = Set.of("in", "on", "at", "from", "near");
    private static final Set<String> THAT = Set.of("", "it", "this", "that", "them", "these", "those", "here", "there");

    private final Grammar grammar = new Grammar();

    /**
     * The steps that an instruction asks for, at least one.
     *
     * @param instruction any text
     * @param hint the task that was asked for beside the words, or null; it wins
     * @param regions how many regions come with it; "this" is then a region
     */
    public List<Step> route(String instruction, @Nullable Task hint, int regions) {
        List<String> words = Regions.inPlace(Regions.numbered(Tokens.of(instruction), regions));
        List<Step> steps = new ArrayList<>();
        String place = "";
        for (List<String> clause : Clauses.of(words, grammar)) {
            List<Step> read = clause(clause);
            if (WHERE.contains(clause.get(0)) && read.size() == 1 && read.get(0).confidence() == PHRASE) {
                place = read.get(0).expression(); // "on the left, find the circle"
                continue;
            }
            for (Step step : read) {
                Step placed = place.isEmpty() ? step : step.about(step.expression() + " " + place);
                steps.addAll(Clauses.joined(placed, steps));
                place = "";
            }
        }
        if (!place.isEmpty()) {
            steps.add(new Step(Task.BOX, Ask.SHOW, place, List.of(), false, PHRASE));
        }
        return finished(steps, words, hint, regions);
    }

    private List<Step> finished(List<Step> steps, List<String> words, @Nullable Task hint, int regions) {
        List<Step> asked = steps.stream().filter(s -> s.ask() != Ask.HELP).toList();
        List<Step> kept = asked.isEmpty() ? steps : asked;
        if (kept.isEmpty()) {
            kept = List.of(new Step(Task.CAPTION, Ask.HELP, "", List.of(), false, GUESS));
        }
        return kept.stream()
                .limit(MOST_STEPS)
                .map(step -> Regions.pointed(step, words, regions))
                .map(step -> hinted(step, hint, regions))
                .toList();
    }

    private static Step hinted(Step step, @Nullable Task hint, int regions) {
        if (hint == null) {
            return step;
        }
        boolean tells = hint == Task.DESCRIBE || hint == Task.CLASSIFY || hint == Task.CAPTION;
        boolean keeps = step.ask() == Ask.COUNT || step.ask() == Ask.WHETHER;
        Ask ask = tells ? Ask.TELL : keeps ? step.ask() : Ask.SHOW;
        String about = hint == Task.CAPTION ? "" : step.expression();
        if (about.isEmpty() && hint != Task.CAPTION) {
            about = regions > 0 ? Regions.all(regions) : "it";
        }
        return new Step(
                hint,
                ask,
                about,
                hint != Task.KEYPOINTS
                        ? List.of()
                        : step.points().isEmpty() ? Skeleton.COCO_PERSON.names() : step.points(),
                hint == Task.ALL || step.many(),
                1);
    }

    private List<Step> clause(List<String> clause) {
        Optional<Reading> reading = grammar.read(clause);
        if (reading.isPresent()) {
            return steps(reading.get());
        }
        List<String> core = grammar.core(clause);
        if (core.stream().allMatch(Tokens::isMark)) {
            return List.of();
        }
        if (QUESTION.contains(core.get(0))) {
            return List.of(new Step(Task.CAPTION, Ask.TELL, "", List.of(), false, GUESS));
        }
        return about(Task.BOX, Ask.SHOW, false, core, PHRASE);
    }

    private static List<Step> steps(Reading reading) {
        Grammar.Route route = reading.route();
        List<String> expression = Clauses.filled(route.expression(), reading.slots());
        double confidence = Math.max(GUESS, 1 - SLIP * reading.slips());
        if (route.task() == Task.CAPTION) {
            return List.of(new Step(Task.CAPTION, route.ask(), "", List.of(), false, confidence));
        }
        return about(route.task(), route.ask(), route.many(), expression, confidence);
    }

    /** One step for each of the things that an expression names. */
    private static List<Step> about(Task task, Ask ask, boolean many, List<String> expression, double confidence) {
        Task plain = task == Task.ALL ? Task.BOX : task;
        List<Step> steps = new ArrayList<>();
        boolean places = plain == Task.BOX && ask != Ask.COUNT;
        Optional<Points> list = places ? BodyPoints.in(expression) : Optional.empty();
        List<List<String>> parts = list.isPresent() || expression.stream().anyMatch(Tokens::isRegion)
                ? List.of(expression)
                : Conjunction.split(expression);
        for (List<String> part : parts) {
            Optional<Points> points = list.isPresent() ? list : places ? BodyPoints.in(part) : Optional.empty();
            if (points.isPresent()) {
                for (List<String> owner : Conjunction.split(points.get().owner())) {
                    NounPhrase phrase = NounPhrase.of(canonical(owner));
                    Ask put = ask == Ask.FOLLOW ? Ask.SHOW : ask;
                    boolean all = phrase.many() || phrase.text().equals("them");
                    steps.add(new Step(
                            Task.KEYPOINTS, put, phrase.text(), points.get().names(), all, confidence));
                }
                continue;
            }
            String text = canonical(part);
            if (ask == Ask.TELL && Regions.isPicture(text)) {
                steps.add(new Step(Task.CAPTION, ask, "", List.of(), false, confidence));
                continue;
            }
            NounPhrase phrase = NounPhrase.of(text);
            boolean pair = Nouns.is("pair", phrase.head()) && phrase.quantity() != NounPhrase.Quantity.ALL;
            boolean all = ask == Ask.COUNT || phrase.many() || (many && !pair) || text.equals("them");
            List<String> named = plain == Task.KEYPOINTS ? Skeleton.COCO_PERSON.names() : List.of();
            steps.add(new Step(plain == Task.BOX && all ? Task.ALL : plain, ask, text, named, all, confidence));
        }
        return steps;
    }

    /** The expression as the model knows it. */
    private static String canonical(List<String> words) {
        String text = Tokens.join(words);
        if (words.size() == 2 && words.get(0).matches("something|anything") && Nouns.is("adjective", words.get(1))) {
            return Nouns.article(words.get(1)) + " " + words.get(1) + " object";
        }
        String plain = text.replaceFirst("^(of|for) ", "")
                .replaceFirst("^(anyone|anybody|someone|somebody)\\b", "a person")
                .replaceFirst("^(everyone|everybody)\\b", "all people")
                .replaceFirst("^(something|anything)\\b", "an object")
                .replaceFirst("^everything\\b", "all objects")
                .replaceFirst("^(only|just) (?=\\S+ )", "")
                .replaceFirst("^any (of (the|these|those) )?", "")
                .replaceFirst("^(them|these|those) all$", "$1")
                .replaceFirst("^(him|her|he|she|this one|that one)$", "it")
                .replaceFirst("^(they)$", "them");
        return THAT.contains(plain) && !plain.equals("them") && !plain.equals("these") && !plain.equals("those")
                ? "it"
                : plain.replaceFirst("^(these|those)$", "them");
    }
}
