package org.vilam.vision.beit3;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vilam.vision.checkpoint.TensorSource;
import org.vilam.vision.parity.FilledWeights;
import org.vilam.vision.parity.FullSizeRecord;
import org.vilam.vision.parity.ParityPack;
import org.vilam.vision.tensor.GradientScope;
import org.vilam.vision.tensor.Mode;
import org.vilam.vision.tensor.Parameters;

/** The encoder against the official classes of SimVG and C3VG, layer by layer. */
final class Beit3ParityTest {
    private static final float[] MEAN = {123.675f, 116.28f, 103.53f};
    private static final float[] STD = {58.395f, 57.12f, 57.375f};

    /** The latter two are loaded from weights of another image size, and of another patch size. */
    @ParameterizedTest
    @ValueSource(strings = {"beit3-tiny", "beit3-tiny-c3vg", "beit3-tiny-interpolated"})
    void image_and_text_together_give_the_reference_at_every_layer(String name) throws Exception {
        ParityPack pack = ParityPack.open(name);
        Beit3Config config = config(pack);
        TensorSource weights = Beit3Interpolation.resized(FilledWeights.of(pack, "weights"), config);
        try (NDManager manager = NDManager.newBaseManager();
                Parameters parameters = Parameters.load(manager, weights)) {
            Beit3Encoder encoder = new Beit3Encoder(parameters.scope("beit3"), config);
            assertThat(parameters.loadReport().missing()).isEmpty();
            assertThat(parameters.loadReport().wrongShapes()).isEmpty();
            assertThat(parameters.loadReport().unexpected()).containsExactly("beit3.vision_embed.mask_token");
            List<String> seen = new ArrayList<>();
            Beit3Encoder.Encoded out = encoder.forward(
                    image(pack, manager),
                    integers(pack, "text_ids", manager),
                    integers(pack, "text_mask", manager),
                    Mode.INFERENCE,
                    (stage, tensor) -> {
                        seen.add(stage);
                        assertClose(pack, stage, tensor);
                    });
            assertThat(seen).containsExactly("embeddings", "layer_0", "layer_1", "layer_2");
            assertClose(pack, "cls_feat", out.cls());
            assertClose(pack, "img_feat", out.patches());
            assertClose(pack, "text_feat", out.text());
        }
    }

    /** At the sizes of SimVG and C3VG, loaded from the shapes of BEiT-3's pre-training; the packs list parts of each layer. */
    @Tag("full-size")
    @ParameterizedTest
    @ValueSource(strings = {"beit3-base-c3vg320", "beit3-base-simvg640"})
    void the_base_encoder_gives_the_reference_at_full_size(String name) throws Exception {
        long start = System.nanoTime();
        ParityPack pack = ParityPack.open(name);
        Beit3Config config = config(pack);
        TensorSource weights = Beit3Interpolation.resized(FilledWeights.of(pack, "weights"), config);
        double[] worst = {0};
        try (NDManager manager = NDManager.newBaseManager();
                GradientScope scope = GradientScope.noGradient();
                Parameters parameters = Parameters.load(manager, weights)) {
            Beit3Encoder encoder = new Beit3Encoder(parameters.scope("beit3"), config);
            assertThat(parameters.loadReport().complete()).isTrue();
            Beit3Encoder.Encoded out = encoder.forward(
                    image(pack, manager),
                    integers(pack, "text_ids", manager),
                    integers(pack, "text_mask", manager),
                    Mode.INFERENCE,
                    (stage, tensor) -> {
                        if (pack.caseJson().get("tensors").has(stage + ".image_part")) {
                            worst[0] = Math.max(worst[0], close(pack, stage + ".image_part", tensor.get(":, :32, :8")));
                            worst[0] = Math.max(worst[0], close(pack, stage + ".text_part", tensor.get(":, -20:, :8")));
                        }
                    });
            worst[0] = Math.max(worst[0], close(pack, "cls_feat", out.cls()));
            for (String part : new String[] {"img_feat", "text_feat"}) {
                NDArray tokens = part.equals("img_feat") ? out.patches() : out.text();
                worst[0] = Math.max(worst[0], close(pack, part + ".first_channels", tokens.get(":, :, :64")));
                worst[0] = Math.max(worst[0], close(pack, part + ".token_l2", tokens.norm(new int[] {2})));
            }
        }
        FullSizeRecord.add(name, start, worst[0]);
    }

    @Test
    void an_image_alone_and_a_text_alone_give_the_reference() throws Exception {
        ParityPack pack = ParityPack.open("beit3-tiny");
        try (NDManager manager = NDManager.newBaseManager();
                Parameters parameters = Parameters.load(manager, FilledWeights.of(pack, "weights"))) {
            Beit3Encoder encoder = new Beit3Encoder(parameters.scope("beit3"), config(pack));
            assertClose(
                    pack,
                    "image_only.encoder_out",
                    encoder.forwardImage(image(pack, manager), Mode.INFERENCE).tokens());
            assertClose(
                    pack,
                    "text_only.encoder_out",
                    encoder.forwardText(
                                    integers(pack, "text_ids", manager),
                                    integers(pack, "text_mask", manager),
                                    Mode.INFERENCE)
                            .tokens());
        }
    }

    private static Beit3Config config(ParityPack pack) throws Exception {
        return new ObjectMapper()
                .configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false)
                .treeToValue(pack.caseJson().get("config"), Beit3Config.class);
    }

    private static NDArray image(ParityPack pack, NDManager manager) {
        ParityPack.Tensor u8 = pack.io("image_u8");
        long[] s = u8.shape();
        int pixels = (int) (s[1] * s[2]);
        float[] out = new float[u8.values().length];
        for (int i = 0; i < out.length; i++) {
            int image = i / (3 * pixels);
            int pixel = i / 3 % pixels;
            int channel = i % 3;
            out[(image * 3 + channel) * pixels + pixel] = ((float) u8.values()[i] - MEAN[channel]) / STD[channel];
        }
        return manager.create(out, new Shape(s[0], 3, s[1], s[2]));
    }

    private static NDArray integers(ParityPack pack, String key, NDManager manager) {
        ParityPack.Tensor t = pack.io(key);
        long[] out = new long[t.values().length];
        for (int i = 0; i < out.length; i++) {
            out[i] = (long) t.values()[i];
        }
        return manager.create(out, new Shape(t.shape()));
    }

    private static void assertClose(ParityPack pack, String key, NDArray actual) {
        assertThat(close(pack, key, actual)).isFinite();
    }

    /** Asserts, and gives the largest difference as a share of the tensor's largest element or of 1. */
    private static double close(ParityPack pack, String key, NDArray actual) {
        ParityPack.Tensor expected = pack.io(key);
        double tolerance = pack.caseJson().get("tolerance").get("tol").asDouble();
        double largest = 1;
        for (double v : expected.values()) {
            largest = Math.max(largest, Math.abs(v));
        }
        assertThat(actual.getShape()).as(key).isEqualTo(new Shape(expected.shape()));
        float[] values = actual.toFloatArray();
        double worst = 0;
        for (int i = 0; i < values.length; i++) {
            worst = Math.max(worst, Math.abs(values[i] - expected.values()[i]));
        }
        assertThat(worst).as(key + ": largest difference").isLessThanOrEqualTo(tolerance * largest);
        return worst / largest;
    }
}
