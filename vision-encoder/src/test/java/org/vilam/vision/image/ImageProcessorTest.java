package org.vilam.vision.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.BaseNDManager;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vilam.vision.geometry.CoordinateTransform;
import org.vilam.vision.geometry.Point;
import org.vilam.vision.image.ImageProcessorConfig.Padding;
import org.vilam.vision.image.ImageProcessorConfig.Size;
import org.vilam.vision.parity.ParityPack;
import org.vilam.vision.tensor.Interpolation;

class ImageProcessorTest {
    private static final List<Double> ZERO = List.of(0.0, 0.0, 0.0);
    private static final List<Double> ONE = List.of(1.0, 1.0, 1.0);

    @ParameterizedTest
    @CsvSource({"gradient, clip224", "photo, clip224", "gradient, imagenet224", "photo, imagenet224"})
    void normalised_pictures_of_the_preprocess_pack_are_met(String picture, String constants) {
        ParityPack pack = ParityPack.open("preprocess");
        ImageProcessorConfig config = constants.startsWith("clip")
                ? ImageProcessorConfig.VILAM
                : ImageProcessorConfig.VILAM.withNormalization(
                        ImageProcessorConfig.IMAGENET_MEAN, ImageProcessorConfig.IMAGENET_STD);
        try (NDManager manager = NDManager.newBaseManager()) {
            ProcessedImages processed = new ImageProcessor(config)
                    .process(manager, Pictures.png(pack.file("source/" + picture + ".png")));

            assertThat(processed.pixelValues().getShape()).isEqualTo(new Shape(1, 3, 224, 224));
            assertThat(processed.pixelValues().getDataType()).isEqualTo(DataType.FLOAT32);
            assertClose(
                    processed.pixelValues().toFloatArray(),
                    pack.io(picture + "." + constants).floats(),
                    1e-5);
        }
    }

    static Stream<String> framedPicturesOfThePack() {
        List<String> names = new ArrayList<>();
        ParityPack.open("preprocess")
                .caseJson()
                .get("expected_files")
                .fieldNames()
                .forEachRemaining(names::add);
        return names.stream();
    }

    @ParameterizedTest
    @MethodSource("framedPicturesOfThePack")
    void every_recipe_of_the_preprocess_pack_gives_its_pixels(String name) {
        ParityPack pack = ParityPack.open("preprocess");
        String[] parts = name.split("\\.");
        RgbImage source = Pictures.png(pack.file("source/" + parts[0] + ".png"));
        RgbImage expected = Pictures.png(pack.file("expected/" + name + ".png"));
        ImageProcessorConfig config = parts[1].startsWith("cv2")
                ? ImageProcessorConfig.SIMVG
                : ImageProcessorConfig.ONEREF
                        .withPadding(Padding.BLACK)
                        .withFit(parts[1].endsWith("centred") ? FitMode.LETTERBOX : FitMode.CORNER);
        config = config.withSize(new Size(expected.height(), expected.width())).withNormalization(ZERO, ONE);
        try (NDManager manager = NDManager.newBaseManager()) {
            float[] values = new ImageProcessor(config)
                    .process(manager, source)
                    .pixelValues()
                    .toFloatArray();
            int area = expected.width() * expected.height();
            int wrong = 0;
            for (int i = 0; i < values.length; i++) {
                wrong += Math.round(values[i] * 255) == (expected.rgb()[i % area * 3 + i / area] & 0xFF) ? 0 : 1;
            }
            assertThat(wrong).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void evaluation_inputs_of_oneref_and_hivg_are_met(int sample) {
        ParityPack pack = ParityPack.open("resize-pad");
        String key = "s" + sample + ".";
        RgbImage image = image(pack.io(key + "image_u8_hwc"));
        JsonNode expected = pack.caseJson().get("samples").get(sample);
        FitMode.Placement place = FitMode.TRANSVG.place(image.width(), image.height(), 96, 96);
        assertThat(place.height())
                .isEqualTo(expected.get("resized_h_w").get(0).asInt());
        assertThat(place.width()).isEqualTo(expected.get("resized_h_w").get(1).asInt());
        assertThat(place.top()).isEqualTo(expected.get("top_left").get(0).asInt());
        assertThat(place.left()).isEqualTo(expected.get("top_left").get(1).asInt());
        assertThat(Resampler.resize(image, place.width(), place.height(), ResampleFilter.PIL_BILINEAR)
                        .rgb())
                .isEqualTo(pack.io(key + "resized_u8_hwc").bytes());

        ImageProcessor processor = new ImageProcessor(ImageProcessorConfig.ONEREF.withSize(96));
        try (NDManager manager = NDManager.newBaseManager()) {
            ProcessedImages processed = processor.process(manager, image);
            assertClose(
                    processed.pixelValues().toFloatArray(),
                    pack.io(key + "input").floats(),
                    1e-5);
            assertThat(bytes(processed.paddingMask()))
                    .isEqualTo(pack.io(key + "padding_mask").bytes());
        }
        for (String mask : List.of("box_mask", "polygon_mask")) {
            byte[] framed = processor.processMask(
                    pack.io(key + mask + "_original").bytes(), image.width(), image.height());
            assertThat(framed).as(mask).isEqualTo(pack.io(key + mask).bytes());
        }
        int[] box = ints(expected.get("int_box_xyxy"));
        assertBox(processor, image, box, 96, pack.io(key + "box_cxcywh").values());
        for (int size : new int[] {224, 384}) {
            JsonNode larger = expected.get("imsize" + size);
            ImageProcessor scaled = new ImageProcessor(ImageProcessorConfig.HIVG.withSize(size));
            double[] cxcywh = new double[4];
            for (int i = 0; i < 4; i++) {
                cxcywh[i] = larger.get("box_cxcywh").get(i).asDouble();
            }
            assertBox(scaled, image, box, size, cxcywh);
            int area = sum(scaled.processMask(
                    pack.io(key + "polygon_mask_original").bytes(), image.width(), image.height()));
            assertThat(area).isEqualTo(larger.get("polygon_mask_pixels").asInt());
            try (NDManager manager = NDManager.newBaseManager()) {
                NDArray row = scaled.process(manager, image)
                        .pixelValues()
                        .get(":, :, {}", size / 2 + 3);
                assertClose(
                        row.toFloatArray(),
                        pack.io(key + "imsize" + size + ".row").floats(),
                        1e-5);
            }
        }
    }

    private static void assertBox(ImageProcessor processor, RgbImage image, int[] box, int size, double[] cxcywh) {
        CoordinateTransform transform = processor.transform(image.width(), image.height());
        Point from = transform.apply(new Point(box[0], box[1]));
        Point to = transform.apply(new Point(box[2], box[3]));
        assertThat((from.x() + to.x()) / 2 / size).isCloseTo(cxcywh[0], within(1e-6));
        assertThat((from.y() + to.y()) / 2 / size).isCloseTo(cxcywh[1], within(1e-6));
        assertThat((to.x() - from.x()) / size).isCloseTo(cxcywh[2], within(1e-6));
        assertThat((to.y() - from.y()) / size).isCloseTo(cxcywh[3], within(1e-6));
    }

    @Test
    void the_vqkd_tokenizer_of_oneref_sees_black_padding() {
        ParityPack pack = ParityPack.open("resize-pad");
        RgbImage image = image(pack.io("s1.image_u8_hwc"));
        float[] expected = pack.io("s1.tokenizer_image01").floats();
        for (int i = 0; i < expected.length; i++) {
            expected[i] = expected[i] * 255 / 127.5f - 1;
        }
        try (NDManager manager = NDManager.newBaseManager()) {
            ProcessedImages processed =
                    new ImageProcessor(ImageProcessorConfig.ONEREF_TOKENIZER.withSize(96)).process(manager, image);
            assertClose(processed.pixelValues().toFloatArray(), expected, 1e-5);
        }
    }

    @Test
    void every_padding_grid_of_hivg_is_met() {
        for (JsonNode grid : ParityPack.open("resize-pad").caseJson().get("padding_grid")) {
            int size = grid.get("imsize").asInt();
            int cells = size / grid.get("patch").asInt();
            int[] rect = ints(grid.get("rect_top_left_h_w"));
            int[] rows = ints(grid.get("valid_cells_rows"));
            int[] columns = ints(grid.get("valid_cells_cols"));
            boolean[] padding = new boolean[size * size];
            for (int i = 0; i < padding.length; i++) {
                int y = i / size - rect[0];
                int x = i % size - rect[1];
                padding[i] = y < 0 || y >= rect[2] || x < 0 || x >= rect[3];
            }
            try (NDManager manager = NDManager.newBaseManager()) {
                NDArray mask = manager.create(padding, new Shape(1, size, size));
                int before = ((BaseNDManager) manager).getManagedArrays().size();
                NDArray found = new ProcessedImages(mask, mask, List.of()).paddingGrid(cells, cells);
                assertThat(((BaseNDManager) manager).getManagedArrays()).hasSize(before + 1);
                assertThat(found.getShape()).isEqualTo(new Shape(1, cells, cells));
                boolean[] values = found.toBooleanArray();
                for (int i = 0; i < values.length; i++) {
                    boolean valid = i / cells >= rows[0]
                            && i / cells <= rows[1]
                            && i % cells >= columns[0]
                            && i % cells <= columns[1];
                    assertThat(values[i]).as("%s cell %d", grid, i).isEqualTo(!valid);
                }
            }
        }
    }

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
            ProcessedImages processed =
                    new ImageProcessor(config).process(manager, Pictures.plain(width, height, 0));
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
            float[] normalised = new ImageProcessor(
                            ImageProcessorConfig.VILAM.withSize(new Size(29, 45)))
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

    private static RgbImage image(ParityPack.Tensor hwc) {
        return new RgbImage((int) hwc.shape()[1], (int) hwc.shape()[0], hwc.bytes());
    }

    private static int[] ints(JsonNode array) {
        int[] values = new int[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.get(i).asInt();
        }
        return values;
    }

    private static byte[] bytes(NDArray mask) {
        boolean[] values = mask.toBooleanArray();
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (values[i] ? 1 : 0);
        }
        return bytes;
    }

    private static int sum(byte[] values) {
        int sum = 0;
        for (byte value : values) {
            sum += value;
        }
        return sum;
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
