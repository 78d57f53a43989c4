package org.vilam.vision.qformer;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.vilam.vision.checkpoint.SafetensorsFile;
import org.vilam.vision.eva.EvaConfig;
import org.vilam.vision.eva.EvaVisionTransformer;
import org.vilam.vision.parity.ParityPack;
import org.vilam.vision.tensor.GradientScope;
import org.vilam.vision.tensor.Initializer;
import org.vilam.vision.tensor.LayerNorm;
import org.vilam.vision.tensor.Linear;
import org.vilam.vision.tensor.Mode;
import org.vilam.vision.tensor.Parameters;

/** EVA and the Q-Former against Hugging Face's InstructBLIP, from pixels to the soft prompt, layer by layer. */
final class QFormerParityTest {
    private final ParityPack pack = ParityPack.open("instructblip-tiny");

    @Test
    void an_image_and_an_instruction_become_the_reference_soft_prompt() throws IOException {
        try (NDManager manager = NDManager.newBaseManager();
                SafetensorsFile file = SafetensorsFile.open(pack.file("weights.safetensors"));
                Parameters p = Parameters.load(manager, file);
                GradientScope scope = GradientScope.noGradient()) {
            EvaVisionTransformer eva =
                    new EvaVisionTransformer(p.scope("vision_model"), config("vision_config", EvaConfig.class));
            QFormer qformer = new QFormer(p.scope("qformer"), config("qformer_config", QFormerConfig.class), 0.1);
            LayerNorm norm = new LayerNorm(p.scope("vision_model.post_layernorm"), 48, 1e-6);
            Linear projection = new Linear(p.scope("language_projection"), 32, 64, true);
            NDArray queries = p.root().get("query_tokens", new Shape(1, 8, 32), Initializer.zeros());
            assertThat(p.loadReport().missing()).isEmpty();
            assertThat(p.loadReport().wrongShapes()).isEmpty();
            assertThat(p.loadReport().unexpected()).allMatch(name -> name.startsWith("language_model."));

            NDArray raw = eva.forward(floats(manager, "pixel_values"), Mode.INFERENCE, (name, x) -> {
                if (name.equals("embeddings") || name.equals("layer0")) {
                    assertClose("vision." + name, x, 0);
                }
            });
            assertClose("vision.before_norm", raw, 0);
            NDArray image = norm.forward(raw);
            assertClose("vision.last_hidden_state", image, 0);
            NDArray text = integers(manager, "qformer_input_ids");
            NDArray mask = integers(manager, "qformer_attention_mask");
            NDArray out = qformer.forward(
                    queries, text, mask, image, Mode.INFERENCE, (name, x) -> assertClose("qformer." + name, x, 8));
            assertClose("qformer.queries", out, 0);
            assertClose("projected", projection.forward(out), 0);
        }
    }

    @Test
    void padding_of_the_instruction_changes_nothing_but_the_instruction_does() throws IOException {
        try (NDManager manager = NDManager.newBaseManager();
                SafetensorsFile file = SafetensorsFile.open(pack.file("weights.safetensors"));
                Parameters p = Parameters.load(manager, file);
                GradientScope scope = GradientScope.noGradient()) {
            QFormer qformer = new QFormer(p.scope("qformer"), config("qformer_config", QFormerConfig.class), 0);
            NDArray queries = p.root().get("query_tokens", new Shape(1, 8, 32), Initializer.zeros());
            NDArray image = manager.randomNormal(new Shape(1, 17, 48));
            NDArray bare = qformer.forward(
                    queries,
                    manager.create(new long[][] {{5, 9, 3}}),
                    manager.create(new long[][] {{1, 1, 1}}),
                    image,
                    Mode.INFERENCE);
            NDArray padded = qformer.forward(
                    queries,
                    manager.create(new long[][] {{5, 9, 3, 0, 0}}),
                    manager.create(new long[][] {{1, 1, 1, 0, 0}}),
                    image,
                    Mode.INFERENCE);
            NDArray other = qformer.forward(
                    queries,
                    manager.create(new long[][] {{9, 5, 3}}),
                    manager.create(new long[][] {{1, 1, 1}}),
                    image,
                    Mode.INFERENCE);
            assertThat(bare.sub(padded).abs().max().getFloat()).isLessThan(1e-5f);
            assertThat(bare.sub(other).abs().max().getFloat()).isGreaterThan(1e-3f);
        }
    }

    private <T> T config(String field, Class<T> type) throws IOException {
        return new ObjectMapper().treeToValue(pack.caseJson().get("config").get(field), type);
    }

    private NDArray floats(NDManager manager, String key) {
        ParityPack.Tensor t = pack.io(key);
        return manager.create(t.floats(), new Shape(t.shape()));
    }

    private NDArray integers(NDManager manager, String key) {
        ParityPack.Tensor t = pack.io(key);
        long[] out = new long[t.values().length];
        for (int i = 0; i < out.length; i++) {
            out[i] = (long) t.values()[i];
        }
        return manager.create(out, new Shape(t.shape()));
    }

    /** Rows of padding are stored as zeros and not compared; {@code queries} rows come before the text, 0 for no text. */
    private void assertClose(String key, NDArray actual, int queries) {
        ParityPack.Tensor expected = pack.io(key);
        assertThat(actual.getShape()).as(key).isEqualTo(new Shape(expected.shape()));
        double[] mask = pack.io("qformer_attention_mask").values();
        float[] values = actual.toFloatArray();
        int width = (int) expected.shape()[2];
        int tokens = (int) expected.shape()[1];
        for (int i = 0; i < values.length; i++) {
            int token = i / width % tokens;
            int row = i / width / tokens;
            boolean padding = queries > 0 && token >= queries && mask[row * (tokens - queries) + token - queries] == 0;
            double e = expected.values()[i];
            if (!padding && Math.abs(values[i] - e) > 5e-5 + 1e-4 * Math.abs(e)) {
                throw new AssertionError(key + " element " + i + ": expected " + e + ", got " + values[i]);
            }
        }
    }
}
