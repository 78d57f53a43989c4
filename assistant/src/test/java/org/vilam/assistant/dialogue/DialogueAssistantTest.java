package org.vilam.assistant.dialogue;

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
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.vilam.assistant.Assistant;
import org.vilam.assistant.Dialogue;
import org.vilam.assistant.ModelInfo;
import org.vilam.assistant.Options;
import org.vilam.assistant.Picture;
import org.vilam.assistant.Progress;
import org.vilam.assistant.Region;
import org.vilam.assistant.Request;
import org.vilam.assistant.dialogue.SceneGrounder.Thing;
import org.vilam.grounding.result.FoundObject;
import org.vilam.grounding.result.GroundingResult;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.geometry.Point;
import org.vilam.vision.image.GreyWindow;
import org.vilam.vision.image.ImageFormat;
import org.vilam.vision.image.ImageInfo;
import org.vilam.vision.image.RgbImage;

/** Plays the dialogues of dialogues.txt. */
class DialogueAssistantTest {
    static final ModelInfo INFO =
            new ModelInfo("scene", "test", "Scene", "1", "ab", "cpu", "a few things", List.of(), "Apache-2.0");
    private static final Pattern GIVEN = Pattern.compile("\\((box|point|object) ([^)]*)\\)");

    static Picture picture(int width, int height) {
        ImageInfo info = new ImageInfo(
                ImageFormat.PNG,
                width,
                height,
                width,
                height,
                1,
                8,
                3,
                new GreyWindow(0, 255, GreyWindow.Source.FULL_RANGE),
                null,
                "ab".repeat(32),
                1,
                List.of());
        return new Picture(info.sha256(), new RgbImage(width, height, new byte[3 * width * height]), info);
    }

    private static final class Script {
        final Picture picture;
        final List<Thing> things = new ArrayList<>();

        Script(Picture picture) {
            this.picture = picture;
        }
    }

    @TestFactory
    List<DynamicTest> dialogues() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        Script script = new Script(picture(1, 1));
        List<String> said = new ArrayList<>();
        String name = "";
        for (String line : lines()) {
            if (line.startsWith("scene ")) {
                add(tests, name, script, said);
                String[] sides = line.split(" ", -1);
                script = new Script(picture(Integer.parseInt(sides[1]), Integer.parseInt(sides[2])));
            } else if (line.startsWith("---")) {
                add(tests, name, script, said);
                name = line.substring(3).strip();
            } else if (line.startsWith("> ") || line.startsWith("< ")) {
                said.add(line);
            } else {
                String[] words = line.split(" ", -1);
                int n = words.length;
                double[] box = Stream.of(words)
                        .skip(n - 5)
                        .mapToDouble(Double::parseDouble)
                        .toArray();
                script.things.add(new Thing(
                        String.join(" ", List.of(words).subList(0, n - 5)),
                        new Box(box[0], box[1], box[2], box[3]),
                        box[4]));
            }
        }
        add(tests, name, script, said);
        assertThat(tests).hasSizeGreaterThan(20);
        return tests;
    }

    private static void add(List<DynamicTest> tests, String name, Script script, List<String> said) {
        if (!said.isEmpty()) {
            List<String> lines = List.copyOf(said);
            said.clear();
            tests.add(DynamicTest.dynamicTest(name.isEmpty() ? lines.get(0) : name, () -> play(script, lines)));
        }
    }

    private static void play(Script script, List<String> lines) {
        SceneGrounder scene = new SceneGrounder(script.things);
        Assistant assistant = Assistant.over(INFO, scene, scene);
        Dialogue dialogue = Dialogue.EMPTY;
        List<String> played = new ArrayList<>();
        for (String line : lines) {
            if (line.startsWith("> ")) {
                Request request = request(line.substring(2));
                StringBuilder heard = new StringBuilder();
                GroundingResult result = assistant.ask(script.picture, dialogue, request, listening(heard));
                assertThat(heard).hasToString(result.answer());
                assertThat(GroundingResult.fromJson(result.toJson())).isEqualTo(result);
                dialogue = dialogue.plus(request, result);
                played.add(line);
                played.add(written(result));
            }
        }
        assertThat(String.join("\n", played)).isEqualTo(String.join("\n", lines));
        assertThat(Dialogue.fromJson(dialogue.toJson())).isEqualTo(dialogue);
    }

    private static Progress listening(StringBuilder heard) {
        return new Progress() {
            @Override
            public void at(Stage stage, double fraction) {}

            @Override
            public void said(String piece) {
                heard.append(piece);
            }
        };
    }

    private static Request request(String line) {
        List<Region> regions = new ArrayList<>();
        Matcher given = GIVEN.matcher(line);
        while (given.find()) {
            String what = String.valueOf(given.group(2));
            String[] words = what.split(" ", -1);
            regions.add(
                    switch (String.valueOf(given.group(1))) {
                        case "box" ->
                            new Region.Box(new Box(
                                    Double.parseDouble(words[0]),
                                    Double.parseDouble(words[1]),
                                    Double.parseDouble(words[2]),
                                    Double.parseDouble(words[3])));
                        case "point" ->
                            new Region.Spot(new Point(Double.parseDouble(words[0]), Double.parseDouble(words[1])));
                        default -> new Region.Known(what);
                    });
        }
        return new Request(GIVEN.matcher(line).replaceAll("").strip(), null, regions, Options.DEFAULT);
    }

    private static String written(GroundingResult result) {
        String objects = ids(result.objects());
        String alternatives = ids(result.alternatives());
        return "< " + result.status().name().toLowerCase(Locale.ROOT)
                + (objects.isEmpty() ? "" : " " + objects)
                + " /"
                + (alternatives.isEmpty() ? " : " : " " + alternatives + ": ")
                + result.answer();
    }

    private static String ids(List<FoundObject> objects) {
        return String.join(" ", objects.stream().map(FoundObject::id).toList());
    }

    private static List<String> lines() throws IOException {
        try (InputStream in = DialogueAssistantTest.class.getResourceAsStream("dialogues.txt")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .toList();
        }
    }
}
