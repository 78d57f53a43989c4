package org.vilam.training.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vilam.training.TinyRuns;
import org.vilam.training.scene.Holdout;
import org.vilam.training.scene.Scene;
import org.vilam.training.scene.SceneWorld;
import org.vilam.vision.geometry.Rle;
import picocli.CommandLine;

class MainTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private static Path folder;

    private static Path run;

    private record Outcome(int code, String out, String err) {}

    private static Outcome execute(Object... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Main.commandLine();
        line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        int code =
                line.execute(List.of(arguments).stream().map(Object::toString).toArray(String[]::new));
        return new Outcome(code, out.toString(), err.toString());
    }

    @BeforeAll
    static void a_run_of_four_steps() throws IOException {
        run = TinyRuns.folder(folder.resolve("run"));
        Outcome outcome = execute("train", TinyRuns.recipe(folder), "--out", run);
        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertThat(outcome.out()).contains(run.resolve("model").toString());
        assertThat(outcome.err())
                .contains("step 4/4  loss ")
                .contains("expressions/s")
                .contains("done in");
    }

    @ParameterizedTest
    @ValueSource(strings = {"train", "export", "evaluate", "predict", "generate"})
    void every_command_explains_itself(String command) {
        Outcome outcome = execute(command, "--help");
        assertThat(outcome.code()).isZero();
        assertThat(outcome.out()).contains("Usage: vilam-train " + command).contains("Example");
        assertThat(execute("--help").out()).contains("  " + command).contains("Exit codes: 0 done, 1 failed, 2");
        assertThat(execute(command, "--version").out()).startsWith("vilam-train ");
    }

    @Test
    void a_command_line_that_is_not_understood_ends_with_two() {
        for (List<String> arguments : List.of(
                List.<String>of(),
                List.of("dance"),
                List.of("train"),
                List.of("evaluate", "x", "--families", "cats"),
                List.of("evaluate", "x", "--splits", "left"),
                List.of("evaluate", "x", "--count", "0"),
                List.of("generate", "--family", "phantoms", "--split", "composition", "-o", "x"),
                List.of("generate", "--family", "shapes", "--count", "many", "-o", "x"),
                List.of("predict", "m", "p.png"),
                List.of("predict", "m", "p.png", "the dog", "--describe", "1,2,3,4"),
                List.of("predict", "m", "p.png", "--describe", "1,2,3"),
                List.of("predict", "m", "p.png", "--describe", "9,9,3,3"))) {
            Outcome outcome = execute(arguments.toArray());
            assertThat(outcome.code()).as(arguments.toString()).isEqualTo(2);
            assertThat(outcome.err())
                    .as(arguments.toString())
                    .contains("Usage: ")
                    .doesNotContain("\tat ");
        }
    }

    @Test
    void what_fails_ends_with_one_and_says_what_to_do() throws IOException {
        Path picture = picture();
        Path model = run.resolve("model");
        Path broken = Files.writeString(folder.resolve("broken.png"), "no picture");
        for (List<Object> arguments : List.<List<Object>>of(
                List.of("train", folder.resolve("none.yaml"), "-o", folder.resolve("x")),
                List.of("export", folder.resolve("nothing"), "-o", folder.resolve("y")),
                List.of("export", run, "-o", model),
                List.of("evaluate", folder.resolve("nothing")),
                List.of("predict", folder.resolve("nothing"), picture, "the dog"),
                List.of("predict", model, folder.resolve("none.png"), "the dog"),
                List.of("predict", model, broken, "the dog"),
                List.of("predict", model, picture, "--describe", "5000,5000,6000,6000"))) {
            Outcome outcome = execute(arguments.toArray());
            assertThat(outcome.code()).as(arguments.toString()).isEqualTo(1);
            assertThat(outcome.err())
                    .as(arguments.toString())
                    .contains("error: ")
                    .contains("hint: ")
                    .doesNotContain("\tat ")
                    .doesNotContain("defect");
        }
    }

    private static Path picture() throws IOException {
        Scene scene = SceneWorld.scene(SceneWorld.families().get(2), Holdout.NONE, 3, 3);
        Path png = folder.resolve("picture.png");
        Overlay.png(Overlay.buffered(scene.image()), png);
        return png;
    }

    @Test
    void an_expression_is_answered_with_places_and_drawn() throws IOException {
        Path overlay = folder.resolve("overlay.png");
        Path picture = picture();
        Outcome outcome =
                execute("predict", run.resolve("model"), picture, "the person", "--keypoints", "--overlay", overlay);
        assertThat(outcome.code()).as(outcome.err()).isZero();
        JsonNode json = JSON.readTree(outcome.out());
        int width = json.at("/image/width").asInt();
        int height = json.at("/image/height").asInt();
        assertThat(json.get("expression").asText()).isEqualTo("the person");
        assertThat(json.get("presence").asDouble()).isBetween(0.0, 1.0);
        assertThat(json.at("/one/box")).hasSize(4);
        assertThat(json.at("/one/box/2").asDouble()).isLessThanOrEqualTo(width);
        assertThat(json.at("/one/keypoints")).hasSize(17);
        assertThat(json.at("/one/keypoints/0/name").asText()).isEqualTo("nose");
        assertThat(json.at("/one/mask/size/0").asInt()).isEqualTo(height);
        Rle mask = Rle.parse(width, height, json.at("/one/mask/counts").asText());
        assertThat(mask.area()).isBetween(0L, (long) width * height);
        assertThat(json.at("/model/sha256").asText()).hasSize(64);
        assertThat(ImageIO.read(overlay.toFile()).getWidth()).isEqualTo(width);
    }

    @Test
    void a_region_is_answered_in_words() throws IOException {
        for (String option : List.of("--describe", "--category")) {
            Outcome outcome = execute("predict", run.resolve("model"), picture(), option, "5,5,60,60");
            assertThat(outcome.code()).as(outcome.err()).isZero();
            JsonNode json = JSON.readTree(outcome.out());
            assertThat(json.get("answer").isTextual()).isTrue();
            assertThat(json.get("instruction").asText()).contains("[");
            assertThat(json.at("/region/3").asDouble()).isEqualTo(60);
        }
    }

    @Test
    void a_run_is_exported_with_the_scores_of_its_evaluation() throws IOException {
        Path exported = folder.resolve("exported");
        Path report = folder.resolve("report.md");
        Outcome evaluated = execute(
                "evaluate",
                run.resolve("model"),
                "--families",
                "shapes",
                "--splits",
                "seed",
                "--count",
                "3",
                "--out",
                report);
        assertThat(evaluated.code()).as(evaluated.err()).isZero();
        assertThat(evaluated.out()).contains("| rec acc@0.5 |").contains("/ 0.97");
        assertThat(Files.readString(report)).isEqualTo(evaluated.out());
        Outcome outcome =
                execute("export", run, "-o", exported, "--scores", folder.resolve("report.json"), "--commit", "c0ffee");
        assertThat(outcome.code()).as(outcome.err()).isZero();
        JsonNode provenance = JSON.readTree(exported.resolve("provenance.json").toFile());
        assertThat(provenance.get("commit").asText()).isEqualTo("c0ffee");
        assertThat(provenance.get("scores").has("shapes/seed/rec acc@0.5")).isTrue();
        assertThat(provenance.get("recipe").asText()).contains("name: \"tiny\"");
        assertThat(provenance.get("seed").asLong()).isEqualTo(1);
    }

    @Test
    void pictures_are_written_with_what_is_true_of_them() throws IOException {
        Path out = folder.resolve("scenes");
        Outcome outcome = execute("generate", "--family", "shapes,people", "--count", "2", "--seed", "9", "-o", out);
        assertThat(outcome.code()).as(outcome.err()).isZero();
        List<String> lines = Files.readAllLines(out.resolve("annotations.jsonl"));
        assertThat(lines).hasSize(4);
        for (int i = 0; i < 4; i++) {
            JsonNode line = JSON.readTree(lines.get(i));
            Scene scene = SceneWorld.scene(SceneWorld.families().get(i < 2 ? 0 : 2), Holdout.TRAIN, 9, i % 2);
            BufferedImage image =
                    ImageIO.read(out.resolve(line.get("image").asText()).toFile());
            assertThat(image.getRGB(3, 5) & 0xFFFFFF)
                    .isEqualTo(scene.image().get(3, 5, 0) << 16
                            | scene.image().get(3, 5, 1) << 8
                            | scene.image().get(3, 5, 2));
            assertThat(line.get("objects")).hasSameSizeAs(scene.objects());
            JsonNode first = line.at("/objects/0");
            Rle mask = Rle.parse(
                    line.get("width").asInt(),
                    line.get("height").asInt(),
                    first.at("/mask/counts").asText());
            assertThat(mask.toMask()).isEqualTo(scene.objects().get(0).mask());
            assertThat(first.at("/box/0").asDouble())
                    .isEqualTo(scene.objects().get(0).box().x1());
            assertThat(line.get("expressions")).isNotEmpty();
            if (!scene.objects().get(0).keypoints().isEmpty()) {
                assertThat(first.get("keypoints")).hasSize(51);
            }
        }
        Outcome again = execute("generate", "--family", "shapes", "--count", "2", "-o", out);
        assertThat(again.code()).isEqualTo(1);
        assertThat(again.err()).contains("is there already").contains("hint: ");
    }

    @Test
    void a_finished_run_given_again_does_nothing() throws IOException {
        byte[] before = Files.readAllBytes(run.resolve("checkpoint.safetensors"));
        Outcome outcome = execute("train", TinyRuns.recipe(folder), "-o", run);
        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertThat(run.resolve("checkpoint.safetensors")).hasBinaryContent(before);
    }

    @Test
    void a_defect_is_shown_with_its_stack() {
        CommandLine line = Main.commandLine();
        StringWriter err = new StringWriter();
        line.setErr(new PrintWriter(err));
        int code = new Failures()
                .handleExecutionException(new IllegalStateException("impossible"), line, line.parseArgs());
        assertThat(code).isEqualTo(1);
        assertThat(err.toString()).contains("defect").contains("impossible").contains("\tat ");
    }
}
