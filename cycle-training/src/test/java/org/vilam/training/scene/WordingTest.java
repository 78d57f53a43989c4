package org.vilam.training.scene;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
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
import org.vilam.training.scene.Meaning.Relation;
import org.vilam.training.scene.Meaning.Sized;

/** How meanings are said: one plain way, and many others. */
final class WordingTest {
    private static final Meaning CIRCLE = new Kind("circle");
    private static final Meaning RED = with(CIRCLE, "colour", "red");
    private static final Meaning STAR = new Kind("star");
    private static final Meaning MAN = with(new Kind("man"), "shirt", "red");

    /** One meaning of every kind, with its plain wording. */
    private static Map<Meaning, String> plain() {
        return Map.ofEntries(
                Map.entry(CIRCLE, "the circle"),
                Map.entry(RED, "the red circle"),
                Map.entry(new Sized(true, RED), "the big red circle"),
                Map.entry(new Ranked(Order.LEFTMOST, 1, RED), "the leftmost red circle"),
                Map.entry(new Ranked(Order.TOPMOST, 2, RED), "the second red circle from the top"),
                Map.entry(new Ranked(Order.LARGEST, 2, RED), "the second largest red circle"),
                Map.entry(new Placed(Place.TOP_LEFT, RED), "the red circle in the top left"),
                Map.entry(new Related(Relation.LEFT_OF, RED, STAR), "the red circle left of the star"),
                Map.entry(new Related(Relation.INSIDE, RED, STAR), "the red circle inside the star"),
                Map.entry(new Between(RED, STAR, new Kind("heart")), "the red circle between the star and the heart"),
                Map.entry(new And(List.of(CIRCLE, new Not(new Has("colour", "red")))), "the circle that is not red"),
                Map.entry(MAN, "the man in the red shirt"),
                Map.entry(with(new Kind("woman"), "hat", "no hat"), "the woman without a hat"));
    }

    static Set<Meaning> meanings() {
        return plain().keySet();
    }

    @ParameterizedTest
    @MethodSource("meanings")
    void plain_words_are_always_the_same(Meaning meaning) {
        assertThat(new Wording(Diction.PLAIN, false).definite(meaning, true).text())
                .isEqualTo(plain().get(meaning));
    }

    /** Without requests, typing errors, capitals or full stops. */
    @ParameterizedTest
    @MethodSource("meanings")
    void every_kind_has_forty_wordings_and_more(Meaning meaning) {
        assertThat(distinct(w -> w.definite(meaning, true))).hasSizeGreaterThanOrEqualTo(40);
        assertThat(distinct(w -> w.definite(meaning, true))).contains(plain().get(meaning));
    }

    @Test
    void sets_and_numbers_have_forty_wordings_and_more() {
        Set<String> all = distinct(w -> w.all(RED, 2));
        assertThat(all)
                .hasSizeGreaterThanOrEqualTo(40)
                .contains("all red circles", "every red disc", "both red circles");
        Set<String> three = distinct(w -> w.counted(RED, 3));
        assertThat(three).hasSizeGreaterThanOrEqualTo(40).contains("the three red circles", "all 3 red dots");
        assertThat(three).noneMatch(text -> text.contains("both"));
    }

    @Test
    void several_fit_so_an_ambiguous_phrase_is_definite() {
        assertThat(distinct(w -> w.definite(RED, false))).noneMatch(text -> text.startsWith("a "));
    }

    @Test
    void sides_of_the_picture_are_named_so_beside_sides_of_the_patient() {
        Meaning lung = new Kind("lung");
        Set<String> image = distinctBesidePatient(new Placed(Place.LEFT, lung));
        assertThat(image).allMatch(text -> text.contains("image") || text.contains("picture"));
        Set<String> patient = distinctBesidePatient(with(lung, "side", "patient left"));
        assertThat(patient).allMatch(text -> text.contains("patient"));
        Set<String> second = distinctBesidePatient(new Ranked(Order.TOPMOST, 2, lung));
        assertThat(second).contains("the second lung from the top").noneMatch(text -> text.contains("below of"));
    }

    @Test
    void verbs_and_articles_agree() {
        assertThat(distinct(w -> w.definite(with(new Kind("scissors"), "colour", "red"), true)))
                .contains("the scissors that are red")
                .doesNotContain("the scissors that is red", "a scissors that are red", "a red scissors");
        assertThat(distinct(w -> w.definite(with(new Kind("star"), "colour", "orange"), true)))
                .contains("an orange star")
                .noneMatch(text -> text.startsWith("a orange"));
        assertThat(distinct(w -> w.all(new And(List.of(CIRCLE, new Not(new Has("colour", "red")))), 3)))
                .contains("all circles that are not red", "every circle that is not red");
        assertThat(Nouns.plural("letter A")).isEqualTo("letters A");
        assertThat(Nouns.plural("white blood cell")).isEqualTo("white blood cells");
        assertThat(List.of("person", "nucleus", "bus", "berry", "knife", "box", "key", "potato").stream()
                        .map(Nouns::plural))
                .containsExactly("people", "nuclei", "buses", "berries", "knives", "boxes", "keys", "potatoes");
    }

    private static Set<String> distinct(Function<Wording, Wording.Said> say) {
        Wording wording = new Wording(Diction.varied(new SplittableRandom(5)), false);
        Set<String> out = new HashSet<>();
        for (int i = 0; i < 4000; i++) {
            out.add(say.apply(wording).text());
        }
        return out;
    }

    private static Set<String> distinctBesidePatient(Meaning meaning) {
        Wording wording = new Wording(Diction.varied(new SplittableRandom(6)), true);
        Set<String> out = new HashSet<>();
        for (int i = 0; i < 400; i++) {
            out.add(wording.definite(meaning, true).text());
        }
        return out;
    }

    private static Meaning with(Meaning noun, String attribute, String value) {
        return new And(List.of(noun, new Has(attribute, value)));
    }
}
