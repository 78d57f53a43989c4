package org.vilam.assistant.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.vilam.assistant.text.TinySentencePiece;
import org.vilam.assistant.text.TokenizerFile;
import org.vilam.vision.checkpoint.DType;
import org.vilam.vision.checkpoint.ModelFolder;
import org.vilam.vision.checkpoint.Provenance;
import org.vilam.vision.checkpoint.ShardedSafetensorsWriter;
import org.vilam.vision.checkpoint.TensorInfo;
import org.vilam.vision.checkpoint.TokenizerKind;
import org.vilam.vision.error.VilamException;
import org.vilam.vision.tensor.WeightType;

/**
 * Models of random bfloat16 weights in shards, opened in each weight type. The one of seven billion weights, with 13.5 GB on the
 * disk, runs by hand and prints load time, tokens per second and peak memory:
 *
 * <pre>./mvnw -pl assistant -am test -Dtest=LargeLanguageModelTest -Dgroups=full-size -Dexcluded.groups= \
 *     -Dsurefire.failIfNoSpecifiedTests=false -Dlarge.folder=/a/folder/with/14/GB</pre>
 */
final class LargeLanguageModelTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final LlamaConfig SMALL = new LlamaConfig(100, 64, 176, 3, 4, 4, 128, 1e-6, null, false);
    private static final LlamaConfig SEVEN_BILLION =
            new LlamaConfig(32000, 4096, 11008, 32, 32, 32, 2048, 1e-6, null, false);

    @TempDir
    private Path folder = Path.of("");

    @ParameterizedTest
    @EnumSource
    void a_small_model_in_shards_opens_and_generates_in_each_weight_type(WeightType type) {
        ModelFolder model = write(folder.resolve("small"), SMALL, 100_000);
        assertThat(model.path().resolve("model-00003-of-00004.safetensors")).exists();
        String figures = generate(model, type, 8);
        assertThat(figures).contains("8 tokens");
    }

    @ParameterizedTest
    @EnumSource(names = {"BFLOAT16", "INT8"})
    @Tag("full-size")
    void a_model_of_seven_billion_weights_opens_and_generates(WeightType type) {
        Path root = Path.of(System.getProperty("large.folder", folder.toString()));
        Path target = root.resolve("random-7b");
        ModelFolder model = Files.exists(target) ? ModelFolder.open(target) : write(target, SEVEN_BILLION, 4L << 30);
        System.out.println(type + ": " + generate(model, type, 16));
    }

    @Test
    void a_model_that_does_not_fit_is_refused_before_it_is_loaded() {
        assertThat(LanguageModel.preflight(SEVEN_BILLION, 24L << 30).best()).contains(WeightType.BFLOAT16);
        assertThat(LanguageModel.preflight(SEVEN_BILLION, 12L << 30).best()).contains(WeightType.INT8);
        assertThatThrownBy(
                        () -> LanguageModel.preflight(SEVEN_BILLION, 12L << 30).require(WeightType.FLOAT32))
                .isInstanceOf(VilamException.class)
                .hasMessageContaining("fp32")
                .hasMessageContaining("12.0 GiB available");
    }

    private static String generate(ModelFolder folder, WeightType type, int tokens) {
        long begun = System.nanoTime();
        try (NDManager manager = NDManager.newBaseManager();
                LanguageModel model = LanguageModel.open(folder, manager, type)) {
            double loaded = (System.nanoTime() - begun) / 1e9;
            // The ending token may not come early: speed is of the full length.
            Generation generation = new Generation(tokens, tokens, 1, 0, 1, 1, 1, false, model.end(), 0);
            begun = System.nanoTime();
            String text = model.complete("abc", generation);
            double seconds = (System.nanoTime() - begun) / 1e9;
            assertThat(text).isNotNull();
            return String.format(
                    Locale.ROOT,
                    "loaded in %.1f s, %d tokens at %.2f a second, peak memory %s",
                    loaded,
                    tokens,
                    tokens / seconds,
                    peakMemory());
        }
    }

    /** The process's peak of resident memory, mapped pages of the weight files included; Linux only. */
    private static String peakMemory() {
        try {
            return Files.readString(Path.of("/proc/self/status"))
                    .lines()
                    .filter(line -> line.startsWith("VmHWM"))
                    .findFirst()
                    .orElse("unknown");
        } catch (IOException e) {
            return "unknown";
        }
    }

    private static ModelFolder write(Path target, LlamaConfig sizes, long shardBytes) {
        ObjectNode config = JSON.valueToTree(sizes);
        config.put("family", LlamaFamily.NAME);
        Provenance provenance = new Provenance(List.of("nothing"), "random weights", 1L, "", Map.of(), "CC0-1.0");
        return ModelFolder.write(target, provenance, into -> {
            Path pieces = into.resolve("tokenizer.model");
            Files.write(pieces, TinySentencePiece.letters("abcdefghijklmnopqrstuvwxyz"));
            Files.write(into.resolve("tokenizer.json"), TokenizerFile.convert(pieces, TokenizerKind.LLAMA));
            Files.writeString(into.resolve("config.json"), config.toString());
            Files.writeString(into.resolve("preprocessor.json"), "{}");
            weights(into, config, shardBytes);
        });
    }

    private static void weights(Path into, ObjectNode config, long shardBytes) {
        List<TensorInfo> infos = new ArrayList<>();
        try (NDManager manager = NDManager.newBaseManager()) {
            new LlamaFamily()
                    .parameters(config, manager)
                    .forEach((name, shape) -> infos.add(new TensorInfo(name, DType.BF16, shape)));
        }
        try (ShardedSafetensorsWriter out = ShardedSafetensorsWriter.create(into, infos, Map.of(), shardBytes)) {
            infos.forEach(info -> out.write(info.name(), random(info)));
            out.finish();
        }
    }

    /** Norms of 1, and numbers of either sign between 1/64 and 1/32. */
    private static ByteBuffer random(TensorInfo info) {
        Shape shape = info.shape();
        ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(info.bytes())).order(ByteOrder.LITTLE_ENDIAN);
        ShortBuffer numbers = bytes.asShortBuffer();
        SplittableRandom random = new SplittableRandom(info.name().hashCode());
        while (numbers.hasRemaining()) {
            int bits = random.nextInt();
            // bfloat16: sign, exponent, seven bits of the mantissa.
            numbers.put((short) (shape.dimension() == 1 ? 0x3F80 : 0x3C80 | (bits & 0x807F)));
        }
        return bytes;
    }
}
