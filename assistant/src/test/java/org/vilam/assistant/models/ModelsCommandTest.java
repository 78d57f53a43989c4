package org.vilam.assistant.models;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vilam.assistant.instructblip.InstructBlip;
import org.vilam.vision.checkpoint.ModelFolder;
import org.vilam.vision.checkpoint.TensorSource;
import org.vilam.vision.image.RgbImage;
import org.vilam.vision.parity.ParityPack;
import org.vilam.vision.tensor.WeightType;
import picocli.CommandLine;

/** The command as a person uses it. */
@org.jspecify.annotations.NullUnmarked
final class ModelsCommandTest {
    @TempDir
    private Path folder;

    private record Ran(int exit, String out, String err) {}

    private Ran run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line =
                ModelsCommand.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--models=" + folder.resolve("store"));
        int exit = line.execute(all.toArray(String[]::new));
        return new Ran(exit, out.toString(), err.toString());
    }

    @Test
    void a_published_folder_is_imported_listed_described_verified_and_removed() {
        Path published = PublishedFiles.llama(folder.resolve("tiny"));
        assertThat(run("list").out()).contains("no models in");
        Ran imported = run("import", published.toString(), "--licence", "MIT");
        assertThat(imported.err()).isEmpty();
        assertThat(imported.out())
                .contains(
                        "tiny: llama",
                        "30 loaded, 0 missing, 0 of wrong shape, 0 unexpected",
                        "a forward pass was recorded");
        assertThat(run("list").out()).contains("tiny").contains("llama").doesNotContain("broken");
        assertThat(run("info", "tiny").out()).contains("licence    MIT", "in 30 tensors", "available");
        Ran verified = run("verify");
        assertThat(verified.out()).contains("files", "tensors", "forward  passed");
        assertThat(verified.exit()).isZero();
        assertThat(run("remove", "tiny").out()).contains("tiny is removed");
        assertThat(folder.resolve("store")).isEmptyDirectory();
        Ran gone = run("info", "tiny");
        assertThat(gone.exit()).isEqualTo(1);
        assertThat(gone.err()).contains("there is no model tiny", "hint:");
    }

    @Test
    void a_missing_a_foreign_and_a_misshapen_tensor_are_refused_by_name() throws IOException {
        Path published = PublishedFiles.llama(folder.resolve("tiny"));
        Path file = folder.resolve("changed.safetensors");
        try (TensorSource whole = TensorSource.open(published)) {
            PublishedFiles.part(whole, file, name -> !name.equals("model.norm.weight"), name -> name);
            assertThat(importing(file, published).err()).contains("missing model.norm.weight");
            PublishedFiles.part(whole, file, name -> true, name -> name.replace("layers.2.mlp.up", "layers.2.mlp.upp"));
            assertThat(importing(file, published).err())
                    .contains("missing model.layers.2.mlp.up_proj.weight (perhaps model.layers.2.mlp.upp_proj.weight)")
                    .contains("unexpected model.layers.2.mlp.upp_proj.weight");
            PublishedFiles.part(
                    whole,
                    file,
                    name -> true,
                    name -> name.equals("model.layers.1.mlp.down_proj.weight")
                            ? "model.layers.1.mlp.up_proj.weight"
                            : name.equals("model.layers.1.mlp.up_proj.weight")
                                    ? "model.layers.1.mlp.down_proj.weight"
                                    : name);
            assertThat(importing(file, published).err()).contains("wrong shape model.layers.1.mlp.up_proj.weight");
        }
        assertThat(folder.resolve("store")).isEmptyDirectory();
    }

    private Ran importing(Path file, Path published) {
        Ran ran = run(
                "import",
                file.toString(),
                "--family=llama",
                "--name=changed",
                "--config=" + published.resolve("config.json"),
                "--tokenizer",
                "tokenizer.json=" + published.resolve("tokenizer.model"));
        assertThat(ran.exit()).isEqualTo(1);
        return ran;
    }

    @Test
    void a_changed_file_and_a_changed_weight_are_found() throws IOException {
        Path published = PublishedFiles.llama(folder.resolve("tiny"));
        run("import", published.toString());
        ModelFolder model = new ModelStore(folder.resolve("store")).open("tiny");
        JsonNode config = model.config();
        // Whole and with right sums, but one weight is not what the recorded pass was made with.
        ModelFolder.write(folder.resolve("store/other"), model.provenance(), into -> {
            for (String name : List.of("config.json", "preprocessor.json", "tokenizer.json", "probe.json")) {
                Files.copy(model.path().resolve(name), into.resolve(name));
            }
            byte[] weights = Files.readAllBytes(model.path().resolve("model.safetensors"));
            weights[weights.length - 2] ^= 0x40; // in the exponent of the last number
            Files.write(into.resolve("model.safetensors"), weights);
        });
        Ran other = run("verify", "other");
        assertThat(other.out()).contains("tensors  passed", "forward  failed");
        assertThat(other.exit()).isEqualTo(1);
        Files.writeString(model.path().resolve("config.json"), config.toString());
        Ran changed = run("verify", "tiny");
        assertThat(changed.out()).contains("files    failed").contains("config.json has sha256");
        assertThat(changed.exit()).isEqualTo(1);
    }

    @Test
    void the_three_parts_of_lavis_make_one_model_that_answers_like_the_whole() throws IOException {
        Path published = PublishedFiles.lavis(folder.resolve("parts"));
        Path whole = folder.resolve("whole.safetensors");
        try (TensorSource pack =
                TensorSource.open(ParityPack.open("instructblip-tiny").file("weights-lavis.safetensors"))) {
            PublishedFiles.part(pack, whole, name -> true, name -> name);
        }
        Ran parts = run(
                "import",
                published.resolve("trimmed.safetensors").toString(),
                published.resolve("eva.safetensors").toString(),
                published.resolve("vicuna.safetensors").toString(),
                "--name=parts");
        assertThat(parts.err()).isEmpty();
        assertThat(parts.out()).contains("parts: instructblip", "0 missing");
        Ran one = run(
                "import",
                whole.toString(),
                "--name=one",
                "--config=" + published.resolve("config.json"),
                "--tokenizer=tokenizer.json=" + published.resolve("tokenizer.model"),
                "--tokenizer=qformer_tokenizer/tokenizer.json=" + published.resolve("qformer_tokenizer/vocab.txt"));
        assertThat(one.err()).isEmpty();
        assertThat(run("verify").exit()).isZero();
        assertThat(run("info", "parts").out()).contains("family     instructblip");
        List<InstructBlip.Answer> answers = answers("parts", WeightType.FLOAT32);
        assertThat(answers).isEqualTo(answers("one", WeightType.FLOAT32)).hasSize(2);
        assertThat(answers("parts", WeightType.INT8)).hasSize(2);
        Ran trimmed = run("import", published.resolve("trimmed.safetensors").toString(), "--name=alone");
        assertThat(trimmed.exit()).isEqualTo(1);
        assertThat(trimmed.err()).contains("patch_embedding", "eva_vit_g.pth");
    }

    private List<InstructBlip.Answer> answers(String id, WeightType type) {
        try (NDManager manager = NDManager.newBaseManager();
                InstructBlip model =
                        InstructBlip.open(new ModelStore(folder.resolve("store")).open(id), manager, type)) {
            assertThat(model.promptTokens("ab")).startsWith(2).hasSize(4);
            RgbImage image = image(40, 30);
            List<String> prompts = List.of("Question: where is the dog? Answer:", "what is this");
            List<InstructBlip.Answer> both = model.answer(List.of(image, image), prompts, model.grounding(8));
            List<InstructBlip.Answer> alone = model.answer(List.of(image), prompts.subList(1, 2), model.grounding(8));
            assertThat(both.get(1).text()).isEqualTo(alone.get(0).text());
            return both;
        }
    }

    private static RgbImage image(int width, int height) {
        byte[] pixels = new byte[3 * width * height];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (i * 31);
        }
        return new RgbImage(width, height, pixels);
    }

    @Test
    void families_are_listed_and_an_unknown_one_is_refused() {
        assertThat(run("list", "--families").out()).contains("instructblip", "llama");
        Path published = PublishedFiles.llama(folder.resolve("tiny"));
        Ran ran = run("import", published.toString(), "--family=yolo");
        assertThat(ran.exit()).isEqualTo(1);
        assertThat(ran.err()).contains("yolo", "instructblip");
    }
}
