package org.vilam.web.gallery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vilam.assistant.Assistant;
import org.vilam.assistant.Dialogue;
import org.vilam.assistant.Picture;
import org.vilam.assistant.Progress;
import org.vilam.assistant.Request;
import org.vilam.assistant.library.ModelLibrary;
import org.vilam.grounding.result.FoundObject;
import org.vilam.grounding.result.GroundingResult;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.image.ImageDecoder;

/**
 * What the bundled model answers to everything the gallery suggests, against what is true: whatever was right stays right.
 *
 * <p>{@code gallery-right.txt} lists the questions that are answered rightly. After a better model was bundled it is written anew by
 * {@code ./mvnw -pl web -am test -Dtest=GalleryAnswersTest -Dsurefire.failIfNoSpecifiedTests=false -Dgallery.write=true}.
 */
final class GalleryAnswersTest {
    private static final String LIST = "gallery-right.txt";
    private static final double SAME = 0.5;

    @Test
    void what_the_bundled_model_answered_rightly_it_still_does(@TempDir Path cache) throws IOException {
        Gallery gallery = Gallery.bundled();
        Set<String> right = new TreeSet<>();
        int asked = 0;
        try (ModelLibrary.Loaded model = new ModelLibrary(cache, List.of()).open("mini")) {
            for (Gallery.Item item : gallery.items()) {
                Picture picture = Picture.of(new ImageDecoder().decode(gallery.image(item.id())));
                for (Gallery.Suggestion suggestion : item.suggestions()) {
                    asked++;
                    if (isRight(suggestion, answer(model.assistant(), picture, suggestion))) {
                        right.add(item.id() + ": " + suggestion.instruction());
                    }
                }
            }
        }
        System.out.println(
                "The bundled model answers " + right.size() + " of the gallery's " + asked + " questions rightly.");
        if (Boolean.getBoolean("gallery.write")) {
            Files.writeString(
                    Path.of("src/test/resources/org/vilam/web/gallery").resolve(LIST), String.join("\n", right) + "\n");
        }
        assertThat(right).containsAll(known());
    }

    private static GroundingResult answer(Assistant assistant, Picture picture, Gallery.Suggestion suggestion) {
        GroundingResult result =
                assistant.ask(picture, Dialogue.EMPTY, new Request(suggestion.instruction()), Progress.NONE);
        assertThat(GroundingResult.fromJson(result.toJson())).isEqualTo(result);
        return result;
    }

    /** The status is the true one, and what was found are the places meant, one for one. */
    private static boolean isRight(Gallery.Suggestion suggestion, GroundingResult result) {
        List<FoundObject> found =
                result.status() == GroundingResult.Status.AMBIGUOUS ? result.alternatives() : result.objects();
        List<Box> places = Objects.requireNonNullElse(suggestion.boxes(), List.of());
        if (!result.status().name().toLowerCase(Locale.ROOT).equals(suggestion.status())
                || found.size() != places.size()) {
            return false;
        }
        List<Box> rest = new ArrayList<>(places);
        for (FoundObject object : found) {
            if (!rest.removeIf(place -> place.iou(object.box()) >= SAME)) {
                return false;
            }
        }
        return true;
    }

    private static Set<String> known() throws IOException {
        try (InputStream in = Objects.requireNonNull(GalleryAnswersTest.class.getResourceAsStream(LIST))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank())
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }
}
