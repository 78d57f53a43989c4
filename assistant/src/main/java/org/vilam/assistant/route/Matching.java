package org.vilam.assistant.route;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.vilam.assistant.route.Grammar.Reading;
import org.vilam.assistant.route.Grammar.Route;
import org.vilam.assistant.route.Wording.Piece;

/** Fits words to the pieces of a wording, trying every way. */
final class Matching {
    /** What an expression does not begin with: "mark on the wall" does not ask to mark something. */
    private static final Set<String> NO_BEGINNING =
            Set.of(",", "of", "in", "on", "at", "with", "from", "for", "to", "and", "or", "is", "are", "by", "than", "me");

    private static final Set<String> PLACES =
            Set.of("region", "area", "box", "part", "place", "spot", "point", "one", "thing", "selection", "rectangle", "outline", "polygon");

    private final List<String> words;
    private final Spelling spelling;
    private final Ending ending;

    /** Told of every way to fit all pieces. */
    private interface Ending {
        void at(int position, Map<String, List<String>> slots, int slips, boolean begins);
    }

    /** The pieces still to fit. */
    private record Rest(List<Piece> pieces, int next, @Nullable Rest after) {}

    private Matching(List<String> words, Spelling spelling, Ending ending) {
        this.words = words;
        this.spelling = spelling;
        this.ending = ending;
    }

    /** The reading by a route that leaves the fewest words open. */
    static Optional<Reading> of(Route route, List<String> words, Spelling spelling) {
        Reading[] best = new Reading[1];
        Ending ending = (position, slots, slips, begins) -> {
            if (position == words.size()) {
                Reading reading = new Reading(route, Map.copyOf(slots), open(slots), slips, begins);
                if (best[0] == null || reading.cost() < best[0].cost()) {
                    best[0] = reading;
                }
            }
        };
        new Matching(words, spelling, ending).fit(new Rest(route.pieces(), 0, null), 0, new HashMap<>(), 0, false);
        return Optional.ofNullable(best[0]);
    }

    /** How much is left open; regions are words of the request as much as any. */
    private static double open(Map<String, List<String>> slots) {
        double open = 0;
        for (Map.Entry<String, List<String>> slot : slots.entrySet()) {
            open += slot.getKey().equals("region") ? 0.5 : slot.getValue().size();
        }
        return open;
    }

    /** Where pieces without slots can end that begin at {@code from}, which itself is none. */
    static Set<Integer> ends(List<Piece> pieces, List<String> words, int from, Spelling spelling) {
        Set<Integer> ends = new TreeSet<>();
        Ending ending = (position, slots, slips, begins) -> ends.add(position);
        new Matching(words, spelling, ending).fit(new Rest(pieces, 0, null), from, new HashMap<>(), 0, false);
        ends.remove(from);
        return ends;
    }

    private void fit(Rest rest, int at, Map<String, List<String>> slots, int slips, boolean begins) {
        if (rest.next() == rest.pieces().size()) {
            if (rest.after() == null) {
                ending.at(at, slots, slips, begins);
            } else {
                fit(rest.after(), at, slots, slips, begins);
            }
            return;
        }
        Piece piece = rest.pieces().get(rest.next());
        Rest following = new Rest(rest.pieces(), rest.next() + 1, rest.after());
        if (piece instanceof Piece.Choice choice) {
            for (List<Piece> way : ways(choice, at)) {
                fit(new Rest(way, 0, following), at, slots, slips, begins);
            }
        } else if (piece instanceof Piece.Slot slot) {
            int from = commas(at);
            for (int end = from + 1; end <= words.size(); end++) {
                List<String> filling = words.subList(from, end);
                if (fills(slot.name(), filling)) {
                    Map<String, List<String>> more = new HashMap<>(slots);
                    more.put(slot.name(), filling);
                    fit(following, end, more, slips, begins);
                }
            }
        } else if (piece instanceof Piece.Word word) {
            word(word.text(), following, at, slots, slips, begins);
        }
    }

    private int commas(int from) {
        int at = from;
        while (at < words.size() && words.get(at).equals(",")) {
            at++;
        }
        return at;
    }

    /** The ways of a choice that the next word allows. */
    private List<List<Piece>> ways(Piece.Choice choice, int from) {
        int at = commas(from);
        if (at == words.size()) {
            return choice.open();
        } else if (spelling.doubtful(words.get(at))) {
            return choice.ways();
        }
        List<List<Piece>> begun = choice.begun().get(words.get(at));
        if (begun == null) {
            return choice.open();
        }
        List<List<Piece>> both = new ArrayList<>(begun);
        both.addAll(choice.open());
        return both;
    }

    private void word(String word, Rest following, int from, Map<String, List<String>> slots, int slips, boolean begins) {
        int at = commas(from);
        if (at < words.size()) {
            boolean first = begins || slots.isEmpty();
            if (words.get(at).equals(word)) {
                fit(following, at + 1, slots, slips, first);
            } else if (spelling.slip(words.get(at), word)) {
                fit(following, at + 1, slots, slips + 1, first);
            }
        }
    }

    private static boolean fills(String slot, List<String> words) {
        String first = words.get(0);
        return switch (slot) {
            case "region" -> region(words);
            case "owner" -> words.get(words.size() - 1).matches(".+('s|s')");
            case "the" ->
                Nouns.is("determiner", first)
                        || Tokens.isRegion(first)
                        || first.endsWith("'s")
                        || first.matches("\\d+");
            case "p" -> true;
            case "behind" ->
                Nouns.is("after", first) || (first.matches("left|right") && words.size() > 2 && words.get(1).equals("of"));
            default -> !NO_BEGINNING.contains(first);
        };
    }

    /** "#1", "#1 and #2", "this region", "the box", "it". */
    private static boolean region(List<String> words) {
        boolean numbered = words.stream()
                .allMatch(w -> Tokens.isRegion(w) || w.equals(",") || w.equals("and"));
        String first = words.get(0);
        String last = words.get(words.size() - 1);
        boolean pointing = Set.of("this", "that", "it", "these", "here", "the").contains(first);
        return (numbered && Tokens.isRegion(first) && Tokens.isRegion(last))
                || (pointing && words.size() == 1 && !first.equals("the"))
                || (pointing && words.size() == 2 && PLACES.contains(Nouns.singular(last)));
    }
}
