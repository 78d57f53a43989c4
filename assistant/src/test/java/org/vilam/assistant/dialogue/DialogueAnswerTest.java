package org.vilam.assistant.dialogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.vilam.assistant.Assistant;
import org.vilam.assistant.Dialogue;
import org.vilam.assistant.Options;
import org.vilam.assistant.Picture;
import org.vilam.assistant.Progress;
import org.vilam.assistant.Region;
import org.vilam.assistant.Request;
import org.vilam.assistant.dialogue.SceneGrounder.Thing;
import org.vilam.assistant.vilam.Teller;
import org.vilam.grounding.answer.Grounder.Ability;
import org.vilam.grounding.result.FoundObject;
import org.vilam.grounding.result.GroundingResult;
import org.vilam.grounding.result.GroundingResult.Phrase;
import org.vilam.grounding.result.GroundingResult.Status;
import org.vilam.grounding.result.GroundingResult.TaskSource;
import org.vilam.grounding.result.GroundingResult.Warning;
import org.vilam.prompts.Task;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.geometry.Mask;
import org.vilam.vision.geometry.Point;
import org.vilam.vision.geometry.Polygons;

@SuppressWarnings("LongDoubleConversion") // areas are small
class DialogueAnswerTest {
    private static final Picture PICTURE = DialogueAssistantTest.picture(300, 200);
    private static final Thing RED = new Thing("red circle", new Box(10, 80, 50, 120), 0.95);
    private static final Thing BLUE = new Thing("blue circle", new Box(200, 80, 260, 140), 0.93);
    private static final Thing STAR = new Thing("yellow star", new Box(100, 10, 140, 50), 0.9);

    private static SceneGrounder scene() {
        return new SceneGrounder(List.of(RED, BLUE, STAR));
    }

    private static Assistant assistant(SceneGrounder scene, @Nullable Teller teller) {
        return Assistant.over(DialogueAssistantTest.INFO, scene, teller);
    }

    private static GroundingResult ask(Request request) {
        SceneGrounder scene = scene();
        return assistant(scene, scene).ask(PICTURE, Dialogue.EMPTY, request, Progress.NONE);
    }

    private static GroundingResult ask(String instruction, Options options) {
        return ask(new Request(instruction, null, List.of(), options));
    }

    private static Request at(String instruction, Region... regions) {
        return new Request(instruction, null, List.of(regions), Options.DEFAULT);
    }

    @Test
    void a_phrase_of_the_answer_stands_for_its_object() {
        GroundingResult result = ask(new Request("Find the star."));
        assertThat(result.phrases()).containsExactly(new Phrase("The star", 0, 8, List.of("o1")));
        assertThat(result.objects()).singleElement().satisfies(o -> {
            assertThat(o.label()).isEqualTo("star");
            assertThat(o.phrase()).isEqualTo("the star");
            assertThat(o.box()).isEqualTo(STAR.box());
            assertThat(o.score()).isEqualTo(0.9);
        });
        assertThat(result.presence()).isEqualTo(0.97);
    }

    @Test
    void every_candidate_of_a_question_is_a_phrase() {
        assertThat(ask(new Request("find the circle")).phrases())
                .extracting(Phrase::text)
                .containsExactly("1 (left, red)", "2 (right, blue)");
    }

    @Test
    void without_a_language_model_candidates_are_told_apart_by_place() {
        GroundingResult result =
                assistant(scene(), null).ask(PICTURE, Dialogue.EMPTY, new Request("find the circle"), Progress.NONE);
        assertThat(result.answer()).isEqualTo("Which circle: 1 (left), 2 (right)?");
    }

    @Test
    void an_outline_is_the_mask_within_the_tolerance() {
        FoundObject exact = ask("segment the blue circle", new Options(10, 0.5, null, 0, null, 0))
                .objects()
                .get(0);
        FoundObject coarse = ask("segment the blue circle", new Options(10, 0.5, null, 3, null, 0))
                .objects()
                .get(0);
        Mask mask = exact.mask() == null ? Mask.empty(1, 1) : exact.mask().toMask();
        assertThat(exact.area()).isEqualTo(mask.area()).isEqualTo(Polygons.area(exact.polygons()));
        assertThat(Mask.ofPolygons(300, 200, coarse.polygons()).iou(mask)).isBetween(0.85, 0.999);
        assertThat(coarse.polygons().get(0).exterior().size())
                .isLessThan(exact.polygons().get(0).exterior().size() / 3);
    }

    @Test
    void an_outline_has_at_most_so_many_corners() {
        Picture large = DialogueAssistantTest.picture(2000, 2000);
        SceneGrounder scene = new SceneGrounder(List.of(new Thing("huge circle", new Box(0, 0, 2000, 2000), 0.9)));
        Options exact = new Options(10, 0.5, null, 0, null, 0);
        GroundingResult result = assistant(scene, null)
                .ask(large, Dialogue.EMPTY, new Request("segment the circle", null, List.of(), exact), Progress.NONE);
        assertThat(result.objects().get(0).polygons().get(0).exterior().size())
                .isLessThanOrEqualTo(ObjectMaker.MOST_CORNERS);
    }

    @Test
    void masks_come_with_boxes_where_they_are_asked_for() {
        assertThat(ask("find the star", new Options(10, 0.5, true, 1, null, 0))
                        .objects()
                        .get(0)
                        .polygons())
                .isNotEmpty();
        assertThat(ask("find the star", Options.DEFAULT).objects().get(0).polygons())
                .isEmpty();
    }

    @Test
    void a_verified_object_is_described_and_found_again() {
        FoundObject object = ask("find the star", new Options(10, 0.5, null, 1, Options.Verify.CYCLE, 0))
                .objects()
                .get(0);
        assertThat(object.cycle()).isEqualTo(new FoundObject.Cycle("yellow star", 1, true));
    }

    @Test
    void a_description_that_leads_elsewhere_is_not_consistent() {
        SceneGrounder scene = scene();
        Teller liar = questions -> questions.stream().map(q -> "red circle").toList();
        Request request =
                new Request("find the star", null, List.of(), new Options(10, 0.5, null, 1, Options.Verify.CYCLE, 0));
        FoundObject object = assistant(scene, liar)
                .ask(PICTURE, Dialogue.EMPTY, request, Progress.NONE)
                .objects()
                .get(0);
        assertThat(object.cycle()).isEqualTo(new FoundObject.Cycle("red circle", 0, false));
    }

    @Test
    void more_objects_than_wanted_are_cut_with_a_warning_but_counted() {
        GroundingResult result = ask("how many circles are there?", new Options(1, 0.5, null, 1, null, 0));
        assertThat(result.objects()).hasSize(1);
        assertThat(result.answer()).isEqualTo("There are two circles.");
        assertThat(result.warnings()).extracting(Warning::code).containsExactly("cut");
    }

    @Test
    void objects_below_the_score_wanted_are_left_out() {
        assertThat(ask("find all circles", new Options(10, 0.94, null, 1, null, 0))
                        .objects())
                .extracting(FoundObject::score)
                .containsExactly(0.95);
    }

    @Test
    void what_a_model_cannot_do_is_said_with_what_it_can() {
        SceneGrounder scene = scene();
        scene.without(Ability.MASKS);
        scene.without(Ability.KEYPOINTS);
        scene.without(Ability.SETS);
        Assistant poor = assistant(scene, null);
        assertThat(poor.tasks()).isEqualTo(EnumSet.of(Task.BOX));
        for (String instruction : List.of(
                "segment the star",
                "show the left wrist of the man",
                "find all circles",
                "describe the star",
                "what kind of thing is the star?",
                "describe the picture")) {
            GroundingResult result = poor.ask(PICTURE, Dialogue.EMPTY, new Request(instruction), Progress.NONE);
            assertThat(result.status()).as(instruction).isEqualTo(Status.UNSUPPORTED_TASK);
            assertThat(result.answer()).startsWith("This model cannot ").endsWith("It can find an object.");
        }
    }

    @Test
    void a_grounder_without_presence_is_taken_at_its_score() {
        SceneGrounder scene = scene();
        scene.without(Ability.PRESENCE);
        assertThat(assistant(scene, null)
                        .ask(PICTURE, Dialogue.EMPTY, new Request("find the zebra"), Progress.NONE)
                        .status())
                .isEqualTo(Status.NO_TARGET);
    }

    @Test
    void the_task_of_the_caller_wins() {
        GroundingResult result = ask(new Request("find the star", Task.POLYGON, List.of(), Options.DEFAULT));
        assertThat(result.taskSource()).isEqualTo(TaskSource.REQUESTED);
        assertThat(result.task()).isEqualTo("polygon");
        assertThat(result.objects().get(0).polygons()).isNotEmpty();
        assertThat(ask(new Request("find the star")).taskSource()).isEqualTo(TaskSource.INFERRED);
    }

    @Test
    void capitals_dots_and_spaces_change_no_answer() {
        GroundingResult plain = ask(new Request("find the red circle"));
        GroundingResult loud = ask(new Request("  FIND  THE RED CIRCLE. "));
        assertThat(loud.objects()).isEqualTo(plain.objects());
        assertThat(loud.answer()).isEqualTo(plain.answer());
    }

    @Test
    void the_same_question_has_the_same_answer_and_id_and_another_has_another() {
        GroundingResult once = ask(new Request("find the star"));
        GroundingResult twice = ask(new Request("find the star"));
        assertThat(twice.id()).isEqualTo(once.id());
        assertThat(twice.objects()).isEqualTo(once.objects());
        assertThat(ask(new Request("find the circle")).id()).isNotEqualTo(once.id());
    }

    @Test
    void a_region_outside_the_picture_is_refused_by_name() {
        assertThatThrownBy(() -> ask(at("what is this?", new Region.Box(new Box(400, 400, 500, 500)))))
                .isInstanceOf(VilamException.class)
                .hasMessageStartingWith("regions[0].box: ");
        assertThatThrownBy(() ->
                        ask(at("what is this?", new Region.Spot(new Point(5, 5)), new Region.Spot(new Point(300, 10)))))
                .hasMessageStartingWith("regions[1].point: ");
        assertThatThrownBy(() -> ask(at("what is this?", new Region.Known("o7"))))
                .hasMessageStartingWith("regions[0].object: ");
        assertThatThrownBy(() -> ask(new Request("describe #1"))).isInstanceOfSatisfying(VilamException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
            assertThat(e).hasMessageStartingWith("instruction: it speaks of #1");
        });
    }

    @Test
    void a_region_that_reaches_over_the_edge_is_cut() {
        GroundingResult result = ask(at("what is this?", new Region.Box(new Box(-50, 70, 60, 130))));
        assertThat(result.objects().get(0).box()).isEqualTo(new Box(0, 70, 60, 130));
        assertThat(result.objects().get(0).score()).isNull();
    }

    @Test
    void a_point_where_nothing_is_known_is_a_small_box() {
        GroundingResult result = ask(at("describe this", new Region.Spot(new Point(0, 0))));
        assertThat(result.objects().get(0).box()).isEqualTo(new Box(0, 0, 10, 10));
    }

    @Test
    void silence_of_the_language_model_is_an_error() {
        Teller silent = questions -> questions.stream().map(q -> " . ").toList();
        assertThatThrownBy(() -> assistant(scene(), silent)
                        .ask(PICTURE, Dialogue.EMPTY, new Request("describe the star"), Progress.NONE))
                .isInstanceOfSatisfying(
                        VilamException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.MODEL_OUTPUT_INVALID));
    }

    @Test
    void progress_never_falls_and_ends_at_one() {
        SceneGrounder scene = scene();
        List<Double> fractions = new ArrayList<>();
        assistant(scene, scene)
                .ask(
                        PICTURE,
                        Dialogue.EMPTY,
                        new Request("find the star, segment it, describe it"),
                        (stage, fraction) -> fractions.add(fraction));
        assertThat(fractions).isSorted().startsWith(0.0).endsWith(1.0).hasSizeGreaterThan(3);
    }

    @Test
    void whoever_listens_can_give_it_up() {
        SceneGrounder scene = scene();
        assertThatThrownBy(() -> assistant(scene, scene)
                        .ask(PICTURE, Dialogue.EMPTY, new Request("segment the star"), (stage, fraction) -> {
                            if (stage == Progress.Stage.GROUND) {
                                throw new CancellationException("no longer wanted");
                            }
                        }))
                .isInstanceOf(CancellationException.class);
        assertThat(scene.asked).isEmpty();
    }

    @Test
    void each_expression_is_looked_for_once() {
        SceneGrounder scene = scene();
        assistant(scene, scene)
                .ask(PICTURE, Dialogue.EMPTY, new Request("segment the star and segment the star"), Progress.NONE);
        assertThat(scene.asked).containsExactly("the star");
    }

    @Property(tries = 300)
    void any_dialogue_goes_on(@ForAll("talks") List<String> said) {
        SceneGrounder scene = scene();
        Assistant assistant = assistant(scene, scene);
        Dialogue dialogue = Dialogue.EMPTY;
        for (String words : said) {
            Request request = new Request(words);
            GroundingResult result = assistant.ask(PICTURE, dialogue, request, Progress.NONE);
            assertThat(GroundingResult.fromJson(result.toJson())).isEqualTo(result);
            assertThat(result.answer()).isNotBlank();
            dialogue = dialogue.plus(request, result);
        }
        Set<String> ids = Memory.of(dialogue).known().keySet();
        assertThat(ids.size()).isLessThanOrEqualTo(5);
    }

    @Provide
    Arbitrary<List<String>> talks() {
        return Arbitraries.of(
                        "find the circle",
                        "find all circles",
                        "2",
                        "the left one",
                        "both",
                        "neither",
                        "segment it",
                        "describe them",
                        "the other one",
                        "the one behind it",
                        "and the star?",
                        "again",
                        "now the red one",
                        "how many stars are there?",
                        "the second one",
                        "the next one",
                        "show its left wrist",
                        "it",
                        "them",
                        "is there a zebra?",
                        "find the star and segment it",
                        "what is this?",
                        "the third from the left",
                        "a circle",
                        "the largest object",
                        "segment everything",
                        "keypoints of all of them",
                        "no, the blue one",
                        "what is left of it?",
                        "the rest",
                        "hello",
                        "???",
                        "describe the picture",
                        "the first two",
                        "1 and 2")
                .list()
                .ofMinSize(1)
                .ofMaxSize(7);
    }
}
