package org.vilam.vision.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vilam.vision.checkpoint.TensorSource;
import org.vilam.vision.parity.ParityPack;

/** A LLaMA put together from the blocks agrees with Hugging Face's, forward, cached and backward. */
class LlamaBlocksTest {
    private static final double ATOL = 2e-5;
    private static final double LOGITS_ATOL = 5e-5;
    private static final double RTOL = 1e-4;

    /** Letters: B batch, T tokens, D width, V vocabulary. */
    private static final class Llama {
        final Embedding embedTokens;
        final List<Layer> layers = new ArrayList<>();
        final RmsNorm norm;
        final Linear lmHead;
        final Rotary rotary = new Rotary(16, 256, 10000, Rotary.Pairing.HALVES);

        record Layer(RmsNorm inputNorm, MultiHeadAttention attention, RmsNorm attentionNorm, SwiGlu mlp) {}

        Llama(Parameters p, int keyValueHeads) {
            embedTokens = new Embedding(p.scope("model.embed_tokens"), 320, 64);
            for (int i = 0; i < 3; i++) {
                ParameterScope s = p.scope("model.layers").scope(i);
                layers.add(new Layer(
                        new RmsNorm(s.scope("input_layernorm"), 64, 1e-6),
                        MultiHeadAttention.of(64, 4)
                                .names(AttentionNames.LLAMA)
                                .keyValueHeads(keyValueHeads)
                                .bias(false, false)
                                .build(s.scope("self_attn")),
                        new RmsNorm(s.scope("post_attention_layernorm"), 64, 1e-6),
                        new SwiGlu(s.scope("mlp"), 64, 176)));
            }
            norm = new RmsNorm(p.scope("model.norm"), 64, 1e-6);
            lmHead = new Linear(p.scope("lm_head"), 64, 320, false);
        }

        /** The states (B, T, D) after each layer and after the last norm, then the logits (B, T, V). */
        List<NDArray> forward(NDArray embeds, @Nullable NDArray mask, Rotary.Angles angles, @Nullable KvCache cache) {
            List<NDArray> states = new ArrayList<>();
            NDArray x = embeds;
            for (int i = 0; i < layers.size(); i++) {
                Layer layer = layers.get(i);
                KvCache.Layer cached = cache == null ? null : cache.layer(i);
                x = x.add(layer.attention()
                        .forwardCausal(layer.inputNorm().forward(x), mask, angles, cached, Mode.INFERENCE));
                x = x.add(layer.mlp().forward(layer.attentionNorm().forward(x), Mode.INFERENCE));
                states.add(x);
            }
            NDArray last = norm.forward(x);
            states.add(last);
            states.add(lmHead.forward(last));
            return states;
        }
    }

    private static int keyValueHeads(String pack) {
        return pack.equals("llama-gqa") ? 2 : 4;
    }

    private static Llama llama(Parameters parameters, String pack) {
        Llama llama = new Llama(parameters, keyValueHeads(pack));
        parameters.loadReport().requireExact();
        return llama;
    }

    private static int[][] integers(ParityPack.Tensor tensor) {
        int rows = (int) tensor.shape()[0];
        int columns = (int) tensor.shape()[1];
        int[][] out = new int[rows][columns];
        for (int i = 0; i < rows * columns; i++) {
            out[i / columns][i % columns] = (int) tensor.values()[i];
        }
        return out;
    }

    /** Cumulative sum of the mask less one, and 1 at padding, as generation in Hugging Face does. */
    private static int[][] maskPositions(int[][] mask) {
        int[][] positions = new int[mask.length][mask[0].length];
        for (int row = 0; row < mask.length; row++) {
            int sum = 0;
            for (int t = 0; t < mask[row].length; t++) {
                sum += mask[row][t];
                positions[row][t] = mask[row][t] == 0 ? 1 : sum - 1;
            }
        }
        return positions;
    }

    /** Only rows at real positions are compared; the pack holds zeros elsewhere. */
    private static void assertReal(NDArray actual, ParityPack.Tensor expected, int[][] mask, double atol) {
        double[] values = TensorTesting.doubles(actual);
        int width = values.length / (mask.length * mask[0].length);
        for (int i = 0; i < values.length; i++) {
            int token = i / width;
            if (mask[token / mask[0].length][token % mask[0].length] == 0) {
                values[i] = 0;
            }
        }
        TensorTesting.assertClose(values, expected.values(), atol, RTOL);
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama-gqa", "llama-mha"})
    void each_layer_agrees_with_the_reference_for_both_rules_of_positions(String name) {
        ParityPack pack = ParityPack.open(name);
        try (NDManager manager = NDManager.newBaseManager();
                TensorSource source = TensorSource.open(pack.file("weights.safetensors"));
                Parameters parameters = Parameters.load(manager, source);
                GradientScope scope = GradientScope.noGradient()) {
            Llama llama = llama(parameters, name);
            int[][] mask = integers(pack.io("embeds_attention_mask"));
            NDArray additive = AttentionMasks.padding(manager.create(mask));
            NDArray embeds = manager.create(pack.io("inputs_embeds").floats(), new Shape(2, 17, 64));
            for (String rule : List.of("embeds_default_positions", "embeds_mask_positions")) {
                Rotary.Angles angles = rule.contains("mask")
                        ? llama.rotary.at(manager, maskPositions(mask))
                        : llama.rotary.range(manager, 0, 17);
                List<NDArray> states = llama.forward(embeds, additive, angles, null);
                for (int i = 0; i < 3; i++) {
                    assertReal(states.get(i), pack.io(rule + ".layer" + i), mask, ATOL);
                }
                assertReal(states.get(3), pack.io(rule + ".final_norm"), mask, ATOL);
                assertReal(states.get(4), pack.io(rule + ".logits"), mask, LOGITS_ATOL);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama-gqa", "llama-mha"})
    void cached_decoding_agrees_step_by_step_with_the_reference(String name) {
        ParityPack pack = ParityPack.open(name);
        try (NDManager manager = NDManager.newBaseManager();
                TensorSource source = TensorSource.open(pack.file("weights.safetensors"));
                Parameters parameters = Parameters.load(manager, source);
                KvCache cache = new KvCache(manager, 3, 2, keyValueHeads(name), 24, 16);
                GradientScope scope = GradientScope.noGradient()) {
            Llama llama = llama(parameters, name);
            int[][] mask = integers(pack.io("attention_mask"));
            int[][] positions = maskPositions(mask);
            NDArray x = llama.embedTokens.forward(manager.create(integers(pack.io("input_ids"))));
            double[] expected = pack.io("step_logits_ids").values();
            int[][] tokens = integers(pack.io("step_tokens_ids"));
            for (int step = 0; step < 8; step++) {
                NDArray additive = AttentionMasks.padding(manager.create(mask));
                List<NDArray> states = llama.forward(x, additive, llama.rotary.at(manager, positions), cache);
                NDArray logits = states.get(4).get(":, -1"); // (B, V)
                double[] wanted = Arrays.copyOfRange(expected, step * 640, (step + 1) * 640);
                TensorTesting.assertClose(logits, wanted, LOGITS_ATOL, RTOL);
                NDArray next = logits.argMax(1); // (B)
                assertThat(next.toLongArray()).containsExactly(tokens[step][0], tokens[step][1]);
                x = llama.embedTokens.forward(next.expandDims(1));
                for (int row = 0; row < 2; row++) {
                    int last = positions[row][positions[row].length - 1];
                    positions[row] = new int[] {last + 1};
                    mask[row] = Arrays.copyOf(mask[row], mask[row].length + 1);
                    mask[row][mask[row].length - 1] = 1;
                }
            }
            assertThat(cache.length()).isEqualTo(12 + 7);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama-gqa", "llama-mha"})
    void gradients_of_the_training_loss_agree_with_the_reference(String name) {
        ParityPack pack = ParityPack.open(name);
        List<String> names = List.of(
                "model.embed_tokens.weight",
                "model.layers.1.self_attn.q_proj.weight",
                "model.layers.2.mlp.down_proj.weight");
        try (NDManager manager = NDManager.newBaseManager();
                TensorSource source = TensorSource.open(pack.file("weights.safetensors"));
                Parameters parameters = Parameters.load(manager, source);
                GradientScope scope = GradientScope.recording()) {
            Llama llama = llama(parameters, name);
            parameters.requireGradients(names::contains);
            int[][] mask = integers(pack.io("train_attention_mask"));
            NDArray x = llama.embedTokens.forward(manager.create(integers(pack.io("train_input_ids"))));
            NDArray logits = llama.forward(
                            x, AttentionMasks.padding(manager.create(mask)), llama.rotary.range(manager, 0, 12), null)
                    .get(4); // (B, T, V)
            assertReal(logits, pack.io("train_logits"), mask, LOGITS_ATOL);
            NDArray loss = crossEntropy(manager, logits, integers(pack.io("train_labels")));
            TensorTesting.assertClose(loss, pack.io("train_loss").values(), 2e-5, 1e-5);
            List<NDArray> gradients = Operations.get()
                    .gradients(
                            loss,
                            parameters.trainable().stream()
                                    .map(Parameter::array)
                                    .toList());
            assertThat(parameters.trainable().stream().map(Parameter::name)).containsExactlyElementsOf(names);
            for (int i = 0; i < names.size(); i++) {
                TensorTesting.assertClose(
                        gradients.get(i), pack.io("grad." + names.get(i)).values(), 2e-5, 1e-3);
            }
        }
    }

    /** Mean cross-entropy of the next token over all labels that are not -100. */
    private static NDArray crossEntropy(NDManager manager, NDArray logits, int[][] labels) {
        long vocabulary = logits.getShape().get(2);
        float[] target = new float[(int) logits.size()];
        int counted = 0;
        for (int row = 0; row < labels.length; row++) {
            for (int t = 0; t + 1 < labels[row].length; t++) {
                if (labels[row][t + 1] != -100) {
                    target[(int) ((row * labels[row].length + t) * vocabulary) + labels[row][t + 1]] = 1;
                    counted++;
                }
            }
        }
        NDArray picked = logits.logSoftmax(2).mul(Constants.of(manager, target, logits.getShape()));
        return Constants.scale(picked.sum(), -1.0 / counted);
    }

    @Test
    void the_same_tokens_decoded_in_pieces_give_the_same_states() {
        ParityPack pack = ParityPack.open("llama-gqa");
        try (NDManager manager = NDManager.newBaseManager();
                TensorSource source = TensorSource.open(pack.file("weights.safetensors"));
                Parameters parameters = Parameters.load(manager, source);
                KvCache cache = new KvCache(manager, 3, 2, 2, 17, 16);
                GradientScope scope = GradientScope.noGradient()) {
            Llama llama = llama(parameters, "llama-gqa");
            NDArray embeds = manager.create(pack.io("inputs_embeds").floats(), new Shape(2, 17, 64));
            NDArray whole = llama.forward(embeds, null, llama.rotary.range(manager, 0, 17), null)
                    .get(4);
            int[] pieces = {5, 1, 7, 1, 1, 2};
            int from = 0;
            for (int piece : pieces) {
                NDArray part = embeds.get(":, {}:{}", from, from + piece);
                NDArray logits = llama.forward(part, null, llama.rotary.range(manager, from, piece), cache)
                        .get(4);
                assertThat(TensorTesting.difference(logits, whole.get(":, {}:{}", from, from + piece)))
                        .isLessThan(2e-5);
                from += piece;
            }
            assertThat(cache.length()).isEqualTo(17);
        }
    }
}
