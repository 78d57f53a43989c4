package org.vilam.grounding.simvg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.vilam.grounding.metrics.ScoredBox;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.geometry.CoordinateTransform;

final class SimVgBoxesTest {
    @Test
    void boxes_come_back_to_the_image_surest_first_and_clipped() {
        float log3 = (float) Math.log(3);
        float[] logits = {0, 0, log3, 0, 2 * log3, 0, 0, log3};
        float[] boxes = {
            .5f,
            .5f,
            .5f,
            .25f, // score 1/2
            1,
            .5f,
            .5f,
            1, // score 3/4, half outside
            .5f,
            .5f,
            0,
            .5f, // score 9/10, without area
            .5f,
            .5f,
            1,
            1 // score 1/4
        };
        try (NDManager manager = NDManager.newBaseManager()) {
            SimVgHead.Branch branch = new SimVgHead.Branch(
                    manager.create(logits, new Shape(1, 4, 2)), manager.create(boxes, new Shape(1, 4, 4)));
            // An image of 320 x 64 pixels, squashed to 640 x 640.
            List<ScoredBox> read = SimVgBoxes.read(branch, 640, 640, List.of(new CoordinateTransform(2, 10, 0, 0)))
                    .get(0);
            assertThat(read)
                    .extracting(ScoredBox::box)
                    .containsExactly(new Box(240, 0, 320, 64), new Box(80, 24, 240, 40), new Box(0, 0, 320, 64));
            assertThat(read.get(0).score()).isCloseTo(0.75, within(1e-6)).isGreaterThan(SimVgBoxes.PRESENT);
            assertThat(read.get(1).score()).isCloseTo(0.5, within(1e-6));
            assertThat(read.get(2).score()).isCloseTo(0.25, within(1e-6));
        }
    }

    @Test
    void each_sample_goes_back_to_its_own_image() {
        try (NDManager manager = NDManager.newBaseManager()) {
            SimVgHead.Branch branch = new SimVgHead.Branch(
                    manager.zeros(new Shape(2, 1, 2)),
                    manager.full(new Shape(2, 1, 4), 0.5f, ai.djl.ndarray.types.DataType.FLOAT32));
            List<List<ScoredBox>> read = SimVgBoxes.read(
                    branch, 8, 4, List.of(CoordinateTransform.IDENTITY, new CoordinateTransform(2, 0.5, 0, 0)));
            assertThat(read.get(0).get(0).box()).isEqualTo(new Box(2, 1, 6, 3));
            assertThat(read.get(1).get(0).box()).isEqualTo(new Box(1, 2, 3, 6));
        }
    }
}
