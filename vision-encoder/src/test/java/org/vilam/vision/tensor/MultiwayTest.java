package org.vilam.vision.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;

class MultiwayTest extends BlockTest {
    @Test
    void the_first_tokens_go_to_a_and_the_others_to_b() {
        Multiway<Linear> fc = Multiway.of(parameters.scope("fc"), p -> new Linear(p, 3, 2, true));
        scramble();
        NDArray x = random("x", 2, 5, 3);
        NDArray a = fc.a().forward(x);
        NDArray b = fc.b().forward(x);
        for (int split = 0; split <= 5; split++) {
            NDArray y = fc.forward(x, split, Linear::forward);
            assertThat(y.getShape()).isEqualTo(new Shape(2, 5, 2));
            if (split > 0) {
                assertThat(TensorTesting.difference(y.get(":, :" + split), a.get(":, :" + split)))
                        .isLessThan(1e-6);
            }
            if (split < 5) {
                assertThat(TensorTesting.difference(y.get(":, " + split + ":"), b.get(":, " + split + ":")))
                        .isLessThan(1e-6);
            }
        }
        assertThat(TensorTesting.difference(a, b)).isGreaterThan(0.1);
        assertThat(parameters.arrays().keySet())
                .containsExactly("fc.A.weight", "fc.A.bias", "fc.B.weight", "fc.B.bias");
    }

    @Test
    void gradients_reach_both_experts() {
        Multiway<Linear> fc = Multiway.of(parameters.scope("fc"), p -> new Linear(p, 3, 2, true));
        scramble();
        TensorTesting.checkGradients(
                manager,
                List.of(random("x", 2, 5, 3)),
                parameters.all().stream().map(Parameter::array).toList(),
                x -> fc.forward(x.get(0), 3, Linear::forward));
    }

    @Test
    void a_split_outside_the_tokens_is_refused() {
        Multiway<Linear> fc = Multiway.of(parameters.scope("fc"), p -> new Linear(p, 3, 2, true));
        assertThatThrownBy(() -> fc.forward(random("x", 2, 5, 3), 6, Linear::forward))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> fc.forward(random("x", 2, 5, 3), -1, Linear::forward))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
