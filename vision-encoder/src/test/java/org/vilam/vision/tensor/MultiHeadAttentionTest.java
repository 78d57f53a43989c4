package org.vilam.vision.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sizes of all cases: batch 2, 5 query tokens, 4 heads of width 3, so width 12. */
class MultiHeadAttentionTest extends BlockTest {
    private static final double TOLERANCE = 1e-5;
    private static final Reference.Mask NONE = (b, h, t, s) -> 0;

    private double[] project(String layer, double[] x, int in) {
        boolean biased = parameters.arrays().containsKey(layer + ".bias");
        return Reference.linear(x, in, weight(layer + ".weight"), biased ? weight(layer + ".bias") : null);
    }

    /** Self-attention with three layers named as Hugging Face's. */
    private double[] expected(double[] x, int groups, Reference.Mask mask) {
        double[] y = Reference.attention(
                project("attn.q_proj", x, 12),
                project("attn.k_proj", x, 12),
                project("attn.v_proj", x, 12),
                2,
                4,
                groups,
                3,
                mask);
        return project("attn.out_proj", y, 12);
    }

    @ParameterizedTest
    @CsvSource({"4, true", "2, true", "1, false", "4, false"})
    void self_attention_agrees_with_its_formula_for_grouped_heads_with_and_without_bias(int groups, boolean bias) {
        MultiHeadAttention attention = MultiHeadAttention.of(12, 4)
                .keyValueHeads(groups)
                .bias(bias, bias)
                .build(parameters.scope("attn"));
        scramble();
        NDArray x = random("x", 2, 5, 12);
        NDArray y = attention.forward(x, null, Mode.INFERENCE);
        assertThat(y.getShape()).isEqualTo(new Shape(2, 5, 12));
        TensorTesting.assertClose(y, expected(TensorTesting.doubles(x), groups, NONE), TOLERANCE, TOLERANCE);
        assertThat(parameters.array("attn.k_proj.weight").getShape()).isEqualTo(new Shape(3L * groups, 12));
        assertThat(parameters.arrays()).hasSize(bias ? 8 : 4);
    }

    @Test
    void an_additive_mask_of_any_broadcast_shape_is_added_to_the_scores() {
        MultiHeadAttention attention = MultiHeadAttention.of(12, 4).build(parameters.scope("attn"));
        scramble();
        NDArray x = random("x", 2, 5, 12);
        double[] in = TensorTesting.doubles(x);
        for (long[] shape : new long[][] {{2, 1, 1, 5}, {1, 1, 5, 5}, {5, 5}, {2, 4, 5, 5}, {4, 1, 1}}) {
            NDArray mask = random("mask", shape).mul(3);
            double[] full = TensorTesting.doubles(mask.broadcast(new Shape(2, 4, 5, 5)));
            Reference.Mask added = (b, h, t, s) -> full[((b * 4 + h) * 5 + t) * 5 + s];
            TensorTesting.assertClose(
                    attention.forward(x, mask, Mode.INFERENCE), expected(in, 4, added), TOLERANCE, TOLERANCE);
        }
    }

    @Test
    void padding_does_not_change_the_result_of_real_tokens() {
        MultiHeadAttention attention = MultiHeadAttention.of(12, 4).build(parameters.scope("attn"));
        scramble();
        NDArray x = random("x", 2, 5, 12);
        NDArray mask = AttentionMasks.padding(manager.create(new int[][] {{1, 1, 1, 0, 0}, {1, 1, 1, 0, 0}}));
        NDArray padded = attention.forward(x, mask, Mode.INFERENCE).get(":, :3");
        NDArray bare = attention.forward(x.get(":, :3"), null, Mode.INFERENCE);
        assertThat(TensorTesting.difference(padded, bare)).isLessThan(1e-6);
    }

    @Test
    void a_row_that_sees_nothing_stays_finite() {
        MultiHeadAttention attention = MultiHeadAttention.of(12, 4).build(parameters.scope("attn"));
        NDArray mask = AttentionMasks.padding(manager.create(new int[][] {{0, 0, 1, 1, 1}, {0, 0, 0, 0, 0}}));
        NDArray y = attention.forwardCausal(random("x", 2, 5, 12), mask, null, null, Mode.INFERENCE);
        assertThat(y.isNaN().any().getBoolean()).isFalse();
        MultiHeadAttention dropping = MultiHeadAttention.of(12, 4).dropout(0.1).build(parameters.scope("attn"));
        NDArray z = dropping.forwardCausal(random("x", 2, 5, 12), mask, null, null, Mode.training(1));
        assertThat(z.isNaN().any().getBoolean()).isFalse();
    }

    @Test
    void cross_attention_takes_keys_and_values_of_another_width_and_length() {
        MultiHeadAttention attention = MultiHeadAttention.of(12, 4)
                .names(AttentionNames.BERT)
                .keyValueWidth(7)
                .build(parameters.scope("crossattention"));
        scramble();
        NDArray query = random("query", 2, 5, 12);
        NDArray image = random("image", 2, 9, 7);
        double[] memory = TensorTesting.doubles(image);
        double[] y = Reference.attention(
                project("crossattention.self.query", TensorTesting.doubles(query), 12),
                project("crossattention.self.key", memory, 7),
                project("crossattention.self.value", memory, 7),
                2,
                4,
                4,
                3,
                NONE);
        NDArray actual = attention.forward(query, image, image, null, Mode.INFERENCE);
        assertThat(actual.getShape()).isEqualTo(new Shape(2, 5, 12));
        TensorTesting.assertClose(actual, project("crossattention.output.dense", y, 12), TOLERANCE, TOLERANCE);
    }

    @Test
    void one_weight_for_queries_keys_and_values_equals_three() {
        MultiHeadAttention joint =
                MultiHeadAttention.of(12, 4).names(AttentionNames.TORCH).build(parameters.scope("self_attn"));
        scramble();
        double[] w = weight("self_attn.in_proj_weight");
        double[] b = weight("self_attn.in_proj_bias");
        NDArray same = random("x", 2, 5, 12);
        NDArray key = random("key", 2, 6, 12);
        NDArray value = random("value", 2, 6, 12);
        for (NDArray[] input : new NDArray[][] {{same, same, same}, {same, key, value}, {same, key, key}}) {
            double[][] projected = new double[3][];
            for (int i = 0; i < 3; i++) {
                projected[i] = Reference.linear(
                        TensorTesting.doubles(input[i]),
                        12,
                        Arrays.copyOfRange(w, i * 144, (i + 1) * 144),
                        Arrays.copyOfRange(b, i * 12, (i + 1) * 12));
            }
            double[] y = Reference.attention(projected[0], projected[1], projected[2], 2, 4, 4, 3, NONE);
            TensorTesting.assertClose(
                    joint.forward(input[0], input[1], input[2], null, Mode.INFERENCE),
                    project("self_attn.out_proj", y, 12),
                    TOLERANCE,
                    TOLERANCE);
        }
    }

    @Test
    void eva_has_biases_for_queries_and_values_but_none_for_keys() {
        MultiHeadAttention eva =
                MultiHeadAttention.of(12, 4).names(AttentionNames.EVA).build(parameters.scope("attn"));
        scramble();
        assertThat(parameters.arrays().keySet())
                .containsExactly("attn.qkv.weight", "attn.q_bias", "attn.v_bias", "attn.proj.weight", "attn.proj.bias");
        double[] w = weight("attn.qkv.weight");
        NDArray x = random("x", 2, 5, 12);
        double[] in = TensorTesting.doubles(x);
        double[] y = Reference.attention(
                Reference.linear(in, 12, Arrays.copyOfRange(w, 0, 144), weight("attn.q_bias")),
                Reference.linear(in, 12, Arrays.copyOfRange(w, 144, 288), null),
                Reference.linear(in, 12, Arrays.copyOfRange(w, 288, 432), weight("attn.v_bias")),
                2,
                4,
                4,
                3,
                NONE);
        double[] expected = project("attn.proj", y, 12);
        TensorTesting.assertClose(eva.forward(x, null, Mode.INFERENCE), expected, TOLERANCE, TOLERANCE);
        NDArray copy = x.duplicate(); // not the same array: the path of different inputs
        TensorTesting.assertClose(eva.forward(x, copy, copy, null, Mode.INFERENCE), expected, TOLERANCE, TOLERANCE);
    }

    @Test
    void the_inner_norm_stands_in_front_of_the_output_projection() {
        MultiHeadAttention attention = MultiHeadAttention.of(12, 4).norm(1e-5).build(parameters.scope("attn"));
        scramble();
        NDArray x = random("x", 2, 5, 12);
        double[] in = TensorTesting.doubles(x);
        double[] y = Reference.attention(
                project("attn.q_proj", in, 12),
                project("attn.k_proj", in, 12),
                project("attn.v_proj", in, 12),
                2,
                4,
                4,
                3,
                NONE);
        y = Reference.layerNorm(y, weight("attn.inner_attn_ln.weight"), weight("attn.inner_attn_ln.bias"), 1e-5);
        TensorTesting.assertClose(
                attention.forward(x, null, Mode.INFERENCE), project("attn.out_proj", y, 12), 5e-5, 5e-5);
    }

    @Test
    void causal_attention_with_rotary_positions_agrees_with_its_formula() {
        MultiHeadAttention attention = MultiHeadAttention.of(8, 2)
                .keyValueHeads(1)
                .headWidth(6)
                .bias(false, false)
                .names(AttentionNames.LLAMA)
                .build(parameters.scope("attn"));
        scramble();
        NDArray x = random("x", 2, 5, 8);
        double[] in = TensorTesting.doubles(x);
        int[][] positions = {{0, 1, 2, 3, 4}, {1, 1, 0, 1, 2}};
        Rotary rotary = new Rotary(6, 16, 10000, Rotary.Pairing.HALVES);
        double[] q = Reference.rotary(project("attn.q_proj", in, 8), positions, 2, 6, false);
        double[] k = Reference.rotary(project("attn.k_proj", in, 8), positions, 1, 6, false);
        double[] y =
                Reference.attention(q, k, project("attn.v_proj", in, 8), 2, 2, 1, 6, (b, h, t, s) -> s > t ? -1e30 : 0);
        TensorTesting.assertClose(
                attention.forwardCausal(x, null, rotary.at(manager, positions), null, Mode.INFERENCE),
                project("attn.o_proj", y, 12),
                TOLERANCE,
                TOLERANCE);
    }

    @Test
    void a_cache_gives_the_same_result_token_by_token() {
        MultiHeadAttention attention =
                MultiHeadAttention.of(12, 4).keyValueHeads(2).build(parameters.scope("attn"));
        scramble();
        Rotary rotary = new Rotary(3 + 1, 16, 10000, Rotary.Pairing.HALVES);
        MultiHeadAttention wide =
                MultiHeadAttention.of(12, 4).keyValueHeads(2).headWidth(4).build(parameters.scope("wide"));
        NDArray x = random("x", 2, 7, 12);
        for (MultiHeadAttention each : List.of(attention, wide)) {
            boolean turned = each == wide;
            int width = turned ? 4 : 3;
            NDArray whole =
                    each.forwardCausal(x, null, turned ? rotary.range(manager, 0, 7) : null, null, Mode.INFERENCE);
            KvCache cache = new KvCache(manager, 1, 2, 2, 7, width);
            int from = 0;
            for (int to : new int[] {3, 4, 6, 7}) {
                NDArray part = each.forwardCausal(
                        x.get(":, {}:{}", from, to),
                        null,
                        turned ? rotary.range(manager, from, to - from) : null,
                        cache.layer(0),
                        Mode.INFERENCE);
                assertThat(TensorTesting.difference(part, whole.get(":, {}:{}", from, to)))
                        .isLessThan(1e-6);
                from = to;
            }
        }
    }

    @Test
    void attention_of_tokens_projected_elsewhere_agrees_with_its_formula() {
        NDArray q = random("q", 2, 5, 12);
        NDArray k = random("k", 2, 6, 12);
        NDArray v = random("v", 2, 6, 12);
        NDArray mask = AttentionMasks.padding(manager.create(new int[][] {{1, 1, 1, 1, 0, 0}, {1, 1, 1, 1, 1, 1}}));
        double[] expected = Reference.attention(
                TensorTesting.doubles(q),
                TensorTesting.doubles(k),
                TensorTesting.doubles(v),
                2,
                4,
                4,
                3,
                (b, h, t, s) -> b == 0 && s > 3 ? -1e30 : 0);
        TensorTesting.assertClose(
                MultiHeadAttention.attend(q, k, v, 4, mask, Mode.INFERENCE), expected, TOLERANCE, TOLERANCE);
        assertMismatch(
                () -> MultiHeadAttention.attend(q, k, random("v", 2, 5, 12), 4, null, Mode.INFERENCE),
                "value",
                "(2, 5, 12)");
        assertMismatch(
                () -> MultiHeadAttention.attend(q, k, v, 4, random("m", 2, 1, 1, 5), Mode.INFERENCE),
                "mask",
                "(2, 4, 5, 6)");
        assertThatThrownBy(() -> MultiHeadAttention.attend(q, k, v, 5, null, Mode.INFERENCE))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
