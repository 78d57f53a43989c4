package org.vilam.vision.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.Test;

class AttentionMasksTest extends BlockTest {
    private static final float NO = AttentionMasks.MASKED;

    @Test
    void padding_is_hidden_whatever_the_type_of_the_mask() {
        NDArray real = manager.create(new int[][] {{1, 1, 0}, {0, 1, 1}});
        for (DataType type : new DataType[] {DataType.INT32, DataType.INT64, DataType.FLOAT32, DataType.BOOLEAN}) {
            NDArray mask = AttentionMasks.padding(real.toType(type, true));
            assertThat(mask.getShape()).isEqualTo(new Shape(2, 1, 1, 3));
            assertThat(mask.toFloatArray()).usingComparatorWithPrecision(0f).containsExactly(0, 0, NO, NO, 0, 0);
        }
    }

    @Test
    void a_causal_mask_shows_what_came_before() {
        assertThat(AttentionMasks.causal(manager, 3, 3).toFloatArray()).containsExactly(0, NO, NO, 0, 0, NO, 0, 0, 0);
        NDArray cached = AttentionMasks.causal(manager, 2, 5);
        assertThat(cached.getShape()).isEqualTo(new Shape(1, 1, 2, 5));
        assertThat(cached.toFloatArray()).containsExactly(0, 0, 0, 0, NO, 0, 0, 0, 0, 0);
    }

    @Test
    void a_prefix_is_seen_by_all_tokens() {
        assertThat(AttentionMasks.prefixCausal(manager, 2, 4, 4).toFloatArray())
                .containsExactly(0, 0, NO, NO, 0, 0, NO, NO, 0, 0, 0, NO, 0, 0, 0, 0);
        assertThat(AttentionMasks.prefixCausal(manager, 3, 3, 3).toFloatArray()).containsOnly(0);
    }

    @Test
    void two_masks_together_hide_what_either_hides_and_stay_finite() {
        NDArray padding = AttentionMasks.padding(manager.create(new int[][] {{0, 1}}));
        NDArray both = AttentionMasks.both(AttentionMasks.causal(manager, 2, 2), padding);
        assertThat(both.getShape()).isEqualTo(new Shape(1, 1, 2, 2));
        assertThat(both.toFloatArray()).containsExactly(NO, NO, NO, 0);
    }

    @Test
    void masks_that_make_no_sense_are_refused() {
        assertMismatch(
                () -> AttentionMasks.padding(manager.create(new int[] {1, 0})), "attention mask", "(2)", "(B, S)");
        assertThatThrownBy(() -> AttentionMasks.causal(manager, 4, 3)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> AttentionMasks.prefixCausal(manager, 4, 3, 3))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
