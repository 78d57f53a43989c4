package org.vilam.vision.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;

class EmbeddingTest extends BlockTest {
    @Test
    void it_looks_up_rows_for_ids_of_either_integer_type() {
        Embedding embedding = new Embedding(parameters.scope("word_embeddings"), 4, 3);
        double[] table = weight("word_embeddings.weight");
        double[] expected = new double[12];
        int[] ids = {3, 0, 3, 2};
        for (int i = 0; i < 4; i++) {
            System.arraycopy(table, ids[i] * 3, expected, i * 3, 3);
        }
        NDArray y = embedding.forward(manager.create(new int[][] {{3, 0}, {3, 2}}));
        assertThat(y.getShape()).isEqualTo(new Shape(2, 2, 3));
        TensorTesting.assertClose(y, expected, 0, 0);
        TensorTesting.assertClose(embedding.forward(manager.create(new long[][] {{3, 0}, {3, 2}})), expected, 0, 0);
    }

    @Test
    void gradients_of_repeated_ids_add_up() {
        Embedding embedding = new Embedding(parameters.scope("e"), 4, 2);
        parameters.requireGradients(true);
        try (GradientScope scope = GradientScope.recording()) {
            NDArray loss =
                    embedding.forward(manager.create(new long[] {1, 3, 1})).sum();
            float[] gradient = Operations.get()
                    .gradients(loss, List.of(embedding.weight()))
                    .get(0)
                    .toFloatArray();
            assertThat(gradient).containsExactly(0, 0, 2, 2, 0, 0, 1, 1);
        }
    }

    @Test
    void an_id_outside_the_table_is_refused_by_name() {
        Embedding embedding = new Embedding(parameters.scope("embed_tokens"), 4, 2);
        assertMismatch(
                () -> embedding.forward(manager.create(new long[] {0, 4})), "embed_tokens", "ids", "0 .. 4", "0 .. 3");
        assertMismatch(() -> embedding.forward(manager.create(new int[] {-1, 2})), "embed_tokens", "-1 .. 2");
    }

    @Test
    void ids_that_are_no_integers_are_refused() {
        Embedding embedding = new Embedding(parameters.scope("embed_tokens"), 4, 2);
        assertMismatch(() -> embedding.forward(manager.create(new float[] {1})), "embed_tokens", "float32", "int64");
    }

    @Test
    void no_ids_give_no_rows() {
        Embedding embedding = new Embedding(parameters.scope("embed_tokens"), 4, 2);
        assertThat(embedding
                        .forward(manager.create(new long[0], new Shape(1, 0)))
                        .getShape())
                .isEqualTo(new Shape(1, 0, 2));
    }
}
