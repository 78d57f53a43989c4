package org.vilam.vision.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vilam.vision.checkpoint.TensorSource;
import org.vilam.vision.parity.ParityPack;

/** EVA's vision tower and the Q-Former, put together from the blocks, agree with InstructBLIP under either set of names. */
class BlipBlocksTest {
    private static final double ATOL = 5e-5;
    private static final double RTOL = 1e-4;
    private static final long IMAGE = 48;
    private static final long TEXT = 32;
    private static final int QUERIES = 8;

    /** The names that differ between LAVIS and Hugging Face. */
    private record Names(
            String file,
            String patch,
            String cls,
            String positions,
            String blocks,
            String norm1,
            String norm2,
            String attention,
            AttentionNames joint,
            String lastNorm,
            String qformer,
            String textNorm,
            AttentionNames separate,
            String projection) {
        static final Names LAVIS = new Names(
                "weights-lavis.safetensors",
                "visual_encoder.patch_embed.proj",
                "visual_encoder.cls_token",
                "visual_encoder.pos_embed",
                "visual_encoder.blocks",
                "norm1",
                "norm2",
                "attn",
                AttentionNames.EVA,
                "ln_vision",
                "Qformer.bert",
                "LayerNorm",
                AttentionNames.BERT,
                "llm_proj");
        static final Names HUGGING_FACE = new Names(
                "weights.safetensors",
                "vision_model.embeddings.patch_embedding",
                "vision_model.embeddings.class_embedding",
                "vision_model.embeddings.position_embedding",
                "vision_model.encoder.layers",
                "layer_norm1",
                "layer_norm2",
                "self_attn",
                AttentionNames.BLIP,
                "vision_model.post_layernorm",
                "qformer",
                "layernorm",
                AttentionNames.QFORMER,
                "language_projection");
    }

    /** Letters: B batch, P patches, D width. */
    private static final class Vision {
        final NDArray cls; // (1, 1, D)
        final PatchEmbed patches;
        final PositionTable places;
        final List<Block> blocks = new ArrayList<>();

        record Block(LayerNorm norm1, MultiHeadAttention attention, LayerNorm norm2, Mlp mlp) {}

        Vision(Parameters p, Names n) {
            cls = p.root().get(n.cls(), new Shape(1, 1, IMAGE), Initializer.zeros());
            patches = new PatchEmbed(p.scope(n.patch()), 3, 14, IMAGE, true);
            places = new PositionTable(p.root(), n.positions(), new Shape(1, 17, IMAGE), Initializer.zeros());
            for (int i = 0; i < 3; i++) {
                ParameterScope s = p.scope(n.blocks()).scope(i);
                blocks.add(new Block(
                        new LayerNorm(s.scope(n.norm1()), IMAGE, 1e-6),
                        MultiHeadAttention.of(IMAGE, 4).names(n.joint()).build(s.scope(n.attention())),
                        new LayerNorm(s.scope(n.norm2()), IMAGE, 1e-6),
                        new Mlp(s.scope("mlp"), MlpNames.FC, IMAGE, 208, Activation.GELU)));
            }
        }

        /** The embedded tokens (B, 1 + P, D), then the states after each block. */
        List<NDArray> forward(NDArray images) {
            NDArray patch = patches.forward(images); // (B, P, D)
            NDArray first = cls.broadcast(new Shape(patch.getShape().get(0), 1, IMAGE));
            NDArray x = places.addTo(first.concat(patch, 1), 0);
            List<NDArray> states = new ArrayList<>(List.of(x));
            for (Block b : blocks) {
                x = x.add(b.attention().forward(b.norm1().forward(x), null, Mode.INFERENCE));
                x = x.add(b.mlp().forward(b.norm2().forward(x), Mode.INFERENCE));
                states.add(x);
            }
            return states;
        }
    }

    /** Letters: B batch, Q queries, T words, D width. */
    private static final class QFormer {
        final NDArray queries; // (1, Q, D)
        final Embedding words;
        final PositionTable places;
        final LayerNorm norm;
        final List<Layer> layers = new ArrayList<>();

        record Layer(
                MultiHeadAttention attention,
                LayerNorm attentionNorm,
                @Nullable MultiHeadAttention cross,
                @Nullable LayerNorm crossNorm,
                Mlp queryMlp,
                LayerNorm queryNorm,
                Mlp textMlp,
                LayerNorm textNorm) {}

        QFormer(Parameters p, Names n) {
            ParameterScope embeddings = p.scope(n.qformer()).scope("embeddings");
            queries = p.root().get("query_tokens", new Shape(1, QUERIES, TEXT), Initializer.normal(0.02));
            words = new Embedding(embeddings.scope("word_embeddings"), 200, TEXT);
            places = new PositionTable(
                    embeddings, "position_embeddings.weight", new Shape(64, TEXT), Initializer.zeros());
            norm = norm(embeddings.scope(n.textNorm()));
            for (int i = 0; i < 4; i++) {
                ParameterScope s = p.scope(n.qformer()).scope("encoder.layer").scope(i);
                boolean crosses = i % 2 == 0;
                AttentionBuilder cross =
                        MultiHeadAttention.of(TEXT, 4).names(n.separate()).keyValueWidth(IMAGE);
                layers.add(new Layer(
                        MultiHeadAttention.of(TEXT, 4).names(n.separate()).build(s.scope("attention")),
                        norm(s.scope("attention.output.LayerNorm")),
                        crosses ? cross.build(s.scope("crossattention")) : null,
                        crosses ? norm(s.scope("crossattention.output.LayerNorm")) : null,
                        new Mlp(
                                s,
                                new MlpNames("intermediate_query.dense", "output_query.dense", "norm"),
                                TEXT,
                                96,
                                Activation.GELU),
                        norm(s.scope("output_query.LayerNorm")),
                        new Mlp(s, MlpNames.BERT, TEXT, 96, Activation.GELU),
                        norm(s.scope("output.LayerNorm"))));
            }
        }

        static LayerNorm norm(ParameterScope p) {
            return new LayerNorm(p, TEXT, 1e-12);
        }

        /** The embedded [queries, words] (B, Q + T, D), then the states after each layer. */
        List<NDArray> forward(NDArray ids, NDArray real, NDArray image) {
            long batch = ids.getShape().get(0);
            NDArray text = places.addTo(words.forward(ids), 0); // (B, T, D)
            NDArray x = norm.forward(
                    queries.broadcast(new Shape(batch, QUERIES, TEXT)).concat(text, 1)); // (B, Q + T, D)
            NDArray mask = AttentionMasks.padding(
                    ids.getManager().ones(new Shape(batch, QUERIES)).concat(real, 1));
            List<NDArray> states = new ArrayList<>(List.of(x));
            for (Layer layer : layers) {
                x = layer.attentionNorm().forward(x.add(layer.attention().forward(x, mask, Mode.INFERENCE)));
                NDArray q = x.get(":, :" + QUERIES); // (B, Q, D)
                NDArray t = x.get(":, " + QUERIES + ":"); // (B, T, D)
                if (layer.cross() != null && layer.crossNorm() != null) {
                    q = layer.crossNorm().forward(q.add(layer.cross().forward(q, image, image, null, Mode.INFERENCE)));
                }
                q = layer.queryNorm().forward(q.add(layer.queryMlp().forward(q, Mode.INFERENCE)));
                t = layer.textNorm().forward(t.add(layer.textMlp().forward(t, Mode.INFERENCE)));
                x = q.concat(t, 1); // (B, Q + T, D)
                states.add(x);
            }
            return states;
        }
    }

    private static NDArray integers(NDManager manager, ParityPack.Tensor tensor) {
        return manager.create(
                Arrays.stream(tensor.values()).mapToLong(v -> (long) v).toArray(), new Shape(tensor.shape()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"LAVIS", "HUGGING_FACE"})
    void vision_tower_and_q_former_agree_with_the_reference(String family) {
        Names names = family.equals("LAVIS") ? Names.LAVIS : Names.HUGGING_FACE;
        ParityPack pack = ParityPack.open("instructblip-tiny");
        try (NDManager manager = NDManager.newBaseManager();
                TensorSource source = TensorSource.open(pack.file(names.file()));
                Parameters parameters = Parameters.load(manager, source);
                GradientScope scope = GradientScope.noGradient()) {
            Vision vision = new Vision(parameters, names);
            LayerNorm lastNorm = new LayerNorm(parameters.scope(names.lastNorm()), IMAGE, 1e-6);
            QFormer qFormer = new QFormer(parameters, names);
            Linear projection = new Linear(parameters.scope(names.projection()), TEXT, 64, true);
            parameters.loadReport().requireComplete();
            Assertions.assertThat(parameters.loadReport().unexpected())
                    .allMatch(name -> name.contains("language_model")
                            || name.contains("llm_model")
                            || name.endsWith("position_ids"));

            NDArray images = manager.create(pack.io("pixel_values").floats(), new Shape(2, 3, 56, 56));
            List<NDArray> states = vision.forward(images);
            assertAgrees(states.get(0), pack.io("vision.embeddings"));
            assertAgrees(states.get(1), pack.io("vision.layer0"));
            assertAgrees(states.get(3), pack.io("vision.before_norm"));
            NDArray image = lastNorm.forward(states.get(3));
            assertAgrees(image, pack.io("vision.last_hidden_state"));

            NDArray real = integers(manager, pack.io("qformer_attention_mask"));
            NDArray ids = integers(manager, pack.io("qformer_input_ids"));
            states = qFormer.forward(ids, real.toType(DataType.FLOAT32, false), image);
            NDArray shown = manager.ones(new Shape(2, QUERIES))
                    .concat(real.toType(DataType.FLOAT32, false), 1)
                    .expandDims(2); // rows at padding are stored as zeros
            assertAgrees(states.get(0).mul(shown), pack.io("qformer.embeddings"));
            for (int i = 0; i < 4; i++) {
                assertAgrees(states.get(i + 1).mul(shown), pack.io("qformer.layer" + i));
            }
            NDArray queries = states.get(4).get(":, :" + QUERIES);
            assertAgrees(queries, pack.io("qformer.queries"));
            assertAgrees(projection.forward(queries), pack.io("projected"));
        }
    }

    @Test
    void the_epsilon_of_the_last_norm_decides_between_lavis_and_hugging_face() {
        ParityPack pack = ParityPack.open("instructblip-tiny");
        try (NDManager manager = NDManager.newBaseManager();
                TensorSource source = TensorSource.open(pack.file("weights-lavis.safetensors"));
                Parameters parameters = Parameters.load(manager, source);
                GradientScope scope = GradientScope.noGradient()) {
            NDArray before = manager.create(pack.io("vision.before_norm").floats(), new Shape(2, 17, IMAGE));
            NDArray lavis = new LayerNorm(parameters.scope("ln_vision"), IMAGE, 1e-5).forward(before);
            assertAgrees(lavis, pack.tensor("io-eps1e-5.safetensors", "vision.last_hidden_state"));
        }
    }

    private static void assertAgrees(NDArray actual, ParityPack.Tensor expected) {
        TensorTesting.assertClose(actual, expected.values(), ATOL, RTOL);
    }
}
