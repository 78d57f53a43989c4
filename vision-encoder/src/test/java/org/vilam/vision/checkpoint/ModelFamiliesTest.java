package org.vilam.vision.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

class ModelFamiliesTest {
    private static final TensorSource FOREIGN = new TensorSource() {
        @Override
        public Set<String> names() {
            return Set.of("resnet.conv1.weight");
        }

        @Override
        public Shape shape(String name) {
            return new Shape(2);
        }

        @Override
        public DType dtype(String name) {
            return DType.F32;
        }

        @Override
        public ByteBuffer data(String name) {
            return ByteBuffer.allocate(8);
        }

        @Override
        public void close() {}
    };

    @Test
    void a_name_without_a_family_is_refused() {
        assertThatThrownBy(() -> ModelFamilies.named("resnet"))
                .isInstanceOfSatisfying(
                        VilamException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
                .hasMessageContaining("resnet");
    }

    @Test
    void tensors_of_no_family_are_refused_with_some_of_their_names() {
        assertThatThrownBy(() -> ModelFamilies.of(FOREIGN))
                .isInstanceOfSatisfying(
                        VilamException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CHECKPOINT_MISMATCH))
                .hasMessageContaining("resnet.conv1.weight");
    }
}
