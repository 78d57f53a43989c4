package org.vilam.vision.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.Shape;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

class MemoryPreflightTest {
    private static final Map<String, Shape> SHAPES =
            Map.of("fc.weight", new Shape(100, 1000), "norm.weight", new Shape(1000));

    private static MemoryPreflight of(long available) {
        return MemoryPreflight.of(SHAPES, name -> name.startsWith("fc"), 7, available);
    }

    @Test
    void bytes_are_counted_by_weight_type() {
        MemoryPreflight preflight = of(1 << 30);
        assertThat(preflight.bytes(WeightType.FLOAT32)).isEqualTo(400_000 + 4000 + 7);
        assertThat(preflight.bytes(WeightType.BFLOAT16)).isEqualTo(200_000 + 4000 + 7 + 800_000);
        assertThat(preflight.bytes(WeightType.INT8)).isEqualTo(100_000 + 400 + 4000 + 7 + 800_000);
    }

    @Test
    void the_type_with_the_most_bits_that_fits_is_best() {
        Map<String, Shape> deep = Map.of(
                "a",
                new Shape(100, 100),
                "b",
                new Shape(100, 100),
                "c",
                new Shape(100, 100),
                "d",
                new Shape(100, 100),
                "e",
                new Shape(100, 100),
                "f",
                new Shape(100, 100));
        assertThat(MemoryPreflight.of(deep, n -> true, 0, 240_000).best()).contains(WeightType.FLOAT32);
        assertThat(MemoryPreflight.of(deep, n -> true, 0, 239_999).best()).contains(WeightType.BFLOAT16);
        assertThat(MemoryPreflight.of(deep, n -> true, 0, 199_999).best()).contains(WeightType.INT8);
        assertThat(MemoryPreflight.of(deep, n -> true, 0, 1000).best()).isEmpty();
    }

    @Test
    void a_type_that_does_not_fit_is_refused_with_all_figures_before_loading() {
        assertThatThrownBy(() -> of(500_000).require(WeightType.BFLOAT16))
                .isInstanceOfSatisfying(VilamException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
                    assertThat(e.hint()).contains("fp32");
                })
                .hasMessageContaining("bf16")
                .hasMessageContaining("available");
    }

    @Test
    void linux_says_what_is_available_in_kibibytes() {
        assertThat(MemoryPreflight.available("MemTotal: 10 kB\nMemAvailable:    5 kB\nX: 1"))
                .isEqualTo(5 << 10);
        assertThat(MemoryPreflight.availableBytes()).isPositive();
    }
}
