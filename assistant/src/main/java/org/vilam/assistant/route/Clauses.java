package org.vilam.assistant.route;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.vilam.assistant.route.Grammar.Reading;
import org.vilam.assistant.route.Step.Ask;
import org.vilam.prompts.Task;

/** Takes instructions of several parts apart, "find the dog and segment it", and ties the parts together again. */
final class Clauses {
    private static final Set<String> ENDS = Set.of(".", ";", "?", "!");
    private static final Set<String> LINKS = Set.of("and", "then", ",", ":", "but", "plus", "or", "also");
    /** Verbs that may stand alone behind "and"; others are nouns as well. */
    private static final Set<String> VERBS = Set.of("segment", "trace", "describe", "classify", "delineate");

    private Clauses() {}

    /** The clauses of an instruction, none of them empty. */
    static List<List<String>> of(List<String> words, Grammar grammar) {
        List<List<String>> clauses = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < words.size(); i++) {
            if (i < from || !(ENDS.contains(words.get(i)) || LINKS.contains(words.get(i)))) {
                continue;
            }
            int next = i;
            boolean ends = false;
            boolean links = false;
            while (next < words.size() && (ENDS.contains(words.get(next)) || LINKS.contains(words.get(next)))) {
                ends |= ENDS.contains(words.get(next)) || (words.get(next).equals("then") && (links || next > i));
                links |= words.get(next).equals("and") || words.get(next).equals(",");
                next++;
            }
            boolean inside = content(words.subList(from, i)) && content(words.subList(next, words.size()));
            if (inside && (ends || isRequest(words.subList(next, words.size()), grammar))) {
                clauses.add(trimmed(words.subList(from, i)));
                // "And" and "now" say something about what follows a full stop.
                from = ends && words.get(next - 1).matches("and|also") ? next - 1 : next;
            }
            i = next - 1;
        }
        if (content(words.subList(from, words.size()))) {
            clauses.add(trimmed(words.subList(from, words.size())));
        }
        return clauses;
    }

    private static List<String> trimmed(List<String> words) {
        int from = 0;
        int end = words.size();
        while (Tokens.isMark(words.get(from))) {
            from++;
        }
        while (Tokens.isMark(words.get(end - 1))) {
            end--;
        }
        return words.subList(from, end);
    }

    private static boolean content(List<String> words) {
        return words.stream().anyMatch(w -> !Tokens.isMark(w));
    }

    /** Whether words ask for something by themselves: "segment it", "where is the cat". */
    private static boolean isRequest(List<String> rest, Grammar grammar) {
        int end = 0;
        while (end < rest.size() && !ENDS.contains(rest.get(end))) {
            end++;
        }
        List<String> words = rest.subList(0, end);
        if (words.size() == 1) {
            return VERBS.contains(words.get(0));
        }
        Optional<Reading> reading = grammar.read(words);
        if (reading.isEmpty() || !reading.get().begins()) {
            return false;
        }
        Ask ask = reading.get().route().ask();
        boolean verbAlone = reading.get().route().expression().equals(List.of("")) && reading.get().route().task() == Task.BOX;
        return ask != Ask.FOLLOW && ask != Ask.HELP && !verbAlone;
    }

    /** The expression of a reading: a route's template with its slots filled. */
    static List<String> filled(List<String> template, Map<String, List<String>> slots) {
        List<String> out = new ArrayList<>();
        for (String word : template) {
            if (!word.startsWith("{")) {
                out.add(word);
                continue;
            }
            String name = word.substring(1, word.length() - 1);
            int star = name.indexOf('*');
            if (star > 0) {
                out.addAll(NounPhrase.qualified(
                        slots.getOrDefault(name.substring(0, star), List.of(name.substring(0, star))),
                        slots.getOrDefault(name.substring(star + 1), List.of())));
            } else {
                List<String> filling = new ArrayList<>(slots.getOrDefault(name, List.of()));
                if (name.equals("owner") && !filling.isEmpty()) {
                    int last = filling.size() - 1;
                    filling.set(last, filling.get(last).replaceFirst("'s$", "").replaceFirst("s'$", "s"));
                }
                out.addAll(filling);
            }
        }
        out.removeIf(String::isEmpty);
        return out.isEmpty() ? List.of("it") : out;
    }

    /**
     * What a step adds to those before it. A verb without an object takes that of the next ("find and segment the dog"); looking for
     * "it" again adds nothing; the same for something else takes the task before.
     *
     * @param steps those before; its last may be replaced
     */
    static List<Step> joined(Step step, List<Step> steps) {
        if (steps.isEmpty()) {
            return List.of(step);
        }
        Step before = steps.get(steps.size() - 1);
        boolean again = step.expression().equals("it") || step.expression().equals("them");
        if (again && step.task() == Task.BOX && step.ask() == Ask.SHOW) {
            return List.of();
        }
        if (before.expression().equals("it") && steps.size() == 1 && !again && !step.expression().isEmpty()
                && before.ask() != Ask.FOLLOW) {
            steps.set(0, new Step(before.task() == Task.BOX && step.many() ? Task.ALL : before.task(), before.ask(),
                    step.expression(), before.points(), step.many(), before.confidence()));
            boolean same = step.task() == before.task();
            return same ? List.of() : List.of(step.about(step.many() ? "them" : "it"));
        }
        boolean more = step.ask() == Ask.FOLLOW || (step.confidence() == Router.PHRASE && step.ask() == Ask.SHOW);
        boolean same = more && before.task() != Task.CAPTION && step.task() != Task.KEYPOINTS;
        if (same) {
            Task task = before.task() == Task.BOX || before.task() == Task.ALL ? step.task() : before.task();
            return List.of(new Step(task, before.ask(), step.expression(), before.points(), step.many(), step.confidence()));
        }
        return List.of(step);
    }
}
