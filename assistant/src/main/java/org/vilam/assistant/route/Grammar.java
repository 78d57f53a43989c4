package org.vilam.assistant.route;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.vilam.assistant.route.Wording.Piece;
import org.vilam.prompts.Task;

/** The wordings of routes.txt and words.txt, and the best reading of a clause by them. */
final class Grammar {
    /** Longer clauses are not matched; no request is worded like that. */
    private static final int LONGEST = 80;

    private final List<Route> routes = new ArrayList<>();
    private final Spelling spelling = new Spelling();
    private final List<Piece> shell;
    private final List<Piece> lead;
    private final List<Piece> tail;

    /**
     * A line of routes.txt.
     *
     * @param expression words and slots that make the expression
     */
    record Route(Task task, Step.Ask ask, boolean many, List<Piece> pieces, List<String> expression) {}

    /**
     * A clause read by a route.
     *
     * @param slots what is open, by name
     * @param open how many words are in slots
     * @param slips how many words of the route are misspelt
     * @param begins whether it begins with a word of the route, not with a slot
     */
    record Reading(Route route, Map<String, List<String>> slots, double open, int slips, boolean begins) {
        double cost() {
            return open + 0.5 * slips;
        }
    }

    Grammar() {
        Map<String, List<Piece>> names = new HashMap<>();
        for (String line : Resource.lines("words.txt")) {
            String[] halves = Resource.halves(line, "=");
            names.put(halves[0], learnt(Wording.parse(halves[1], names)));
        }
        shell = names.getOrDefault("shell", List.of());
        lead = names.getOrDefault("lead", List.of());
        tail = names.getOrDefault("tail", List.of());
        for (String line : Resource.lines("routes.txt")) {
            String[] halves = Resource.halves(line, ":");
            String[] what = halves[0].split(" ", -1);
            String[] wording = halves[1].split(" => ", -1);
            routes.add(new Route(
                    Task.valueOf(what[0].toUpperCase(Locale.ROOT)),
                    Step.Ask.valueOf(what[1].toUpperCase(Locale.ROOT)),
                    what.length > 2,
                    learnt(Wording.parse(wording[0], names)),
                    List.of((wording.length > 1 ? wording[1] : slotOf(wording[0])).split(" ", -1))));
        }
    }

    /** The first slot of a wording is the expression where none is given. */
    private static String slotOf(String wording) {
        int open = wording.indexOf('{');
        return open < 0 ? "" : wording.substring(open, wording.indexOf('}', open) + 1);
    }

    private List<Piece> learnt(List<Piece> pieces) {
        for (Piece piece : pieces) {
            if (piece instanceof Piece.Word word) {
                spelling.learn(word.text());
            } else if (piece instanceof Piece.Choice choice) {
                choice.ways().forEach(this::learnt);
            }
        }
        return pieces;
    }

    /** The reading that leaves the fewest words open; of several the first. Nothing where no route fits. */
    Optional<Reading> read(List<String> words) {
        if (words.size() > LONGEST) {
            return Optional.empty();
        }
        Set<Integer> starts = starts(words, true);
        Set<Integer> ends = ends(words);
        Reading best = null;
        for (Route route : routes) {
            for (int start : starts) {
                for (int end : ends) {
                    Optional<Reading> reading =
                            start < end ? Matching.of(route, words.subList(start, end), spelling) : Optional.empty();
                    if (reading.isPresent() && (best == null || reading.get().cost() < best.cost())) {
                        best = reading.get();
                    }
                }
            }
        }
        return Optional.ofNullable(best);
    }

    /** The clause without what is said politely around it. */
    List<String> core(List<String> words) {
        if (words.size() > LONGEST) {
            return words;
        }
        int start = starts(words, false).stream().mapToInt(i -> i).max().orElse(0);
        int end = ends(words).stream().filter(e -> e > start).mapToInt(i -> i).min().orElse(words.size());
        return words.subList(start, end);
    }

    private Set<Integer> starts(List<String> words, boolean leads) {
        Set<Integer> starts = new TreeSet<>(Set.of(0));
        List<Integer> open = new ArrayList<>(starts);
        while (!open.isEmpty()) {
            int from = open.remove(open.size() - 1);
            Set<Integer> next = Matching.ends(shell, words, from, spelling);
            if (leads) {
                next.addAll(Matching.ends(lead, words, from, spelling));
            }
            for (int end : next) {
                int start = end;
                while (start < words.size() && Tokens.isMark(words.get(start))) {
                    start++;
                }
                if (starts.add(start)) {
                    open.add(start);
                }
            }
        }
        return starts;
    }

    private Set<Integer> ends(List<String> words) {
        Set<Integer> ends = new TreeSet<>(Set.of(words.size()));
        List<Integer> open = new ArrayList<>(ends);
        while (!open.isEmpty()) {
            int end = open.remove(open.size() - 1);
            for (int from = Math.max(1, end - 8); from < end; from++) {
                if (Matching.ends(tail, words.subList(0, end), from, spelling).contains(end)) {
                    int cut = from;
                    while (cut > 0 && Tokens.isMark(words.get(cut - 1))) {
                        cut--;
                    }
                    if (ends.add(cut)) {
                        open.add(cut);
                    }
                }
            }
        }
        return ends;
    }
}
