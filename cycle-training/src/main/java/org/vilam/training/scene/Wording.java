package org.vilam.training.scene;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.vilam.training.scene.Meaning.And;
import org.vilam.training.scene.Meaning.Between;
import org.vilam.training.scene.Meaning.Has;
import org.vilam.training.scene.Meaning.Kind;
import org.vilam.training.scene.Meaning.Not;
import org.vilam.training.scene.Meaning.Order;
import org.vilam.training.scene.Meaning.Place;
import org.vilam.training.scene.Meaning.Placed;
import org.vilam.training.scene.Meaning.Ranked;
import org.vilam.training.scene.Meaning.Related;
import org.vilam.training.scene.Meaning.Sized;
import org.vilam.training.scene.Phrase.Clause;

/**
 * Puts a meaning into everyday English: words before the noun, the noun, words after it, chosen among many forms.
 *
 * <p>All forms of one meaning denote the same objects; the diction only decides how it is said.
 */
final class Wording {
    private static final Set<String> PEOPLE = Set.of("person", "man", "woman", "child");
    private static final List<String> FRAMES =
            List.of("in the picture", "in the image", "in this picture", "in the photo", "in this image", "here");

    /**
     * A phrase as said.
     *
     * @param many whether a verb after it is in the plural
     */
    record Said(String text, boolean many) {}

    private final Diction diction;
    private final AttributeWording attributes;
    private final boolean patient;

    /**
     * @param patient whether left and right could be taken for a patient's, so that those of the picture are called so
     */
    Wording(Diction diction, boolean patient) {
        this.diction = diction;
        this.attributes = new AttributeWording(diction);
        this.patient = patient;
    }

    /**
     * "the red circle left of the star".
     *
     * @param loosely also "a red circle", which is as good where there is one at most
     */
    Said definite(Meaning meaning, boolean loosely) {
        Phrase phrase = phrase(meaning);
        String words = framed(phrase.text(false), meaning);
        String text;
        if (diction.once(7)) {
            text = words;
        } else if (loosely && !(meaning instanceof Ranked) && diction.once(8)) {
            text = (phrase.isPair() ? "" : Nouns.article(words) + " ") + words;
        } else {
            text = (!diction.once(40) ? "the " : phrase.isPair() ? "those " : "that ") + words;
        }
        return new Said(text, phrase.isPair());
    }

    /** "all red circles", "every red circle", "both red circles". */
    Said all(Meaning meaning, int number) {
        Phrase phrase = phrase(meaning);
        String one = framed(phrase.text(false), meaning);
        String many = framed(phrase.text(true), meaning);
        if (number == 2 && diction.once(5)) {
            return new Said((diction.once(4) ? "both of the " : diction.once(3) ? "both the " : "both ") + many, true);
        }
        // "Every scissors" nobody says.
        List<Integer> forms = phrase.isPair() ? List.of(0, 1, 6, 7, 8) : List.of(0, 1, 1, 2, 3, 4, 5, 6, 7, 8);
        return switch (diction.form(forms)) {
            case 1 -> new Said("all the " + many, true);
            case 2 -> new Said("every " + one, false);
            case 3 -> new Said("each " + one, false);
            case 4 -> new Said((diction.once(2) ? "each of the " : "every one of the ") + many, false);
            case 5 -> new Said("any " + one, false);
            case 6 -> new Said("all of the " + many, true);
            case 7 -> new Said("the " + many, true);
            case 8 -> new Said(many, true);
            default -> new Said("all " + many, true);
        };
    }

    /** "the three red circles". */
    Said counted(Meaning meaning, int number) {
        String many = framed(phrase(meaning).text(true), meaning);
        String count = Lexicon.number(number, diction);
        if (number == 2) {
            List<String> forms = List.of("the " + count + " ", count + " ", "both ", "both of the ", "the pair of ");
            return new Said(diction.form(forms) + many, true);
        }
        return new Said(
                switch (diction.form(List.of(0, 1, 2, 3, 4))) {
                    case 1 -> "all " + count + " " + many;
                    case 2 -> count + " " + many;
                    case 3 -> "all " + count + " of the " + many;
                    case 4 -> "all the " + count + " " + many;
                    default -> "the " + count + " " + many;
                },
                true);
    }

    /** "a red circle": for what is there, not for what is asked for. */
    String indefinite(Meaning meaning) {
        return phrase(meaning).indefinite();
    }

    /** "red circles". */
    String plural(Meaning meaning) {
        return phrase(meaning).text(true);
    }

    private String framed(String words, Meaning meaning) {
        boolean fits = !(meaning instanceof Placed) && !words.contains(" from ");
        return fits && diction.once(12) ? words + " " + diction.form(FRAMES) : words;
    }

    private Phrase phrase(Meaning meaning) {
        Phrase phrase = new Phrase();
        build(phrase, meaning);
        return phrase;
    }

    private void build(Phrase phrase, Meaning meaning) {
        if (meaning instanceof Kind kind) {
            phrase.noun(diction.word(Lexicon.nouns(kind.noun())));
        } else if (meaning instanceof Has has) {
            attributes.say(phrase, has, "that");
        } else if (meaning instanceof And and) {
            and(phrase, and.parts());
        } else if (meaning instanceof Not not) {
            not(phrase, not.inner(), "that");
        } else if (meaning instanceof Sized sized) {
            build(phrase, sized.among());
            String word = diction.word(sized.big() ? Lexicon.BIG : Lexicon.SMALL);
            if (diction.once(8)) {
                phrase.after(Clause.is("that", word));
            } else {
                phrase.first(word);
            }
        } else if (meaning instanceof Ranked ranked) {
            build(phrase, ranked.among());
            ranked(phrase, ranked);
        } else if (meaning instanceof Placed placed) {
            build(phrase, placed.among());
            placed(phrase, placed.place());
        } else if (meaning instanceof Related related) {
            build(phrase, related.among());
            String words = diction.word(Lexicon.relations(related.relation())) + " " + theOther(related.anchor());
            link(phrase, words);
        } else if (meaning instanceof Between between) {
            build(phrase, between.among());
            String words = theOther(between.first()) + " and " + theOther(between.second());
            link(phrase, (diction.once(3) ? "in between " : "between ") + words);
        }
    }

    private void link(Phrase phrase, String words) {
        phrase.after(diction.once(6) ? Clause.is(diction.once(4) ? "which" : "that", words) : Clause.of(words));
    }

    private void and(Phrase phrase, List<Meaning> parts) {
        List<Meaning> order = new ArrayList<>(parts);
        boolean person = parts.stream().anyMatch(p -> p instanceof Kind kind && PEOPLE.contains(kind.noun()));
        String that = person && diction.once(2) ? "who" : diction.once(4) ? "which" : "that";
        for (Meaning part : order) {
            if (part instanceof Has has) {
                attributes.say(phrase, has, person && that.equals("which") ? "that" : that);
            } else if (part instanceof Not not) {
                not(phrase, not.inner(), that);
            } else {
                build(phrase, part);
            }
        }
    }

    private void not(Phrase phrase, Meaning inner, String that) {
        if (inner instanceof Has has) {
            attributes.deny(phrase, has, that);
        } else if (inner instanceof Kind kind) {
            String noun = diction.word(Lexicon.nouns(kind.noun()));
            String one = Nouns.isPair(noun) ? noun : Nouns.article(noun) + " " + noun;
            boolean contracted = diction.once(2);
            phrase.after(new Clause(
                    that + (contracted ? " isn't " : " is not ") + one,
                    that + (contracted ? " aren't " : " are not ") + Nouns.plural(noun)));
        } else {
            throw new IllegalArgumentException("no wording for the negation of " + inner);
        }
    }

    private void placed(Phrase phrase, Place place) {
        if (!patient && diction.once(6)) {
            phrase.first(diction.word(Lexicon.sides(place)));
        } else {
            String words = where(place);
            phrase.after(diction.once(8) ? Clause.is("that", words) : Clause.of(words));
        }
    }

    /** "in the top left", of the picture always said where it could be taken for the patient's left. */
    String where(Place place) {
        if (patient && (place == Place.LEFT || place == Place.RIGHT)) {
            String side = place == Place.LEFT ? "left" : "right";
            return diction.word(List.of(
                    "on the " + side + " side of the image",
                    "on the image's " + side,
                    "in the " + side + " half of the picture",
                    "on the " + side + " of the picture",
                    "at the " + side + " of the image"));
        }
        String words = diction.word(Lexicon.places(place));
        boolean open = words.startsWith("to the ") || words.startsWith("around ");
        if (!open && (patient || diction.once(6))) {
            return words + " of the " + diction.word(List.of("image", "picture", "photo"));
        }
        return words;
    }

    private String theOther(Meaning anchor) {
        return "the " + phrase(anchor).text(false);
    }

    private void ranked(Phrase phrase, Ranked ranked) {
        Order order = ranked.order();
        boolean size = order == Order.LARGEST || order == Order.SMALLEST;
        String word = diction.word(Lexicon.superlatives(order));
        if (ranked.rank() == 1) {
            if (diction.once(5)) {
                phrase.after(Clause.of(diction.word(Lexicon.extremes(order))));
            } else {
                phrase.first(word);
            }
        } else if (size) {
            phrase.first(Lexicon.ordinal(ranked.rank(), diction) + " " + word.replace("very ", ""));
        } else {
            phrase.first(Lexicon.ordinal(ranked.rank(), diction));
            String from = diction.word(Lexicon.from(order));
            boolean sideways =
                    patient && (order == Order.LEFTMOST || order == Order.RIGHTMOST) && from.contains("the ");
            phrase.after(Clause.of(sideways ? from + " of the image" : from));
        }
    }
}
