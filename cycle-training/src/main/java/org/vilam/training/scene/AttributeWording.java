package org.vilam.training.scene;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.vilam.training.scene.Meaning.Has;
import org.vilam.training.scene.Phrase.Clause;

/** Says attributes, or that they do not hold: a word before the noun or a clause behind it. */
final class AttributeWording {
    private static final Map<String, List<String>> GARMENTS = Map.of(
            "shirt", List.of("shirt", "t-shirt", "top"),
            "trousers", List.of("trousers", "pants"),
            "skirt", List.of("skirt"),
            "hat colour", List.of("hat"));

    /** Values said in clauses of their own, the plain one first. */
    private static final Map<String, List<String>> CLAUSES = Map.ofEntries(
            Map.entry("a hat", List.of("with a hat", "wearing a hat", "in a hat", "with the hat", "with a hat on")),
            Map.entry("no hat", List.of("without a hat", "with no hat", "wearing no hat", "not wearing a hat")),
            Map.entry("glasses", List.of("with glasses", "wearing glasses", "with the glasses", "with glasses on")),
            Map.entry(
                    "no glasses",
                    List.of("without glasses", "with no glasses", "wearing no glasses", "not wearing glasses")),
            Map.entry(
                    "both arms up",
                    List.of("with both arms up", "with raised arms", "raising both arms", "with both arms raised")),
            Map.entry("the left arm up", oneArm("left")),
            Map.entry("the right arm up", oneArm("right")),
            Map.entry("the arms down", List.of("with the arms down", "with both arms down", "with lowered arms")),
            Map.entry("facing us", List.of("facing us", "facing the camera", "looking at us", "facing forward")),
            Map.entry(
                    "turned away",
                    List.of("turned away", "facing away", "seen from behind", "looking away", "facing backwards")),
            Map.entry("crouching", List.of("crouching", "squatting", "crouching down")),
            Map.entry("standing", List.of("standing", "standing up", "standing upright")),
            Map.entry("patient left", side("left")),
            Map.entry("patient right", side("right")),
            Map.entry(
                    "with a pale centre", List.of("with a pale centre", "with a pale center", "with a light middle")));

    private final Diction diction;

    AttributeWording(Diction diction) {
        this.diction = diction;
    }

    /** Everything that can be said of attributes, for telling a word from a slip. */
    static List<String> phrases() {
        return Stream.concat(GARMENTS.values().stream(), CLAUSES.values().stream())
                .flatMap(List::stream)
                .toList();
    }

    /** The plain clause for a value that has one: "with a hat". */
    static String clause(String value) {
        return CLAUSES.getOrDefault(value, List.of(value)).get(0);
    }

    /** "in a red shirt", of someone not spoken of before. */
    static String worn(Has has) {
        return "in " + Nouns.article(has.value()) + " " + has.value() + " " + has.attribute();
    }

    private static List<String> oneArm(String side) {
        return List.of(
                "with the " + side + " arm up",
                "raising the " + side + " arm",
                "with the " + side + " arm raised",
                "with their " + side + " arm up");
    }

    private static List<String> side(String side) {
        return List.of(
                "on the patient's " + side,
                "on the patient's " + side + " side",
                "on the patient's own " + side,
                "at the patient's " + side + " side",
                "on the " + side + " side of the patient");
    }

    /**
     * Adds an attribute to a phrase.
     *
     * @param that the relative pronoun: that, which or who
     */
    void say(Phrase phrase, Has has, String that) {
        List<String> garment = GARMENTS.get(has.attribute());
        List<String> clauses = CLAUSES.get(has.value());
        if (has.attribute().equals("character")) {
            return; // the noun "letter A" says it already
        } else if (garment != null) {
            phrase.after(dressed(diction.word(garment), diction.word(Lexicon.values(has.value())), that));
        } else if (clauses != null) {
            String words = diction.word(clauses);
            boolean state = has.attribute().matches("facing|pose|side");
            phrase.after(state && diction.once(4) ? Clause.is(that, words) : Clause.of(words));
        } else {
            plain(phrase, has, that);
        }
    }

    private static Clause dressed(List<String> forms, Diction diction) {
        return Clause.of(diction.form(forms));
    }

    private Clause dressed(String garment, String colour, String that) {
        boolean many = garment.endsWith("s");
        String what = colour + " " + garment;
        String some = many ? what : Nouns.article(what) + " " + what;
        if (diction.once(8)) {
            return new Clause(that + " wears " + some, that + " wear " + (many ? what : Nouns.plural(what)));
        }
        List<String> forms =
                new ArrayList<>(List.of("in the " + what, "in " + some, "wearing " + some, "with " + some));
        forms.addAll(List.of("with the " + what, "dressed in " + some));
        return dressed(forms, diction);
    }

    private void plain(Phrase phrase, Has has, String that) {
        String value = diction.word(Lexicon.values(has.value()));
        boolean colour = has.attribute().equals("colour");
        if (diction.once(6)) {
            phrase.after(Clause.is(that, diction.once(8) && colour ? value + " in colour" : value));
        } else if (colour && diction.once(16)) {
            phrase.after(Clause.of("in " + value));
        } else if (colour && diction.once(30)) {
            phrase.nearer(value + (diction.once(2) ? "-coloured" : " colored"));
        } else {
            phrase.nearer(value);
        }
    }

    /** Adds that an attribute does not hold. */
    void deny(Phrase phrase, Has has, String that) {
        List<String> garment = GARMENTS.get(has.attribute());
        List<String> clauses = CLAUSES.get(has.value());
        if (garment != null) {
            String what = diction.word(Lexicon.values(has.value())) + " " + diction.word(garment);
            String some = garment.get(0).endsWith("s") ? what : Nouns.article(what) + " " + what;
            phrase.after(Clause.of(diction.form(
                    List.of("not wearing " + some, "without " + some, "not in " + some, "with no " + what))));
        } else if (clauses == null) {
            value(phrase, has, that);
        } else {
            clause(phrase, has, diction.word(clauses), that);
        }
    }

    private void value(Phrase phrase, Has has, String that) {
        String value = diction.word(Lexicon.values(has.value()));
        boolean colour = has.attribute().equals("colour");
        switch (diction.form(List.of(0, 1, 2, 3, 4, 5))) {
            case 1 -> phrase.after(Clause.isNot(that, true, value));
            case 2 -> phrase.after(Clause.of("not " + value));
            case 3 -> phrase.nearer("non-" + value);
            case 4 -> phrase.after(Clause.of(colour ? "in a colour other than " + value : "other than " + value));
            case 5 -> phrase.after(Clause.of(colour ? "of another color than " + value : "not " + value));
            default -> phrase.after(Clause.isNot(that, false, value));
        }
    }

    private void clause(Phrase phrase, Has has, String words, String that) {
        String opposite = switch (has.value()) {
            case "a hat" -> diction.form(List.of("without a hat", "not wearing a hat", "with no hat", "not in a hat"));
            case "glasses" -> diction.form(List.of("without glasses", "not wearing glasses", "with no glasses"));
            default -> "";
        };
        if (!opposite.isEmpty()) {
            phrase.after(
                    diction.once(4) && opposite.startsWith("not ")
                            ? Clause.isNot(that, diction.once(2), opposite.substring(4))
                            : Clause.of(opposite));
        } else {
            phrase.after(diction.once(3) ? Clause.of("not " + words) : Clause.isNot(that, diction.once(2), words));
        }
    }
}
