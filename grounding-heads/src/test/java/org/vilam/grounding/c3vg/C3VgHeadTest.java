package org.vilam.grounding.c3vg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.vilam.grounding.simvg.SimVgHead;
import org.vilam.grounding.simvg.TextPooling;
import org.vilam.vision.tensor.AdamW;
import org.vilam.vision.tensor.Constants;
import org.vilam.vision.tensor.GradientScope;
import org.vilam.vision.tensor.Initializer;
import org.vilam.vision.tensor.Mode;
import org.vilam.vision.tensor.Operations;
import org.vilam.vision.tensor.Parameter;
import org.vilam.vision.tensor.Parameters;
import org.vilam.vision.tensor.SeededRandom;

final class C3VgHeadTest {
    private static final C3VgConfig SMALL = new C3VgConfig(16, 32, 0.0);

    @Test
    void stages_have_a_box_and_masks_of_one_and_four_times_the_grid() {
        try (NDManager manager = NDManager.newBaseManager();
                Parameters parameters = Parameters.initialise(manager, 5)) {
            C3VgHead head = new C3VgHead(parameters.scope("head"), SMALL);
            C3VgHead.Output out = head.forward(encoded(manager, 2, 4, 6, 8), Mode.INFERENCE);
            for (C3VgHead.Stage stage : List.of(out.first(), out.second())) {
                assertThat(stage.boxes().getShape()).isEqualTo(new Shape(2, 4));
                assertThat(stage.boxes().min().getFloat()).isBetween(0f, 1f);
                assertThat(stage.enlarged(64, 96).getShape()).isEqualTo(new Shape(2, 1, 64, 96));
            }
            assertThat(out.first().masks().getShape()).isEqualTo(new Shape(2, 1, 4, 6));
            assertThat(out.second().masks().getShape()).isEqualTo(new Shape(2, 1, 16, 24));
        }
    }

    @Test
    void nothing_but_the_answers_is_left_behind() {
        try (NDManager manager = NDManager.newBaseManager();
                Parameters parameters = Parameters.initialise(manager, 5)) {
            C3VgHead head = new C3VgHead(parameters.scope("head"), SMALL);
            SimVgHead.Encoded inputs = encoded(manager, 1, 4, 4, 5);
            int before = manager.getManagedArrays().size();
            head.forward(inputs, Mode.INFERENCE);
            assertThat(manager.getManagedArrays().size()).isEqualTo(before + 4);
        }
    }

    @Test
    void modules_whose_results_the_official_code_drops_change_nothing() {
        try (NDManager manager = NDManager.newBaseManager();
                Parameters parameters = Parameters.initialise(manager, 5)) {
            C3VgHead head = new C3VgHead(parameters.scope("head"), SMALL);
            SimVgHead.Encoded inputs = encoded(manager, 1, 4, 4, 5);
            float[] before =
                    head.forward(inputs, Mode.INFERENCE).second().masks().toFloatArray();
            int changed = 0;
            for (var tensor : parameters.arrays().entrySet()) {
                if (tensor.getKey()
                        .matches("head\\.(UIM\\.(seg2text|seg2img)_crossattn|UIM\\.segboxCA|seg_|box_cons|logit).*")) {
                    tensor.getValue().addi(Float.NaN);
                    changed++;
                }
            }
            assertThat(changed).isEqualTo(139);
            assertThat(head.forward(inputs, Mode.INFERENCE).second().masks().toFloatArray())
                    .isEqualTo(before);
        }
    }

    @Test
    void each_correction_alone_changes_the_answer() {
        C3VgVariant official = C3VgVariant.OFFICIAL;
        List<C3VgVariant> variants = List.of(
                new C3VgVariant(TextPooling.MASKED_MAX, official.regions(), false),
                new C3VgVariant(official.pooling(), RegionPooling.BOX_CELLS, false),
                new C3VgVariant(official.pooling(), official.regions(), true),
                C3VgVariant.CORRECTED);
        try (NDManager manager = NDManager.newBaseManager();
                Parameters parameters = Parameters.initialise(manager, 5)) {
            SimVgHead.Encoded inputs = encoded(manager, 1, 4, 4, 5);
            float[] published = new C3VgHead(parameters.scope("head"), SMALL)
                    .forward(inputs, Mode.INFERENCE)
                    .second()
                    .boxes()
                    .toFloatArray();
            for (C3VgVariant variant : variants) {
                assertThat(new C3VgHead(parameters.scope("head"), SMALL, variant)
                                .forward(inputs, Mode.INFERENCE)
                                .second()
                                .boxes()
                                .toFloatArray())
                        .as(variant.toString())
                        .isNotEqualTo(published);
            }
        }
    }

    @Test
    void corrected_boxes_read_the_cells_they_touch() {
        try (NDManager manager = NDManager.newBaseManager()) {
            float[] values = new float[20];
            for (int i = 0; i < values.length; i++) {
                values[i] = i;
            }
            NDArray map = Constants.of(manager, values, new Shape(1, 1, 4, 5)); // row * 5 + column
            // Columns 1..2, rows 0..1; then a box beyond the right border, which reads the last column.
            assertThat(read(map, 0.4f, 0.25f, 0.4f, 0.5f)).isEqualTo(7);
            assertThat(read(map, 1.4f, 0.25f, 0.4f, 0.5f)).isEqualTo(9);
            assertThat(read(map, 0.5f, 0.5f, 1, 1)).isEqualTo(19);
            assertThat(read(map, 0.5f, 0.6f, 0, 0)).isEqualTo(12);
        }
    }

    private static float read(NDArray map, float... box) {
        try (NDArray boxes = Constants.of(map.getManager(), box, new Shape(1, 4));
                NDArray pooled = RegionPooling.BOX_CELLS.pool(map, boxes)) {
            return pooled.getFloat();
        }
    }

    @Test
    void one_batch_can_be_learned_by_heart() {
        try (NDManager manager = NDManager.newBaseManager();
                Parameters parameters = Parameters.initialise(manager, 3)) {
            C3VgHead head = new C3VgHead(parameters.scope("head"), new C3VgConfig(16, 16, 0.0));
            parameters.requireGradients(true);
            SimVgHead.Encoded inputs = encoded(manager, 2, 4, 4, 5);
            NDArray boxes = Constants.of(
                    manager, new float[] {0.375f, 0.5f, 0.25f, 0.5f, 0.75f, 0.25f, 0.5f, 0.5f}, new Shape(2, 4));
            NDArray masks = masks(manager, new int[][] {{4, 4, 8, 12}, {8, 0, 16, 8}});
            List<NDArray> learned =
                    parameters.all().stream().map(Parameter::array).toList();
            List<NDArray> first = new ArrayList<>();
            List<NDArray> second = new ArrayList<>();
            learned.forEach(p -> {
                first.add(p.zerosLike());
                second.add(p.zerosLike());
            });
            AdamW settings = new AdamW(3e-3, 0.9, 0.999, 1e-8, 0);
            for (int step = 1; step <= 80; step++) {
                try (GradientScope scope = GradientScope.recording();
                        NDManager scratch = manager.newSubManager()) {
                    C3VgHead.Output out = head.forward(attached(inputs, scratch), Mode.training(step));
                    NDArray loss = C3VgLoss.OFFICIAL.loss(out, boxes, masks).total();
                    List<NDArray> gradients = Operations.get().gradients(loss, learned);
                    Operations.get().adamW(learned, gradients, first, second, step, settings);
                }
            }
            try (GradientScope scope = GradientScope.noGradient()) {
                C3VgHead.Stage answer = head.forward(inputs, Mode.training(1)).second();
                float[] found = answer.boxes().toFloatArray();
                for (int i = 0; i < found.length; i++) {
                    assertThat(found[i]).isCloseTo(boxes.toFloatArray()[i], within(0.05f));
                }
                double wrong = answer.enlarged(16, 16)
                        .gt(0)
                        .toType(ai.djl.ndarray.types.DataType.FLOAT32, false)
                        .sub(masks.expandDims(1))
                        .abs()
                        .mean()
                        .getFloat();
                assertThat(wrong).isLessThan(0.05);
            }
        }
    }

    private static SimVgHead.Encoded attached(SimVgHead.Encoded in, NDManager manager) {
        return new SimVgHead.Encoded(
                copy(in.patches(), manager),
                in.rows(),
                in.columns(),
                copy(in.text(), manager),
                copy(in.padding(), manager),
                copy(in.cls(), manager));
    }

    private static NDArray copy(NDArray array, NDManager manager) {
        NDArray copy = array.duplicate();
        copy.attach(manager);
        return copy;
    }

    private static NDArray masks(NDManager manager, int[][] boxes) {
        float[] values = new float[boxes.length * 256];
        for (int b = 0; b < boxes.length; b++) {
            for (int y = boxes[b][1]; y < boxes[b][3]; y++) {
                for (int x = boxes[b][0]; x < boxes[b][2]; x++) {
                    values[b * 256 + y * 16 + x] = 1;
                }
            }
        }
        return Constants.of(manager, values, new Shape(boxes.length, 16, 16));
    }

    @Test
    void inputs_of_another_shape_are_refused_by_name() {
        try (NDManager manager = NDManager.newBaseManager();
                Parameters parameters = Parameters.initialise(manager, 5)) {
            C3VgHead head = new C3VgHead(parameters.scope("head"), SMALL);
            SimVgHead.Encoded good = encoded(manager, 2, 4, 4, 5);
            SimVgHead.Encoded grid =
                    new SimVgHead.Encoded(good.patches(), 3, 4, good.text(), good.padding(), good.cls());
            assertThatThrownBy(() -> head.forward(grid, Mode.INFERENCE)).hasMessageContaining("patches");
            SimVgHead.Encoded padding =
                    new SimVgHead.Encoded(good.patches(), 4, 4, good.text(), good.cls(), good.cls());
            assertThatThrownBy(() -> head.forward(padding, Mode.INFERENCE)).hasMessageContaining("padding");
        }
        assertThatThrownBy(() -> new C3VgConfig(16, 30, null)).hasMessageContaining("hidden_channels");
    }

    private static SimVgHead.Encoded encoded(NDManager manager, int batch, int rows, int columns, int text) {
        SeededRandom random = new SeededRandom(9);
        float[] padding = new float[batch * text];
        padding[text - 1] = 1;
        padding[text - 2] = 1;
        return new SimVgHead.Encoded(
                random(manager, random, batch, (long) rows * columns, 16),
                rows,
                columns,
                random(manager, random, batch, text, 16),
                Constants.of(manager, padding, new Shape(batch, text)),
                random(manager, random, batch, 16));
    }

    private static NDArray random(NDManager manager, SeededRandom random, long... sides) {
        Shape shape = new Shape(sides);
        return Constants.of(manager, Initializer.normal(1).values(shape, random), shape);
    }
}
