package org.vilam.assistant.dialogue;

import java.util.List;
import java.util.Set;
import org.vilam.assistant.route.NounPhrase;
import org.vilam.assistant.route.NounPhrase.Quantity;
import org.vilam.assistant.route.Step.Ask;
import org.vilam.grounding.answer.Grounded;
import org.vilam.grounding.answer.Grounded.Found;
import org.vilam.grounding.answer.Grounder.Ability;

/**
 * Found, absent or ambiguous.
 *
 * <ol>
 *   <li>A grounder that can tell that nothing fits is believed: below a presence of {@link Grounded#PRESENT} nothing is found,
 *       whatever the boxes.
 *   <li>Where all that fit are meant ("all dogs", "the dogs", "how many dogs", "are there dogs") they are the set head's, those
 *       with a score of at least {@code minScore}; where it has none though something is there, the one object.
 *   <li>Where one is meant it is {@code one}, not the best of the set: it is trained to choose.
 *   <li>One is said ("the circle", "circle"), not any ("a circle") nor the only one of its kind ("the largest circle"), but
 *       several fit: the set has at least two with a score of at least {@code minScore} and at least {@link #ALIKE} of the best.
 *       Then it has to be asked which is meant.
 *   <li>What fits beside the chosen ones is kept as alternatives.
 * </ol>
 *
 * @param kind what is decided
 * @param chosen the objects found; of several alike the candidates, best first; of nothing none
 * @param others what else fits, best first; where nothing is found the nearest
 */
record Decision(Kind kind, List<Found> chosen, List<Found> others) {
    /** What is decided. */
    enum Kind {
        FOUND,
        NOTHING,
        SEVERAL
    }

    /** Scores from this part of the best on are alike. */
    static final double ALIKE = 0.7;
    /** Boxes that overlap more are the same object. */
    static final double SAME = 0.5;

    private static final double LEAST = 0.5; // pixels

    Decision {
        chosen = List.copyOf(chosen);
        others = List.copyOf(others);
    }

    static Decision of(
            Grounded grounded, NounPhrase phrase, Ask ask, boolean many, Set<Ability> abilities, double minScore) {
        List<Found> all = grounded.all().stream()
                .filter(f -> f.score() >= minScore && visible(f))
                .toList();
        Found one = grounded.one();
        boolean oneFits = one.score() >= minScore && visible(one);
        boolean absent = abilities.contains(Ability.PRESENCE) && !grounded.present();
        if (absent || (all.isEmpty() && !oneFits)) {
            return new Decision(Kind.NOTHING, List.of(), visible(one) ? List.of(one) : List.of());
        }
        boolean any = phrase.quantity() == Quantity.SOME;
        if (many || (ask == Ask.WHETHER && any)) {
            return new Decision(Kind.FOUND, all.isEmpty() ? List.of(one) : all, List.of());
        }
        List<Found> alike = all.stream()
                .filter(f -> f.score() >= ALIKE * all.get(0).score())
                .toList();
        if (alike.size() >= 2 && !any && !phrase.unique()) {
            return new Decision(Kind.SEVERAL, alike, all.subList(alike.size(), all.size()));
        }
        Found chosen = oneFits ? one : all.get(0);
        return new Decision(
                Kind.FOUND,
                List.of(chosen),
                all.stream().filter(f -> f.box().iou(chosen.box()) < SAME).toList());
    }

    /** Whether there is enough of a box to show. */
    private static boolean visible(Found found) {
        return found.box().width() >= LEAST && found.box().height() >= LEAST;
    }
}
