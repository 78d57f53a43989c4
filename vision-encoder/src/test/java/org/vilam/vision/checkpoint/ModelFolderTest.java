package org.vilam.vision.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

class ModelFolderTest {
    private static final Provenance PROVENANCE = new Provenance(
            List.of("shapes"), "recipes/mini.yaml", 7L, "abc123", Map.of("shapes/acc@0.5", 0.9), "Apache-2.0");

    @TempDir
    private Path folder = Path.of("");

    private static void contents(Path into, long maxShardBytes) throws IOException {
        Files.writeString(into.resolve("config.json"), "{\"model_type\":\"mini\",\"hidden_size\":4}");
        Files.writeString(into.resolve("preprocessor.json"), "{\"size\":32}");
        Files.writeString(into.resolve("tokenizer.json"), "{\"model\":{}}");
        List<TensorInfo> tensors =
                List.of(new TensorInfo("a", DType.F32, new Shape(2)), new TensorInfo("b", DType.F32, new Shape(2)));
        try (ShardedSafetensorsWriter writer =
                ShardedSafetensorsWriter.create(into, tensors, Map.of(), maxShardBytes)) {
            writer.write("a", Elements.floats(1, 2));
            writer.write("b", Elements.floats(3, 4));
            writer.finish();
        }
    }

    private ModelFolder written(String name, long maxShardBytes) {
        return ModelFolder.write(folder.resolve(name), PROVENANCE, into -> contents(into, maxShardBytes));
    }

    @ParameterizedTest
    @ValueSource(longs = {8, 1 << 20})
    void a_model_is_written_opened_and_verified(long maxShardBytes) throws IOException {
        ModelFolder model = written("mini", maxShardBytes).verify();
        assertThat(model.id()).isEqualTo("mini");
        assertThat(model.config().get("hidden_size").asInt()).isEqualTo(4);
        assertThat(model.preprocessor().get("size").asInt()).isEqualTo(32);
        assertThat(model.tokenizer()).hasContent("{\"model\":{}}");
        assertThat(model.provenance().scores()).isEqualTo(Map.of("shapes/acc@0.5", 0.9));
        assertThat(model.provenance().seed()).isEqualTo(7L);
        assertThat(model.provenance().sha256()).hasSize(maxShardBytes == 8 ? 6 : 4);
        assertThat(model.sha256()).matches("[0-9a-f]{64}");
        try (TensorSource weights = model.openWeights()) {
            assertThat(Elements.of(weights, "b")).containsExactly(3.0, 4.0);
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(model.path());
        }
    }

    @Test
    void equal_models_have_equal_digests_and_a_recorded_digest_is_that_of_sha256sum() {
        ModelFolder one = written("one", 8);
        ModelFolder two = written("two", 8);
        assertThat(one.sha256()).isEqualTo(two.sha256());
        // printf '{"size":32}' | sha256sum
        assertThat(one.provenance().sha256().get("preprocessor.json"))
                .isEqualTo("6eba27831cd0b20d9b74053ff4dd61928dbb2d983487b2e840ca865640c49c07");
    }

    @ParameterizedTest
    @CsvSource({
        "config.json",
        "preprocessor.json",
        "tokenizer.json",
        "provenance.json",
        "model.safetensors.index.json",
        "model-00002-of-00002.safetensors"
    })
    void a_missing_file_is_named(String name) throws IOException {
        Path path = written("mini", 8).path();
        Files.delete(path.resolve(name));
        // Without its index the folder should hold one weight file.
        String missing = name.endsWith("index.json") ? "model.safetensors" : name;
        assertInvalid(() -> ModelFolder.open(path), missing + " is missing");
    }

    @ParameterizedTest
    @CsvSource({"config.json", "tokenizer.json", "model.safetensors"})
    void a_changed_file_is_named(String name) throws IOException {
        ModelFolder model = written("mini", 1 << 20);
        byte[] bytes = Files.readAllBytes(model.path().resolve(name));
        bytes[bytes.length - 2] ^= 1;
        Files.write(model.path().resolve(name), bytes);
        assertInvalid(model::verify, name + " has sha256 ");
    }

    @Test
    void a_provenance_that_does_not_hold_is_refused_by_field() throws IOException {
        Path path = written("mini", 8).path();
        Path file = path.resolve("provenance.json");
        String json = Files.readString(file);
        for (String[] change : new String[][] {
            {"\"licence\" : \"Apache-2.0\"", "\"licence\" : 3", "licence is no text"},
            {"\"commit\"", "\"revision\"", "commit is missing"},
            {"\"seed\" : 7", "\"seed\" : 7.5", "seed is no whole number"},
            {"0.9", "\"high\"", "scores.shapes/acc@0.5 is no number"},
            {"\"tokenizer.json\"", "\"other.json\"", "no sha256 of tokenizer.json"},
            {"\"sha256\" : {", "\"sha256\" : { \"../x\" : \"0\",", "leaves the folder"},
            {"{", "", "no JSON"},
        }) {
            assertThat(json).contains(change[0]);
            Files.writeString(file, json.replaceFirst(Pattern.quote(change[0]), change[1]));
            assertInvalid(() -> ModelFolder.open(path), change[2]);
        }
        Files.writeString(file, json.replace("\"seed\" : 7", "\"seed\" : null"));
        assertThat(ModelFolder.open(path).provenance().seed()).isNull();
    }

    private static void assertInvalid(Runnable action, String message) {
        assertThatThrownBy(action::run)
                .isInstanceOfSatisfying(
                        VilamException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.MODEL_INVALID))
                .hasMessageContaining(message);
    }

    @Test
    void a_model_that_is_not_complete_does_not_appear() throws IOException {
        Path target = folder.resolve("half");
        assertInvalid(
                () -> ModelFolder.write(target, PROVENANCE, into -> {
                    contents(into, 8);
                    Files.delete(into.resolve("tokenizer.json"));
                }),
                "tokenizer.json is missing");
        assertThatThrownBy(() -> ModelFolder.write(target, PROVENANCE, into -> {
                    contents(into, 8);
                    throw new IOException("disk full");
                }))
                .isInstanceOf(VilamException.class)
                .hasMessageContaining("disk full");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void a_model_that_is_there_is_not_overwritten() {
        written("mini", 8);
        assertThatThrownBy(() -> written("mini", 8))
                .isInstanceOfSatisfying(
                        VilamException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
    }

    /** Lies in the jar beside the bundled model. */
    static final class Anchor {}

    private Path jar(Path model, String changedFile) throws IOException {
        Path jar = folder.resolve("app.jar");
        String anchor = Anchor.class.getName().replace('.', '/') + ".class";
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(out);
                Stream<Path> files = Files.list(model);
                InputStream code = Objects.requireNonNull(Anchor.class.getResourceAsStream("/" + anchor))) {
            entries.putNextEntry(new JarEntry(anchor));
            code.transferTo(entries);
            for (Path file : files.toList()) {
                entries.putNextEntry(new JarEntry("models/mini/" + file.getFileName()));
                entries.write(Files.readAllBytes(file));
                if (file.getFileName().toString().equals(changedFile)) {
                    entries.write(' ');
                }
            }
        }
        return jar;
    }

    private static URLClassLoader loader(Path path) throws IOException {
        return new URLClassLoader(new URL[] {path.toUri().toURL()}, ClassLoader.getPlatformClassLoader());
    }

    @Test
    void a_model_inside_a_jar_is_copied_once_and_a_damaged_copy_is_replaced() throws Exception {
        ModelFolder original = written("mini", 8);
        Path cache = folder.resolve("cache");
        try (URLClassLoader loader = loader(jar(original.path(), ""))) {
            Class<?> anchor = loader.loadClass(Anchor.class.getName());
            ModelFolder first = ModelFolder.bundled(anchor, "/models/mini", cache);
            assertThat(first.id()).isEqualTo("mini");
            assertThat(first.path()).startsWith(cache);
            assertThat(first.sha256()).isEqualTo(original.sha256());
            Path shard = first.path().resolve("model-00001-of-00002.safetensors");
            FileTime copied = Files.getLastModifiedTime(shard);
            assertThat(ModelFolder.bundled(anchor, "/models/mini", cache).path())
                    .isEqualTo(first.path());
            assertThat(Files.getLastModifiedTime(shard)).as("not copied again").isEqualTo(copied);
            Files.write(shard, new byte[] {1});
            ModelFolder.bundled(anchor, "/models/mini", cache).verify();
            assertThat(Files.size(shard)).isGreaterThan(1);
            try (Stream<Path> files =
                    Files.list(Objects.requireNonNull(first.path().getParent()))) {
                assertThat(files).containsExactly(first.path());
            }
        }
    }

    @Test
    void a_jar_whose_model_is_not_as_recorded_is_refused_and_leaves_no_copy() throws Exception {
        ModelFolder original = written("mini", 8);
        Path cache = folder.resolve("cache");
        try (URLClassLoader loader = loader(jar(original.path(), "config.json"))) {
            Class<?> anchor = loader.loadClass(Anchor.class.getName());
            assertInvalid(() -> ModelFolder.bundled(anchor, "/models/mini", cache), "config.json has sha256");
            assertInvalid(() -> ModelFolder.bundled(anchor, "/models/none", cache), "provenance.json is missing");
        }
        try (Stream<Path> files = Files.walk(cache)) {
            assertThat(files.filter(Files::isRegularFile)).isEmpty();
        }
    }

    @Test
    void a_model_on_an_unpacked_class_path_is_opened_where_it_lies() throws Exception {
        Path root = folder.resolve("classes");
        Path model = root.resolve("models");
        Files.createDirectories(model);
        String anchor = Anchor.class.getName().replace('.', '/') + ".class";
        Path code = root.resolve(anchor);
        Files.createDirectories(Objects.requireNonNull(code.getParent()));
        try (InputStream in = Objects.requireNonNull(Anchor.class.getResourceAsStream("/" + anchor))) {
            Files.copy(in, code);
        }
        ModelFolder.write(model.resolve("mini"), PROVENANCE, into -> contents(into, 8));
        Path cache = folder.resolve("cache");
        try (URLClassLoader loader = loader(root)) {
            ModelFolder opened = ModelFolder.bundled(loader.loadClass(Anchor.class.getName()), "/models/mini", cache);
            assertThat(opened.path()).isEqualTo(model.resolve("mini"));
        }
        assertThat(cache).doesNotExist();
    }
}
