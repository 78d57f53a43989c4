package org.vilam.vision.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.vilam.vision.parity.ParityPack;

/** A BEiT-3 put together from the blocks agrees with the official one. */
class Beit3BlocksTest {
    private static final long WIDTH = 64;
    private static final int HEADS = 4;
    private static final double EPS = 1e-5;
    private static final double[] MEAN = {123.675, 116.28, 103.53};
    private static final double[] STD = {58.395, 57.12, 57.375};

    /** Letters: B batch, P patches, S tokens of the image (1 + P), T words, D width. */
    private static final class Beit3 {
        final NDArray clsToken; // (1, 1, D)
        final PatchEmbed patches;
        final Embedding words;
        final PositionTable imagePlaces;
        final PositionTable textPlaces;
        final List<Layer> layers = new ArrayList<>();
        final Multiway<LayerNorm> norm;

        Beit3(Parameters p) {
            ParameterScope vision = p.scope("beit3.vision_embed");
            ParameterScope encoder = p.scope("beit3.encoder");
            vision.get("mask_token", new Shape(1, 1, WIDTH), Initializer.zeros());
            clsToken = vision.get("cls_token", new Shape(1, 1, WIDTH), Initializer.zeros());
            patches = new PatchEmbed(vision.scope("proj"), 3, 16, WIDTH, true);
            words = new Embedding(p.scope("beit3.text_embed"), 1000, WIDTH);
            ParameterScope places = encoder.scope("embed_positions");
            imagePlaces = new PositionTable(places, "A.weight", new Shape(19, WIDTH), Initializer.zeros());
            textPlaces = new PositionTable(places, "B.weight", new Shape(1024, WIDTH), Initializer.zeros());
            for (int i = 0; i < 3; i++) {
                layers.add(new Layer(encoder.scope("layers").scope(i)));
            }
            norm = Multiway.of(encoder.scope("layer_norm"), s -> new LayerNorm(s, WIDTH, EPS));
        }

        /** [CLS, patches] (B, S, D). */
        NDArray embedImage(NDArray images) {
            NDArray patch = patches.forward(images); // (B, P, D)
            NDArray cls = clsToken.broadcast(new Shape(patch.getShape().get(0), 1, WIDTH));
            return imagePlaces.addTo(cls.concat(patch, 1), 2);
        }

        /** (B, T, D), zero at padding. */
        NDArray embedText(NDArray ids, NDArray real) {
            return textPlaces.addTo(words.forward(ids), 2).mul(real.expandDims(2));
        }

        List<NDArray> forward(NDArray embedded, @Nullable NDArray mask, long split) {
            List<NDArray> states = new ArrayList<>();
            NDArray x = embedded;
            for (Layer layer : layers) {
                x = layer.forward(x, mask, split);
                states.add(x);
            }
            states.add(norm.forward(x, split, LayerNorm::forward));
            return states;
        }
    }

    private static final class Layer {
        final Multiway<LayerNorm> attentionNorm;
        final Multiway<Linear> q;
        final Multiway<Linear> k;
        final Multiway<Linear> v;
        final Multiway<LayerNorm> innerNorm;
        final Multiway<Linear> out;
        final Multiway<LayerNorm> finalNorm;
        final Multiway<Mlp> ffn;

        Layer(ParameterScope p) {
            ParameterScope attention = p.scope("self_attn");
            attentionNorm = Multiway.of(p.scope("self_attn_layer_norm"), s -> new LayerNorm(s, WIDTH, EPS));
            q = Multiway.of(attention.scope("q_proj"), s -> new Linear(s, WIDTH, WIDTH, true));
            k = Multiway.of(attention.scope("k_proj"), s -> new Linear(s, WIDTH, WIDTH, true));
            v = Multiway.of(attention.scope("v_proj"), s -> new Linear(s, WIDTH, WIDTH, true));
            innerNorm = Multiway.of(attention.scope("inner_attn_ln"), s -> new LayerNorm(s, WIDTH, EPS));
            out = Multiway.of(attention.scope("out_proj"), s -> new Linear(s, WIDTH, WIDTH, true));
            finalNorm = Multiway.of(p.scope("final_layer_norm"), s -> new LayerNorm(s, WIDTH, EPS));
            ffn = Multiway.of(
                    p.scope("ffn"),
                    s -> new Mlp(
                            s,
                            MlpNames.FC,
                            WIDTH,
                            256,
                            Activation.GELU,
                            OptionalDouble.of(EPS),
                            0,
                            Linear.DEFAULT_WEIGHT));
        }

        NDArray forward(NDArray x, @Nullable NDArray mask, long split) {
            NDArray h = attentionNorm.forward(x, split, LayerNorm::forward);
            NDArray y = MultiHeadAttention.attend(
                    q.forward(h, split, Linear::forward),
                    k.forward(h, split, Linear::forward),
                    v.forward(h, split, Linear::forward),
                    HEADS,
                    mask,
                    Mode.INFERENCE);
            y = innerNorm.forward(y, split, LayerNorm::forward);
            y = x.add(out.forward(y, split, Linear::forward));
            h = finalNorm.forward(y, split, LayerNorm::forward);
            return y.add(ffn.forward(h, split, (expert, tokens) -> expert.forward(tokens, Mode.INFERENCE)));
        }
    }

    private static NDArray normalised(NDManager manager, ParityPack.Tensor image) {
        int images = (int) image.shape()[0];
        int side = (int) image.shape()[1];
        float[] values = new float[images * 3 * side * side];
        for (int i = 0; i < image.values().length; i++) {
            int channel = i % 3;
            int pixel = i / 3 % (side * side);
            int at = (i / 3 / (side * side) * 3 + channel) * side * side + pixel;
            values[at] = (float) ((image.values()[i] - MEAN[channel]) / STD[channel]);
        }
        return manager.create(values, new Shape(images, 3, side, side));
    }

    /** The pack's rule: the gap is at most 5e-5 of the largest number, or of 1. */
    private static void assertAgrees(NDArray actual, ParityPack.Tensor expected) {
        double most = Arrays.stream(expected.values()).map(Math::abs).max().orElse(0);
        TensorTesting.assertClose(actual, expected.values(), 5e-5 * Math.max(1, most), 0);
    }

    @Test
    void image_and_text_together_and_each_alone_agree_with_the_reference() {
        ParityPack pack = ParityPack.open("beit3-tiny");
        try (NDManager manager = NDManager.newBaseManager();
                Parameters parameters = Parameters.load(manager, PackSource.filled(pack));
                GradientScope scope = GradientScope.noGradient()) {
            Beit3 beit3 = new Beit3(parameters);
            parameters.loadReport().requireExact();
            NDArray images = normalised(manager, pack.io("image_u8"));
            float[] padding = pack.io("text_mask").floats();
            float[] keep = new float[padding.length];
            for (int i = 0; i < keep.length; i++) {
                keep[i] = 1 - padding[i];
            }
            NDArray real = manager.create(keep, new Shape(3, 20));
            NDArray ids = manager.create(
                    Arrays.stream(pack.io("text_ids").values())
                            .mapToLong(v -> (long) v)
                            .toArray(),
                    new Shape(3, 20));

            NDArray image = beit3.embedImage(images); // (B, S, D)
            NDArray text = beit3.embedText(ids, real); // (B, T, D)
            NDArray embedded = image.concat(text, 1); // (B, S + T, D)
            assertAgrees(embedded, pack.io("embeddings"));
            NDArray mask = AttentionMasks.padding(manager.ones(new Shape(3, 17)).concat(real, 1));
            List<NDArray> states = beit3.forward(embedded, mask, 17);
            for (int i = 0; i < 3; i++) {
                assertAgrees(states.get(i), pack.io("layer_" + i));
            }
            NDList parts = states.get(3).split(new long[] {1, 17}, 1);
            assertAgrees(parts.get(0).squeeze(1), pack.io("cls_feat"));
            assertAgrees(parts.get(1), pack.io("img_feat"));
            assertAgrees(parts.get(2), pack.io("text_feat"));

            assertAgrees(beit3.forward(image, null, 17).get(3), pack.io("image_only.encoder_out"));
            assertAgrees(beit3.forward(text, AttentionMasks.padding(real), 0).get(3), pack.io("text_only.encoder_out"));
            ParityPack.Tensor probe = pack.io("layer_norm_probe_input");
            assertAgrees(
                    beit3.layers.get(0).attentionNorm.a().forward(manager.create(probe.floats(), new Shape(1, 3, 64))),
                    pack.io("layer_norm_probe"));
        }
    }
}
