package org.vilam.vision.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.BaseNDManager;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.vilam.vision.geometry.CoordinateTransform;
import org.vilam.vision.geometry.Point;
import org.vilam.vision.image.ImageProcessorConfig.Padding;
import org.vilam.vision.image.ImageProcessorConfig.Size;
import org.vilam.vision.tensor.Interpolation;

class ImageProcessorTest {
    @Property(tries = 400)
    void places_come_back_from_the_frame(
            @ForAll @IntRange(min = 1, max = 5000) int width,
            @ForAll @IntRange(min = 1, max = 5000) int height,
            @ForAll @IntRange(min = 1, max = 700) int frameWidth,
            @ForAll @IntRange(min = 1, max = 700) int frameHeight,
            @ForAll @DoubleRange(min = 0, max = 1) double x,
            @ForAll @DoubleRange(min = 0, max = 1) double y,
            @ForAll FitMode fit) {
        FitMode.Placement place = fit.place(width, height, frameWidth, frameHeight);
        Point point = new Point(x * width, y * height);

        Point there = place.transform().apply(point);
        Point back = place.transform().inverse().apply(there);

        assertThat(back.x()).isCloseTo(point.x(), within(1e-9));
        assertThat(back.y()).isCloseTo(point.y(), within(1e-9));
        assertThat(place.width()).isBetween(1, frameWidth);
        assertThat(place.height()).isBetween(1, frameHeight);
        assertThat(place.left() + place.width()).isLessThanOrEqualTo(frameWidth);
        assertThat(place.top() + place.height()).isLessThanOrEqualTo(frameHeight);
        if (fit != FitMode.SQUASH) {
            assertThat(place.width() == frameWidth || place.height() == frameHeight)
                    .isTrue();
        }
        if (fit != FitMode.TRANSVG) {
            Point corner = place.transform().apply(new Point(width, height));
            assertThat(corner.x()).isCloseTo(place.left() + place.width(), within(1e-9));
            assertThat(corner.y()).isCloseTo(place.top() + place.height(), within(1e-9));
        }
    }

    @Property(tries = 60)
    void plain_numbers_are_those_of_the_tensor_bit_for_bit(
            @ForAll @IntRange(min = 1, max = 60) int width,
            @ForAll @IntRange(min = 1, max = 60) int height,
            @ForAll FitMode fit,
            @ForAll ResampleFilter filter) {
        ImageProcessor processor = new ImageProcessor(ImageProcessorConfig.BEIT3
                .withSize(new Size(24, 30))
                .withFit(fit)
                .withResample(filter)
                .withPadding(Padding.colour(255, 127, 0)));
        RgbImage image = Pictures.noise(width, height);
        try (NDManager manager = NDManager.newBaseManager()) {
            float[] tensor = processor
                    .process(manager, List.of(Pictures.plain(7, 9, 3), image))
                    .pixelValues()
                    .get(1)
                    .toFloatArray();
            assertThat(processor.pixels(image)).isEqualTo(tensor);
        }
    }

    @Property(tries = 100)
    void what_is_not_picture_is_padding_of_the_asked_colour(
            @ForAll @IntRange(min = 1, max = 60) int width,
            @ForAll @IntRange(min = 1, max = 60) int height,
            @ForAll FitMode fit,
            @ForAll boolean before) {
        Padding padding = before
                ? Padding.colour(255, 127, 0)
                : new Padding(Padding.Stage.AFTER_NORMALIZATION, List.of(7.0, 8.0, 9.0));
        double[] fill = before
                ? new double[] {(1 - 0.485) / 0.229, (127 / 255.0 - 0.456) / 0.224, -0.406 / 0.225}
                : new double[] {7, 8, 9};
        ImageProcessorConfig config = ImageProcessorConfig.ONEREF
                .withSize(new Size(24, 30))
                .withFit(fit)
                .withPadding(padding);
        double[] inside = {-0.485 / 0.229, -0.456 / 0.224, -0.406 / 0.225};
        FitMode.Placement place = fit.place(width, height, 30, 24);
        try (NDManager manager = NDManager.newBaseManager()) {
            ProcessedImages processed = new ImageProcessor(config).process(manager, Pictures.plain(width, height, 0));
            boolean[] mask = processed.paddingMask().toBooleanArray();
            float[] values = processed.pixelValues().toFloatArray();
            for (int i = 0; i < mask.length; i++) {
                int x = i % 30 - place.left();
                int y = i / 30 - place.top();
                boolean outside = x < 0 || x >= place.width() || y < 0 || y >= place.height();
                assertThat(mask[i]).isEqualTo(outside);
                for (int c = 0; c < 3; c++) {
                    assertThat((double) values[c * mask.length + i])
                            .isCloseTo(outside ? fill[c] : inside[c], within(1e-5));
                }
            }
        }
    }

    @Test
    void a_batch_is_its_pictures_one_by_one() {
        List<RgbImage> pictures =
                List.of(Pictures.noise(50, 31), Pictures.noise(1, 77), Pictures.noise(90, 1), Pictures.noise(9, 9));
        ImageProcessor processor = new ImageProcessor(ImageProcessorConfig.HIVG.withSize(32));
        try (NDManager manager = NDManager.newBaseManager()) {
            ProcessedImages batch = processor.process(manager, pictures);
            assertThat(batch.pixelValues().getShape()).isEqualTo(new Shape(4, 3, 32, 32));
            assertThat(batch.paddingMask().getShape()).isEqualTo(new Shape(4, 32, 32));
            for (int i = 0; i < 4; i++) {
                ProcessedImages single = processor.process(manager, pictures.get(i));
                assertThat(batch.pixelValues().get(i).toFloatArray())
                        .containsExactly(single.pixelValues().toFloatArray());
                assertThat(batch.paddingMask().get(i).toBooleanArray())
                        .containsExactly(single.paddingMask().toBooleanArray());
                assertThat(batch.toNetwork().get(i))
                        .isEqualTo(single.toNetwork().get(0))
                        .isEqualTo(processor.transform(
                                pictures.get(i).width(), pictures.get(i).height()));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = ResampleFilter.class,
            names = {"TORCH_BILINEAR", "TORCH_BICUBIC"})
    void float_filters_equal_interpolation_of_the_normalised_tensor(ResampleFilter filter) {
        RgbImage picture = Pictures.noise(45, 29);
        ImageProcessorConfig config = ImageProcessorConfig.VILAM.withResample(filter);
        Interpolation interpolation =
                filter == ResampleFilter.TORCH_BILINEAR ? Interpolation.BILINEAR : Interpolation.BICUBIC;
        try (NDManager manager = NDManager.newBaseManager()) {
            float[] normalised = new ImageProcessor(ImageProcessorConfig.VILAM.withSize(new Size(29, 45)))
                    .process(manager, picture)
                    .pixelValues()
                    .toFloatArray();
            NDArray expected = interpolation.resize(manager.create(normalised, new Shape(1, 3, 29, 45)), 20, 61);

            NDArray actual = new ImageProcessor(config.withSize(new Size(20, 61)))
                    .process(manager, picture)
                    .pixelValues();

            assertClose(actual.toFloatArray(), expected.toFloatArray(), 1e-5);
        }
    }

    @Test
    void simvg_scales_each_axis_by_its_own_side() {
        CoordinateTransform transform = new ImageProcessor(ImageProcessorConfig.SIMVG).transform(427, 333);
        assertThat(transform).isEqualTo(new CoordinateTransform(640.0 / 427, 640.0 / 333, 0, 0));
    }

    @Test
    void two_arrays_are_all_a_call_leaves_on_the_manager() {
        ImageProcessor processor = new ImageProcessor(ImageProcessorConfig.HIVG.withSize(32));
        try (NDManager manager = NDManager.newBaseManager()) {
            int before = ((BaseNDManager) manager).getManagedArrays().size();
            processor.process(manager, Pictures.noise(7, 5));
            assertThat(((BaseNDManager) manager).getManagedArrays()).hasSize(before + 2);
        }
    }

    @Test
    void an_empty_batch_is_refused() {
        ImageProcessor processor = new ImageProcessor(ImageProcessorConfig.VILAM);
        try (NDManager manager = NDManager.newBaseManager()) {
            assertThatThrownBy(() -> processor.process(manager, List.of()))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static void assertClose(float[] actual, float[] expected, double tolerance) {
        assertThat(actual).hasSameSizeAs(expected).doesNotContain(Float.NaN);
        double worst = 0;
        for (int i = 0; i < actual.length; i++) {
            worst = Math.max(worst, Math.abs(actual[i] - expected[i]));
        }
        assertThat(worst).isLessThanOrEqualTo(tolerance);
    }
}
