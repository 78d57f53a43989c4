package org.vilam.training.scene;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.vilam.training.scene.Meaning.And;
import org.vilam.training.scene.Meaning.Between;
import org.vilam.training.scene.Meaning.Has;
import org.vilam.training.scene.Meaning.Kind;
import org.vilam.training.scene.Meaning.Not;
import org.vilam.training.scene.Meaning.Placed;
import org.vilam.training.scene.Meaning.Ranked;
import org.vilam.training.scene.Meaning.Related;
import org.vilam.training.scene.Meaning.Sized;

/**
 * Puts a meaning into everyday English: words before the noun, the noun, words after it, chosen among many forms.
 *
 * <p>All forms of one meaning denote the same objects; the random source only decides how it is said.
 */
final class Wording {
    private final SplittableRandom random;

    Wording(SplittableRandom random) {
        this.random = random;
    }

    /** "the red circle left of the star". */
    String definite(Meaning meaning) {
        Phrase phrase = phrase(meaning);
        String article = random.nextInt(8) == 0 ? "" : "the ";
        return article + phrase.text(false);
    }

    /** "all red circles", "every red circle", "the red circles". */
    String all(Meaning meaning) {
        Phrase phrase = phrase(meaning);
        return switch (random.nextInt(8)) {
            case 0, 1 -> "all the " + phrase.text(true);
            case 2, 3 -> "all " + phrase.text(true);
            case 4 -> "every " + phrase.text(false);
            case 5 -> "each " + phrase.text(false);
            case 6 -> "any " + phrase.text(false);
            default -> "the " + phrase.text(true);
        };
    }

    /** "the three red circles". */
    String counted(Meaning meaning, int number) {
        Phrase phrase = phrase(meaning);
        String count = Lexicon.number(number, random);
        return switch (random.nextInt(4)) {
            case 0 -> "all " + count + " " + phrase.text(true);
            case 1 -> count + " " + phrase.text(true);
            default -> "the " + count + " " + phrase.text(true);
        };
    }

    /** Typing habits: capitals, a final dot, now and then one slip of the finger in a longer word. */
    String typed(String text) {
        String out = text;
        if (random.nextInt(25) == 0) {
            out = slip(out);
        }
        return switch (random.nextInt(20)) {
            case 0 -> out.toUpperCase(java.util.Locale.ROOT);
            case 1 -> Character.toUpperCase(out.charAt(0)) + out.substring(1);
            case 2 -> Character.toUpperCase(out.charAt(0)) + out.substring(1) + ".";
            case 3 -> out + ".";
            default -> out;
        };
    }

    private String slip(String text) {
        String[] words = text.split(" ", -1);
        int at = random.nextInt(words.length);
        String word = words[at];
        if (word.length() < 5) {
            return text;
        }
        int i = 1 + random.nextInt(word.length() - 2);
        words[at] = switch (random.nextInt(3)) {
            case 0 -> word.substring(0, i) + word.substring(i + 1);
            case 1 -> word.substring(0, i) + word.charAt(i) + word.substring(i);
            default -> word.substring(0, i) + word.charAt(i + 1) + word.charAt(i) + word.substring(i + 2);
        };
        return String.join(" ", words);
    }

    /** A noun phrase in parts. */
    private static final class Phrase {
        final List<String> before = new ArrayList<>();
        String noun = "object";
        final List<String> after = new ArrayList<>();

        String text(boolean plural) {
            List<String> words = new ArrayList<>(before);
            words.add(plural ? Lexicon.plural(noun) : noun);
            after.forEach(a -> words.add(plural ? agree(a) : a));
            return String.join(" ", words);
        }

        private static String agree(String clause) {
            return clause.replaceFirst("^that is ", "that are ")
                    .replaceFirst("^that isn't ", "that aren't ")
                    .replaceFirst("^which is ", "which are ")
                    .replaceFirst("^that has ", "that have ");
        }
    }

    private Phrase phrase(Meaning meaning) {
        Phrase phrase = new Phrase();
        build(phrase, meaning);
        return phrase;
    }

    private void build(Phrase phrase, Meaning meaning) {
        if (meaning instanceof Kind kind) {
            phrase.noun = Lexicon.noun(kind.noun(), random);
        } else if (meaning instanceof Has has) {
            attribute(phrase, has);
        } else if (meaning instanceof And and) {
            and.parts().forEach(part -> build(phrase, part));
        } else if (meaning instanceof Not not) {
            negation(phrase, not.inner());
        } else if (meaning instanceof Sized sized) {
            build(phrase, sized.among());
            List<String> words = sized.big()
                    ? List.of("big", "large", "bigger", "larger")
                    : List.of("small", "little", "smaller", "tiny");
            phrase.before.add(0, Lexicon.pick(words, random));
        } else if (meaning instanceof Ranked ranked) {
            build(phrase, ranked.among());
            ranked(phrase, ranked);
        } else if (meaning instanceof Placed placed) {
            build(phrase, placed.among());
            phrase.after.add(Lexicon.place(placed.place(), random));
        } else if (meaning instanceof Related related) {
            build(phrase, related.among());
            String link = random.nextInt(5) == 0 ? "that is " : random.nextInt(12) == 0 ? "which is " : "";
            phrase.after.add(link + Lexicon.relation(related.relation(), random) + " " + theOther(related.anchor()));
        } else if (meaning instanceof Between between) {
            build(phrase, between.among());
            String link = random.nextInt(3) == 0 ? "in between " : "between ";
            phrase.after.add(link + theOther(between.first()) + " and " + theOther(between.second()));
        }
    }

    private String theOther(Meaning anchor) {
        return "the " + phrase(anchor).text(false);
    }

    private void attribute(Phrase phrase, Has has) {
        String value = Lexicon.value(has.value(), random);
        switch (has.attribute()) {
            case "character" -> {} // the noun "letter A" says it already
            case "hat", "glasses" -> phrase.after.add(worn(has.value()));
            case "arms" -> phrase.after.add("with " + has.value());
            case "facing", "pose" -> phrase.after.add((random.nextInt(3) == 0 ? "that is " : "") + has.value());
            case "shirt" ->
                phrase.after.add(dressed(value, Lexicon.pick(List.of("shirt", "top", "sweater"), random), "a "));
            case "trousers" -> phrase.after.add(dressed(value, Lexicon.pick(List.of("trousers", "pants"), random), ""));
            default -> plainAttribute(phrase, has, value);
        }
    }

    private String worn(String what) {
        boolean without = what.startsWith("no ");
        return without
                ? "without " + (what.equals("no hat") ? "a hat" : "glasses")
                : (random.nextBoolean() ? "wearing " : "with ") + what;
    }

    private String dressed(String colour, String garment, String article) {
        return switch (random.nextInt(4)) {
            case 0 -> "wearing " + article + colour + " " + garment;
            case 1 -> "with " + article + colour + " " + garment;
            case 2 -> "in " + article + colour + " " + garment;
            default -> "in the " + colour + " " + garment;
        };
    }

    private void plainAttribute(Phrase phrase, Has has, String value) {
        if (random.nextInt(7) == 0) {
            phrase.after.add((random.nextBoolean() ? "that is " : "which is ") + value);
        } else if (has.attribute().equals("colour") && random.nextInt(25) == 0) {
            phrase.after.add("in " + value);
        } else {
            phrase.before.add(value);
        }
    }

    private void negation(Phrase phrase, Meaning inner) {
        if (inner instanceof Has has && !has.attribute().matches("colour|fill")) {
            Phrase denied = new Phrase();
            attribute(denied, has);
            String clause = denied.after.get(0);
            phrase.after.add(
                    clause.startsWith("with ") || clause.startsWith("wearing ") || clause.startsWith("in ")
                            ? "not " + clause
                            : "that is not " + clause.replaceFirst("^that is ", ""));
        } else if (inner instanceof Has has) {
            String value = Lexicon.value(has.value(), random);
            phrase.after.add(
                    switch (random.nextInt(4)) {
                        case 0 -> "that isn't " + value;
                        case 1 -> "which is not " + value;
                        case 2 -> "not " + value;
                        default -> "that is not " + value;
                    });
        } else if (inner instanceof Kind kind) {
            phrase.after.add("that is not a " + Lexicon.noun(kind.noun(), random));
        } else {
            throw new IllegalArgumentException("no wording for the negation of " + inner);
        }
    }

    private void ranked(Phrase phrase, Ranked ranked) {
        boolean size = ranked.order() == Meaning.Order.LARGEST || ranked.order() == Meaning.Order.SMALLEST;
        if (ranked.rank() == 1) {
            String word = Lexicon.superlative(ranked.order(), random);
            if (word.startsWith("far ") || word.startsWith("furthest ")) {
                phrase.after.add(0, word.startsWith("far ") ? "on the " + word : word);
            } else {
                phrase.before.add(0, word);
            }
        } else if (size) {
            phrase.before.add(
                    0,
                    Lexicon.ordinal(ranked.rank(), random) + " "
                            + Lexicon.superlative(ranked.order(), random).replace("very ", ""));
        } else {
            phrase.before.add(0, Lexicon.ordinal(ranked.rank(), random));
            phrase.after.add(Lexicon.from(ranked.order(), random));
        }
    }
}
