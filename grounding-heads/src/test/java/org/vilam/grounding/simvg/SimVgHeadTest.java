package org.vilam.grounding.simvg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.vilam.grounding.loss.BalancedDistillation;
import org.vilam.grounding.metrics.ScoredBox;
import org.vilam.vision.error.VilamException;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.geometry.CoordinateTransform;
import org.vilam.vision.tensor.AdamW;
import org.vilam.vision.tensor.Constants;
import org.vilam.vision.tensor.GradientScope;
import org.vilam.vision.tensor.Initializer;
import org.vilam.vision.tensor.Mode;
import org.vilam.vision.tensor.Operations;
import org.vilam.vision.tensor.Parameter;
import org.vilam.vision.tensor.Parameters;
import org.vilam.vision.tensor.SeededRandom;

final class SimVgHeadTest {
    private static final int QUERIES = 3;
    private static final int STEPS = 120;
    private static final SimVgConfig CONFIG = new SimVgConfig(QUERIES, 24, 6, 32, 2, 1, 64);

    private final NDManager manager = NDManager.newBaseManager();

    @AfterEach
    void close() {
        manager.close();
    }

    private NDArray random(String name, long... sides) {
        Shape shape = new Shape(sides);
        return Constants.of(manager, Initializer.normal(1).values(shape, SeededRandom.named(1, name)), shape);
    }

    private SimVgHead.Encoded encoded() {
        NDArray padding = Constants.of(
                manager, new float[] {0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, new Shape(3, 6));
        return new SimVgHead.Encoded(
                random("patches", 3, 12, 24), 3, 4, random("text", 3, 6, 24), padding, random("cls", 3, 24));
    }

    /** One, no and two targets: after training on them both branches find what is there and nothing else. */
    @Test
    void both_branches_learn_one_batch_by_heart() {
        List<List<Box>> targets = List.of(
                List.of(new Box(.1, .2, .4, .9)),
                List.of(),
                List.of(new Box(.5, .5, .8, .7), new Box(.05, .6, .35, .95)));
        try (Parameters parameters = Parameters.initialise(manager, 5)) {
            SimVgHead head = new SimVgHead(parameters.scope("head"), CONFIG);
            parameters.requireGradients(true);
            List<NDArray> weights =
                    parameters.all().stream().map(Parameter::array).toList();
            List<NDArray> first = weights.stream().map(NDArray::zerosLike).toList();
            List<NDArray> second = weights.stream().map(NDArray::zerosLike).toList();
            SimVgHead.Encoded encoded = encoded();
            double before = step(head, encoded, targets, weights, first, second, 1);
            double after = before;
            for (int step = 2; step <= STEPS; step++) {
                after = step(head, encoded, targets, weights, first, second, step);
            }
            assertThat(after).isLessThan(before / 10);
            try (GradientScope scope = GradientScope.noGradient()) {
                SimVgHead.Output out = head.forward(encoded, Mode.INFERENCE);
                assertFound(targets, out.decoderAnswer());
                assertFound(targets, out.token());
                assertThat(head.forwardDecoder(encoded, Mode.INFERENCE).boxes().toFloatArray())
                        .containsExactly(out.decoder().boxes().toFloatArray());
            }
        }
    }

    private double step(
            SimVgHead head,
            SimVgHead.Encoded encoded,
            List<List<Box>> targets,
            List<NDArray> weights,
            List<NDArray> first,
            List<NDArray> second,
            int step) {
        double value;
        List<NDArray> gradients;
        try (GradientScope scope = GradientScope.recording()) {
            SimVgHead.Output out = head.forward(encoded, Mode.INFERENCE);
            NDArray loss = BalancedDistillation.BASE
                    .loss(
                            out.decoder().logits(),
                            out.decoder().boxes(),
                            out.token().logits(),
                            out.token().boxes(),
                            targets)
                    .total();
            value = loss.getFloat();
            gradients = Operations.get().gradients(loss, weights);
        }
        Operations.get().clipGlobalNorm(gradients, 1);
        Operations.get()
                .adamW(
                        weights,
                        gradients,
                        first,
                        second,
                        step,
                        new AdamW(4e-3 * (STEPS + 1 - step) / STEPS, 0.9, 0.98, 1e-9, 0));
        return value;
    }

    private static void assertFound(List<List<Box>> targets, SimVgHead.Branch answer) {
        List<List<ScoredBox>> read = SimVgBoxes.read(
                answer,
                1,
                1,
                List.of(CoordinateTransform.IDENTITY, CoordinateTransform.IDENTITY, CoordinateTransform.IDENTITY));
        for (int b = 0; b < targets.size(); b++) {
            List<ScoredBox> present = read.get(b).stream()
                    .filter(box -> box.score() >= SimVgBoxes.PRESENT)
                    .toList();
            assertThat(present).as("sample %d", b).hasSameSizeAs(targets.get(b));
            for (Box target : targets.get(b)) {
                assertThat(present).anyMatch(box -> box.box().iou(target) > 0.8);
            }
        }
    }

    @Test
    void shapes_and_ranges_are_as_stated_and_training_is_random() {
        try (Parameters parameters = Parameters.initialise(manager, 5);
                GradientScope scope = GradientScope.noGradient()) {
            SimVgHead head = new SimVgHead(parameters.scope("head"), CONFIG);
            SimVgHead.Output out = head.forward(encoded(), Mode.INFERENCE);
            assertThat(out.decoder().logits().getShape()).isEqualTo(new Shape(2, 3, QUERIES, 2));
            assertThat(out.decoder().boxes().getShape()).isEqualTo(new Shape(2, 3, QUERIES, 4));
            assertThat(out.token().logits().getShape()).isEqualTo(new Shape(3, QUERIES, 2));
            assertThat(out.token().boxes().getShape()).isEqualTo(new Shape(3, QUERIES, 4));
            assertThat(out.token().boxes().min().getFloat()).isPositive();
            assertThat(out.token().boxes().max().getFloat()).isLessThan(1);
            assertThat(head.forward(encoded(), Mode.training(1)).token().boxes().toFloatArray())
                    .isNotEqualTo(out.token().boxes().toFloatArray());
        }
    }

    /** The sizes that the spec counts: 121 tensors, 7,241,740 elements for base and 7,438,348 for large, buffers included. */
    @Test
    void the_official_sizes_have_the_official_counts() {
        try (Parameters base = Parameters.initialise(manager, 5);
                Parameters large = Parameters.initialise(manager, 5)) {
            assertThat(new SimVgHead(base.scope("head"), SimVgConfig.base(1))
                            .config()
                            .numQueries())
                    .isEqualTo(1);
            assertThat(base.arrays()).hasSize(121);
            assertThat(base.count()).isEqualTo(7_241_740);
            assertThat(new SimVgHead(large.scope("head"), SimVgConfig.large(1))
                            .config()
                            .inChannels())
                    .isEqualTo(1024);
            assertThat(large.count()).isEqualTo(7_438_348);
        }
    }

    @Test
    void inputs_of_another_size_are_refused_by_name() {
        try (Parameters parameters = Parameters.initialise(manager, 5)) {
            SimVgHead head = new SimVgHead(parameters.scope("head"), CONFIG);
            SimVgHead.Encoded good = encoded();
            SimVgHead.Encoded grid =
                    new SimVgHead.Encoded(good.patches(), 4, 4, good.text(), good.padding(), good.cls());
            assertThatThrownBy(() -> head.forward(grid, Mode.INFERENCE))
                    .isInstanceOf(VilamException.class)
                    .hasMessageContaining("patches");
            SimVgHead.Encoded padding =
                    new SimVgHead.Encoded(good.patches(), 3, 4, good.text(), good.cls(), good.cls());
            assertThatThrownBy(() -> head.forwardToken(padding, Mode.INFERENCE)).hasMessageContaining("padding");
        }
    }
}
