package org.vilam.vision.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What attention does besides its formula; sizes as in {@link MultiHeadAttentionTest}. */
class MultiHeadAttentionOptionsTest extends BlockTest {
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

    @Test
    void dropout_of_weights_acts_in_training_only_and_keeps_the_mean() {
        MultiHeadAttention attention =
                MultiHeadAttention.of(12, 4).keyValueHeads(2).dropout(0.3).build(parameters.scope("attn"));
        scramble();
        NDArray x = random("x", 2, 5, 12);
        NDArray mask = random("mask", 2, 1, 1, 5);
        NDArray still = attention.forward(x, mask, Mode.INFERENCE);
        double[] masked = TensorTesting.doubles(mask);
        TensorTesting.assertClose(
                still, expected(TensorTesting.doubles(x), 2, (b, h, t, s) -> masked[b * 5 + s]), TOLERANCE, TOLERANCE);
        NDArray sum = still.zerosLike();
        for (int seed = 0; seed < 400; seed++) {
            NDArray y = attention.forward(x, mask, Mode.training(seed));
            sum.addi(y);
            y.close();
        }
        assertThat(TensorTesting.difference(attention.forward(x, mask, Mode.training(0)), still))
                .isGreaterThan(0.02);
        assertThat(TensorTesting.difference(sum.div(400), still)).isLessThan(0.04);
    }

    @ParameterizedTest
    @CsvSource({"joint", "separate"})
    void mixed_precision_is_near_and_not_equal_to_float32(String kind) {
        MultiHeadAttention attention = MultiHeadAttention.of(12, 4)
                .names(kind.equals("joint") ? AttentionNames.TIMM : AttentionNames.SEPARATE)
                .build(parameters.scope("attn"));
        scramble();
        NDArray x = random("x", 2, 5, 12);
        NDArray exact = attention.forward(x, null, Mode.INFERENCE);
        assertThat(TensorTesting.difference(exact, attention.forward(x, null, Mode.INFERENCE.mixed())))
                .isBetween(1e-5, 0.05);
        assertThat(TensorTesting.difference(
                        exact, attention.forward(x, x.duplicate(), x, null, Mode.INFERENCE.mixed())))
                .isBetween(1e-5, 0.05);
    }

    @Test
    void projections_may_be_given_to_add_something_to_them() {
        ParameterScope p = parameters.scope("attn");
        Linear query = new Linear(p.scope("q_proj"), 12, 12, true);
        Linear key = new Linear(p.scope("k_proj"), 12, 12, true);
        Linear value = new Linear(p.scope("v_proj"), 12, 12, true);
        Linear out = new Linear(p.scope("out_proj"), 12, 12, true);
        Linear delta = new Linear(p.scope("delta"), 12, 12, false);
        MultiHeadAttention attention = MultiHeadAttention.of(12, 4)
                .build(p, (x, mode) -> query.forward(x).add(delta.forward(x)), key, value, out);
        scramble();
        NDArray x = random("x", 2, 5, 12);
        double[] in = TensorTesting.doubles(x);
        double[] q = Reference.add(project("attn.q_proj", in, 12), project("attn.delta", in, 12));
        double[] y = Reference.attention(
                q, project("attn.k_proj", in, 12), project("attn.v_proj", in, 12), 2, 4, 4, 3, NONE);
        TensorTesting.assertClose(
                attention.forward(x, null, Mode.INFERENCE), project("attn.out_proj", y, 12), TOLERANCE, TOLERANCE);
    }

    @ParameterizedTest
    @CsvSource({"joint", "separate", "dropout"})
    void gradients_agree_with_finite_differences(String kind) {
        AttentionBuilder builder = MultiHeadAttention.of(8, 2).norm(1e-5);
        MultiHeadAttention attention = switch (kind) {
            case "joint" -> builder.names(AttentionNames.EVA).build(parameters.scope("attn"));
            case "separate" -> builder.keyValueHeads(1).build(parameters.scope("attn"));
            default -> builder.dropout(0.4).build(parameters.scope("attn"));
        };
        scramble();
        NDArray mask = random("mask", 1, 1, 3, 3);
        Rotary.Angles angles = new Rotary(4, 8, 10000, Rotary.Pairing.HALVES).range(manager, 2, 3);
        TensorTesting.checkGradients(
                manager,
                List.of(random("x", 2, 3, 8)),
                parameters.all().stream().map(Parameter::array).toList(),
                x -> attention.forwardCausal(
                        x.get(0), mask, angles, null, kind.equals("dropout") ? Mode.training(5) : Mode.INFERENCE));
    }

    @Test
    void tensors_that_do_not_fit_are_refused_by_name() {
        MultiHeadAttention attention =
                MultiHeadAttention.of(12, 4).keyValueWidth(7).build(parameters.scope("layers.2.cross"));
        NDArray q = random("q", 2, 5, 12);
        NDArray k = random("k", 2, 6, 7);
        assertMismatch(
                () -> attention.forward(random("x", 2, 5, 11), k, k, null, Mode.INFERENCE),
                "layers.2.cross",
                "query",
                "(2, 5, 11)",
                "(B, T, 12)");
        assertMismatch(() -> attention.forward(q, q, k, null, Mode.INFERENCE), "layers.2.cross", "key", "(2, S, 7)");
        assertMismatch(
                () -> attention.forward(q, random("k", 1, 6, 7), k, null, Mode.INFERENCE),
                "key",
                "(1, 6, 7)",
                "(2, S, 7)");
        assertMismatch(() -> attention.forward(q, k, random("v", 2, 5, 7), null, Mode.INFERENCE), "value", "(2, 6, 7)");
        assertMismatch(
                () -> attention.forward(q, k, k, random("m", 2, 1, 1, 5), Mode.INFERENCE), "mask", "(2, 4, 5, 6)");
    }

    @Test
    void a_cache_in_training_is_refused() {
        MultiHeadAttention attention = MultiHeadAttention.of(12, 4).build(parameters.scope("attn"));
        KvCache cache = new KvCache(manager, 1, 2, 4, 8, 3);
        assertThatThrownBy(() ->
                        attention.forwardCausal(random("x", 2, 5, 12), null, null, cache.layer(0), Mode.training(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("attn");
    }

    @Test
    void sizes_that_do_not_divide_are_refused() {
        ParameterScope p = parameters.scope("attn");
        assertThatThrownBy(() -> MultiHeadAttention.of(10, 4).build(p)).hasMessageContaining("10");
        assertThatThrownBy(() -> MultiHeadAttention.of(12, 4).keyValueHeads(3).build(p))
                .hasMessageContaining("3");
        assertThatThrownBy(() -> MultiHeadAttention.of(12, 4)
                        .names(AttentionNames.TORCH)
                        .keyValueWidth(7)
                        .build(p))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(parameters.all()).isEmpty();
    }

    @Test
    void only_the_result_is_left_with_the_caller() {
        MultiHeadAttention attention = MultiHeadAttention.of(12, 4)
                .names(AttentionNames.TORCH)
                .norm(1e-5)
                .dropout(0.1)
                .build(parameters.scope("attn"));
        NDArray x = random("x", 2, 5, 12);
        NDArray mask = AttentionMasks.causal(manager, 5, 5);
        int before = manager.getManagedArrays().size();
        attention.forward(x, mask, Mode.INFERENCE);
        attention.forward(x, mask, Mode.training(1));
        attention.forward(x, x.duplicate(), x, mask, Mode.INFERENCE);
        assertThat(manager.getManagedArrays()).hasSize(before + 4);
    }
}
