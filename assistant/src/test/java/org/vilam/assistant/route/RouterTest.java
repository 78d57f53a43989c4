package org.vilam.assistant.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.vilam.prompts.Instructions;
import org.vilam.prompts.Task;
import org.vilam.vision.geometry.Skeleton;

class RouterTest {
    private static final Router ROUTER = new Router();
    private static final Pattern GIVEN = Pattern.compile("(?:<(?<hint>[a-z]+)> ?)?(?:\\((?<regions>\\d)\\) ?)?(?<text>.*)");

    private record Case(String given, String expected) {
        @Override
        public String toString() {
            return given;
        }
    }

    private static List<Case> cases() throws IOException {
        try (InputStream in = RouterTest.class.getResourceAsStream("instructions.txt")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(line -> line.split("=>", 2))
                    .map(both -> new Case(both[0].strip(), both[1].strip()))
                    .toList();
        }
    }

    private static List<Step> route(String given) {
        Matcher matcher = GIVEN.matcher(given);
        assertThat(matcher.matches()).isTrue();
        String hint = matcher.group("hint");
        String regions = matcher.group("regions");
        return ROUTER.route(
                matcher.group("text"),
                hint == null ? null : Task.valueOf(hint.toUpperCase(Locale.ROOT)),
                regions == null ? 0 : Integer.parseInt(regions));
    }

    private static String written(Step step) {
        String points = step.points().equals(Skeleton.COCO_PERSON.names()) ? "all" : String.join(" ", step.points());
        return (step.task() + " " + step.ask()).toLowerCase(Locale.ROOT)
                + (step.many() ? " many" : "")
                + ": "
                + step.expression()
                + (step.points().isEmpty() ? "" : " [" + points + "]");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void every_instruction_of_the_table_is_read_as_it_says(Case wanted) {
        String read = route(wanted.given()).stream().map(RouterTest::written).collect(Collectors.joining("; "));
        assertThat(read.strip()).isEqualTo(wanted.expected());
    }

    @Test
    void the_table_has_four_hundred_instructions_all_different() throws IOException {
        List<String> given = cases().stream().map(Case::given).toList();
        assertThat(given).hasSizeGreaterThanOrEqualTo(400).doesNotHaveDuplicates();
    }

    @Test
    void every_wording_that_models_are_trained_on_is_read_as_its_own_task() {
        List<String> wrong = new ArrayList<>();
        for (Task task : Task.values()) {
            for (var template : Instructions.of(task)) {
                String noun = task == Task.ALL ? "red circles" : "the red circle";
                String text = template.toString()
                        .replace("{{expression}}", noun)
                        .replace("{{region}}", "#1")
                        .replace("{{points}}", "left wrist and right wrist");
                Step step = ROUTER.route(text, null, text.contains("#1") ? 1 : 0).get(0);
                String about = task == Task.CAPTION ? "" : text.contains("#1") ? "#1" : noun;
                if (step.task() != task || !step.expression().endsWith(about)) {
                    wrong.add(text + " -> " + written(step));
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void confidence_falls_with_every_slip_and_is_least_for_what_is_not_understood() {
        double exact = ROUTER.route("highlight the dog", null, 0).get(0).confidence();
        double slip = ROUTER.route("higlight the dog", null, 0).get(0).confidence();
        double phrase = ROUTER.route("the dog", null, 0).get(0).confidence();
        double guess = ROUTER.route("why is the sky blue?", null, 0).get(0).confidence();
        assertThat(List.of(exact, slip, phrase, guess)).isSortedAccordingTo((a, b) -> Double.compare(b, a));
        assertThat(exact).isEqualTo(1);
        assertThat(guess).isEqualTo(Router.GUESS);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void capitals_a_final_dot_and_spaces_change_nothing(Case wanted) {
        String given = wanted.given();
        int at = given.startsWith("<") || given.startsWith("(") ? given.lastIndexOf(")") + 1 : 0;
        at = Math.max(at, given.startsWith("<") ? given.indexOf('>') + 1 : 0);
        String text = given.substring(at).strip();
        String shouted = given.substring(0, at) + " " + text.toUpperCase(Locale.ROOT).replace(" ", "  ")
                + (text.isEmpty() || text.endsWith("?") ? "" : ".");
        assertThat(route(shouted)).isEqualTo(route(given));
    }

    @Property(tries = 400)
    void any_text_gives_an_answer(@ForAll String text, @ForAll @IntRange(max = 3) int regions) {
        checkSane(ROUTER.route(text, null, regions));
    }

    @Property(tries = 400)
    void any_words_of_the_grammar_in_any_order_give_an_answer(@ForAll("babble") String text) {
        checkSane(ROUTER.route(text, null, 1));
    }

    @Provide
    Arbitrary<String> babble() {
        return Arbitraries.of(
                        "find", "the", "dog", "and", "segment", "it", ",", ".", "then", "of", "left", "wrist", "his", "'s",
                        "how", "many", "are", "there", "is", "what", "#1", "#7", "this", "region", "describe", "all", "both",
                        "cats", "two", "picture", "in", "please", "which", "one", "now", "no", "man's", "eyes", "box", "mask")
                .list()
                .ofMinSize(1)
                .ofMaxSize(25)
                .map(words -> String.join(" ", words));
    }

    private static void checkSane(List<Step> steps) {
        assertThat(steps).isNotEmpty().hasSizeLessThanOrEqualTo(8);
        for (Step step : steps) {
            assertThat(step.confidence()).isBetween(0.0, 1.0);
            assertThat(step.expression()).isEqualTo(step.expression().strip());
            assertThat(step.points().isEmpty() || step.task() == Task.KEYPOINTS).isTrue();
        }
    }

    @Test
    void the_longest_instruction_is_read_in_good_time() {
        String text = "find the dog and segment it, ".repeat(68);
        long start = System.nanoTime();
        checkSane(ROUTER.route(text, null, 0));
        checkSane(ROUTER.route("the dog and the cat ".repeat(100), null, 0));
        checkSane(ROUTER.route("which of the which of the ".repeat(70), null, 0));
        assertThat((System.nanoTime() - start) / 1e9).isLessThan(10);
    }
}
