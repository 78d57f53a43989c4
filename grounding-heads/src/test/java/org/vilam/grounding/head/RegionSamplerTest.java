package org.vilam.grounding.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.tensor.Constants;
import org.vilam.vision.tensor.GradientScope;
import org.vilam.vision.tensor.Initializer;
import org.vilam.vision.tensor.Operations;
import org.vilam.vision.tensor.SeededRandom;

class RegionSamplerTest {
    private static final Box WHOLE = new Box(0, 0, 1, 1);

    private static RegionSampler of(int grid, Box... boxes) {
        return new RegionSampler(
                java.util.Arrays.stream(boxes)
                        .map(box -> new RegionSampler.Region(0, box))
                        .toList(),
                grid);
    }

    /** One image of one channel, 0, 1, 2, ... row by row. */
    private static NDArray counting(NDManager manager, int rows, int columns) {
        return manager.arange((float) rows * columns).reshape(1, 1, rows, columns);
    }

    @Test
    void a_box_on_the_cells_of_the_map_is_cut_out_unchanged() {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray map = counting(manager, 4, 4);
            assertThat(of(4, WHOLE).sample(map).toFloatArray()).isEqualTo(map.toFloatArray());
            assertThat(of(2, new Box(0.25, 0.5, 0.75, 1)).sample(map).toFloatArray())
                    .containsExactly(9, 10, 13, 14);
            NDArray wide = counting(manager, 2, 4);
            assertThat(of(2, new Box(0.5, 0, 1, 1)).sample(wide).toFloatArray()).containsExactly(2, 3, 6, 7);
        }
    }

    @Test
    void a_box_between_cells_averages_two_by_two() {
        try (NDManager manager = NDManager.newBaseManager()) {
            // The centre of the single cell lies where the four cells of the map meet: (0 + 1 + 2 + 3) / 4.
            NDArray out = of(1, new Box(0.25, 0.25, 0.75, 0.75)).sample(counting(manager, 2, 2));
            assertThat(out.getShape()).isEqualTo(new Shape(1, 1, 1, 1));
            assertThat(out.toFloatArray()[0]).isCloseTo(1.5f, within(1e-6f));
        }
    }

    @Test
    void a_cell_two_cells_wide_weighs_with_a_triangle() {
        try (NDManager manager = NDManager.newBaseManager()) {
            // One cell over the middle two of four: distances 1.5, 0.5, 0.5, 1.5 of a reach of 2, so 1, 3, 3, 1
            // eighths.
            float[] weights = {1 / 8f, 3 / 8f, 3 / 8f, 1 / 8f};
            double expected = 0;
            for (int y = 0; y < 4; y++) {
                for (int x = 0; x < 4; x++) {
                    expected += weights[y] * weights[x] * (x == 0 && y == 1 ? 64 : 0);
                }
            }
            NDArray map = manager.zeros(new Shape(1, 1, 4, 4));
            map.set(new ai.djl.ndarray.index.NDIndex("0, 0, 1, 0"), 64);
            float found = of(1, new Box(0.25, 0.25, 0.75, 0.75)).sample(map).toFloatArray()[0];
            assertThat(found).isCloseTo((float) expected, within(1e-6f)).isEqualTo(3f);
        }
    }

    @Test
    void what_lies_outside_counts_as_nothing() {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray map = counting(manager, 4, 4).add(1);
            assertThat(of(4, new Box(-1, 0, 0, 1)).sample(map).toFloatArray()).containsOnly(0);
            assertThat(of(4, new Box(-0.5, 0, 0.5, 1))
                            .sample(map)
                            .get("0, 0, 1")
                            .toFloatArray())
                    .containsExactly(0, 0, 5, 6);
            // Half of the weight of an average over everything and as much beside it.
            assertThat(of(1, new Box(0, 0, 1, 1))
                            .sample(manager.ones(new Shape(1, 1, 1, 1)))
                            .toFloatArray())
                    .containsExactly(1);
            assertThat(of(1, new Box(0.5, 0, 1.5, 1))
                            .sample(manager.ones(new Shape(1, 1, 1, 1)))
                            .toFloatArray())
                    .containsExactly(0.5f);
        }
    }

    @Test
    void each_region_is_cut_from_its_own_image_with_all_channels() {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray maps = manager.arange(2f * 3).reshape(2, 3, 1, 1).add(manager.zeros(new Shape(2, 3, 2, 2)));
            RegionSampler sampler = new RegionSampler(
                    List.of(
                            new RegionSampler.Region(1, WHOLE),
                            new RegionSampler.Region(0, WHOLE),
                            new RegionSampler.Region(1, WHOLE)),
                    2);
            NDArray out = sampler.sample(maps);
            assertThat(out.getShape()).isEqualTo(new Shape(3, 3, 2, 2));
            assertThat(out.get(":, :, 0, 1").toFloatArray()).containsExactly(3, 4, 5, 0, 1, 2, 3, 4, 5);
        }
    }

    @Test
    void the_gradient_is_the_slope() {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray map = random(manager, "map", 2, 2, 5, 7);
            NDArray mix = random(manager, "mix", 3, 2, 3, 3);
            RegionSampler sampler = new RegionSampler(
                    List.of(
                            new RegionSampler.Region(0, new Box(0.1, -0.2, 0.9, 0.7)),
                            new RegionSampler.Region(1, new Box(0.3, 0.4, 0.5, 0.5)),
                            new RegionSampler.Region(0, new Box(-0.3, 0.5, 1.6, 1.4))),
                    3);
            map.setRequiresGradient(true);
            float[] gradient;
            try (GradientScope scope = GradientScope.recording()) {
                NDArray loss = sampler.sample(map).mul(mix).sum();
                gradient = Operations.get().gradients(loss, List.of(map)).get(0).toFloatArray();
            }
            float[] values = map.toFloatArray();
            try (GradientScope scope = GradientScope.noGradient()) {
                double here = loss(sampler, manager, values, mix);
                for (int i = 0; i < values.length; i++) {
                    float[] moved = values.clone();
                    moved[i] += 1; // the sampler is linear: a large step is as good as a small one
                    assertThat(loss(sampler, manager, moved, mix) - here)
                            .as("element %d", i)
                            .isCloseTo(gradient[i], within(2e-5));
                }
            }
        }
    }

    private static NDArray random(NDManager manager, String name, long... sides) {
        Shape shape = new Shape(sides);
        return Constants.of(manager, Initializer.uniform(-1, 1).values(shape, SeededRandom.named(7, name)), shape);
    }

    private static double loss(RegionSampler sampler, NDManager manager, float[] map, NDArray mix) {
        float[] out = sampler.sample(manager.create(map, new Shape(2, 2, 5, 7))).toFloatArray();
        float[] weights = mix.toFloatArray();
        double sum = 0;
        for (int i = 0; i < out.length; i++) {
            sum += (double) out[i] * weights[i];
        }
        return sum;
    }

    @Property(tries = 100)
    void a_constant_map_stays_constant_wherever_no_filter_reaches_over_the_edge(
            @ForAll @DoubleRange(min = 0.35, max = 0.5) double x1,
            @ForAll @DoubleRange(min = 0, max = 0.2) double width,
            @ForAll @IntRange(min = 1, max = 9) int grid,
            @ForAll @IntRange(min = 6, max = 40) int size) {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray map = manager.ones(new Shape(1, 1, size, size)).mul(3);
            for (float value : of(grid, new Box(x1, x1, x1 + width, x1 + width))
                    .sample(map)
                    .toFloatArray()) {
                assertThat(value).isCloseTo(3f, within(1e-5f));
            }
        }
    }
}
