package org.vilam.assistant.library;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vilam.assistant.Dialogue;
import org.vilam.assistant.Picture;
import org.vilam.assistant.Progress;
import org.vilam.assistant.Request;
import org.vilam.grounding.result.GroundingResult;
import org.vilam.prompts.Task;
import org.vilam.vision.checkpoint.Provenance;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;
import org.vilam.vision.image.ImageDecoder;

class ModelLibraryTest {
    /** A picture of two by two pixels as a portable pixmap. */
    private static final byte[] PIXMAP = "P6 2 2 255 abcdefghijkl".getBytes(StandardCharsets.US_ASCII);

    private static ModelLibrary library(Path folder) {
        return new ModelLibrary(folder.resolve("cache"), List.of(folder.resolve("models"), folder.resolve("none")));
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName().toString()));
            }
        }
    }

    @Test
    void the_bundled_model_is_there_answers_and_says_what_it_knows(@TempDir Path folder) {
        ModelLibrary library = library(folder);
        ModelLibrary.Entry mini = library.list().models().get(0);
        assertThat(mini.info().id()).isEqualTo("mini");
        assertThat(mini.sizeBytes()).isGreaterThan(1_000_000);
        assertThat(mini.info().knows())
                .contains(mini.folder().provenance().trainedOn().get(0));
        Picture picture = Picture.of(new ImageDecoder().decode(PIXMAP));
        try (ModelLibrary.Loaded loaded = library.open("mini")) {
            assertThat(loaded.assistant().info().device()).isNotEmpty();
            assertThat(loaded.assistant().tasks()).contains(Task.BOX, Task.DESCRIBE);
            GroundingResult result =
                    loaded.assistant().ask(picture, Dialogue.EMPTY, new Request("find the star"), Progress.NONE);
            assertThat(result.model().sha256()).isEqualTo(mini.folder().sha256());
        }
    }

    @Test
    void folders_of_the_user_are_listed_and_those_that_are_no_models_are_told(@TempDir Path folder) throws IOException {
        ModelLibrary library = library(folder);
        Path mini = library.list().models().get(0).folder().path();
        copy(mini, folder.resolve("models/mine"));
        copy(mini, folder.resolve("models/mini"));
        copy(mini, folder.resolve("models/broken"));
        copy(mini, folder.resolve("models/.unfinished"));
        Files.delete(folder.resolve("models/broken/tokenizer.json"));
        ModelLibrary.Listing listing = library.list();
        assertThat(listing.models()).extracting(m -> m.info().id()).containsExactly("mini", "mine");
        assertThat(listing.models().get(0).folder().path()).isEqualTo(folder.resolve("models/mini"));
        assertThat(listing.problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.getMessage()).contains("tokenizer.json is missing"));
        assertThatThrownBy(() -> library.open("broken"))
                .isInstanceOfSatisfying(
                        VilamException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
    }

    @Test
    void what_a_model_knows_is_told_from_its_provenance_alone() {
        Provenance provenance = new Provenance(
                List.of("two drawings", "a photograph"),
                "",
                1L,
                "",
                Map.of(
                        "shapes/seed/rec acc@0.5", 0.397,
                        "people/composition/rec acc@0.5", 0.71,
                        "shapes/seed/rec acc@0.75", 0.33,
                        "shapes/seed/no-target f1", 1.0,
                        "something else", 0.5),
                "Apache-2.0");
        assertThat(Knowledge.words(provenance))
                .isEqualTo("Trained on two drawings; a photograph. Expect little of other kinds of pictures."
                        + " Measured: it finds the one meant: people/composition 71 %, shapes 40 %;"
                        + " sees that there is none (F1): shapes 100 %.");
        assertThat(Knowledge.words(new Provenance(List.of(), "", null, "", Map.of(), "")))
                .isEmpty();
    }

    @Test
    void the_tensor_library_loads_and_the_cpu_agrees_with_itself() {
        assertThat(Compute.library().name()).isEqualTo("PyTorch");
        Compute.Comparison same = Compute.compare(Device.cpu());
        assertThat(same.device()).isEqualTo("cpu");
        assertThat(same.agrees()).isTrue();
        assertThat(Compute.compareGpus()).hasSize(Compute.library().gpus());
    }

    @Test
    void results_that_differ_or_are_no_numbers_do_not_agree() {
        assertThat(Compute.difference(new float[] {1, -4}, new float[] {1, -3})).isEqualTo(0.25);
        assertThat(new Compute.Comparison("cuda:0", Compute.difference(new float[] {1}, new float[] {Float.NaN}), 0)
                        .agrees())
                .isFalse();
    }
}
