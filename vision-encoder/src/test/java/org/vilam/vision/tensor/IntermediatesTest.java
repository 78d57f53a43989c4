package org.vilam.vision.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class IntermediatesTest extends BlockTest {
    private boolean open(NDArray array) {
        return manager.getManagedArrays().stream().anyMatch(other -> other == array);
    }

    @Test
    void what_a_computation_made_is_freed_except_its_result() {
        NDArray x = random("x", 3);
        List<NDArray> made = new ArrayList<>();
        NDArray y = Intermediates.freeing(() -> {
            made.add(x.add(1));
            made.add(made.get(0).mul(2));
            return made.get(1);
        });
        assertThat(open(x)).isTrue();
        assertThat(open(made.get(0))).isFalse();
        assertThat(open(y)).isTrue();
        TensorTesting.assertClose(y, TensorTesting.doubles(x.add(1).mul(2)), 0, 0);
    }

    @Test
    void the_result_of_an_inner_computation_is_freed_by_the_outer_one() {
        NDArray x = random("x", 3);
        List<NDArray> inner = new ArrayList<>();
        NDArray y = Intermediates.freeing(() -> {
            inner.add(Intermediates.freeing(() -> x.add(1)));
            return inner.get(0).add(1);
        });
        assertThat(open(inner.get(0))).isFalse();
        assertThat(open(y)).isTrue();
    }

    @Test
    void a_computation_that_fails_leaves_nothing_behind() {
        NDArray x = random("x", 3);
        int before = manager.getManagedArrays().size();
        assertThatThrownBy(() -> Intermediates.freeing(() -> {
                    x.add(1);
                    throw new IllegalStateException("stop");
                }))
                .hasMessage("stop");
        assertThat(manager.getManagedArrays()).hasSize(before);
    }

    @Test
    void numbers_used_inside_survive_a_garbage_collection_before_the_backward_pass() throws InterruptedException {
        NDArray x = random("x", 3);
        x.setRequiresGradient(true);
        try (GradientScope recording = GradientScope.recording()) {
            NDArray loss = Intermediates.freeing(
                    () -> Intermediates.freeing(() -> x.mul(3f)).div(2f).sum());
            List<ByteBuffer> reused = ConstantsTest.reuseFreedMemory();
            assertThat(Operations.get().gradients(loss, List.of(x)).get(0).toFloatArray())
                    .containsExactly(1.5f, 1.5f, 1.5f);
            assertThat(reused).isNotEmpty();
        }
    }

    @Test
    void weights_and_caches_made_inside_outlive_the_computation() {
        List<KvCache> caches = new ArrayList<>();
        NDArray x = random("x", 1, 1, 1, 2);
        NDArray y = Intermediates.freeing(() -> {
            Linear linear = new Linear(parameters.scope("fc"), 2, 2, false);
            KvCache cache = new KvCache(manager, 1, 1, 1, 4, 2);
            cache.layer(0).append(x, x);
            cache.select(0, 0);
            caches.add(cache);
            return linear.forward(x);
        });
        assertThat(y.getShape()).isEqualTo(new Shape(1, 1, 1, 2));
        assertThat(parameters.array("fc.weight").toFloatArray()).hasSize(4);
        NDArray two = x.concat(x, 0);
        assertThat(TensorTesting.difference(
                        caches.get(0).layer(0).append(two, two).keys(), two.concat(two, 2)))
                .isZero();
    }
}
