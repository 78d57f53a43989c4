package org.vilam.vision.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class ConstantsTest extends BlockTest {
    /**
     * Collects garbage and fills memory that was freed by it with sevens. Whoever still reads such memory reads sevens.
     *
     * @return the memory, to be held on to
     */
    static List<ByteBuffer> reuseFreedMemory() throws InterruptedException {
        System.gc();
        Thread.sleep(50); // the reference handler frees the buffers
        List<ByteBuffer> reused = new ArrayList<>();
        for (int bytes : new int[] {4, 16, 40, 96, 480}) {
            for (int i = 0; i < 4000; i++) {
                ByteBuffer buffer = ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
                for (int at = 0; at < bytes; at += 4) {
                    buffer.putFloat(at, 77);
                }
                reused.add(buffer);
            }
        }
        return reused;
    }

    /** The gradient of the sum of a function at ten points, with garbage collected before the backward pass or not. */
    private float[] gradient(UnaryOperator<NDArray> function, boolean collect) throws InterruptedException {
        NDArray x = random("x", 1, 10);
        x.setRequiresGradient(true);
        JniUtils.setGradMode(true); // not by a GradientScope, which would hold Java's memory
        try {
            NDArray loss = function.apply(x).sum();
            List<ByteBuffer> reused = collect ? reuseFreedMemory() : List.of();
            float[] gradient =
                    Operations.get().gradients(loss, List.of(x)).get(0).toFloatArray();
            assertThat(reused).hasSize(collect ? 20_000 : 0);
            return gradient;
        } finally {
            JniUtils.setGradMode(false);
        }
    }

    @Test
    void constants_survive_a_garbage_collection_before_the_backward_pass() throws InterruptedException {
        Rotary.Angles angles = new Rotary(10, 9, 10000, Rotary.Pairing.HALVES).range(manager, 3, 1);
        Shape shape = new Shape(1, 10);
        List<UnaryOperator<NDArray>> functions = List.of(
                x -> Constants.scale(x, 3),
                x -> {
                    try (NDArray factors = Constants.of(manager, new float[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, shape)) {
                        return x.mul(factors);
                    }
                },
                x -> {
                    try (NDArray mask = Constants.of(manager, new byte[] {0, 1, 1, 0, 1, 0, 0, 1, 1, 1}, shape)) {
                        return x.mul(mask);
                    }
                },
                Activation.QUICK_GELU::apply,
                x -> new Dropout(0.4).forward(x, Mode.training(1)),
                x -> new DropPath(0.1).forward(x, Mode.training(1)),
                x -> angles.rotate(x.reshape(1, 1, 1, 10)),
                x -> x.mul(SinePositions.of1d(manager, 1, 10)));
        for (int i = 0; i < functions.size(); i++) {
            assertThat(gradient(functions.get(i), true))
                    .as("function %d", i)
                    .isEqualTo(gradient(functions.get(i), false));
        }
    }

    @Test
    void a_number_of_djl_does_not_survive_it_without_a_gradient_scope() throws InterruptedException {
        boolean wrong = false;
        for (int i = 0; i < 10 && !wrong; i++) {
            wrong = gradient(x -> x.mul(3f), true)[0] != 3;
        }
        assertThat(wrong)
                .as("or else DJL is mended, and this page and RecordedBuffers can go")
                .isTrue();
    }

    @Test
    void scale_multiplies_by_a_float() {
        NDArray x = manager.create(new float[] {1, -2, 0.5f});
        assertThat(Constants.scale(x, 0.1).toFloatArray()).containsExactly(0.1f, -0.2f, 0.05f);
    }

    @Test
    void arrays_have_the_values_given() {
        NDArray floats = Constants.of(manager, new float[] {1, 2, 3, 4, 5, 6}, new Shape(2, 3));
        assertThat(floats.get(1).toFloatArray()).containsExactly(4, 5, 6);
        NDArray flags = Constants.of(manager, new byte[] {0, 1}, new Shape(2));
        assertThat(flags.toBooleanArray()).containsExactly(false, true);
        assertThat(floats.getManager()).isSameAs(manager);
    }
}
