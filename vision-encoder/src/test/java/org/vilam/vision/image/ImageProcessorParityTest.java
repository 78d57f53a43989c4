package org.vilam.vision.image;

import static org.assertj.core.api.Assertions.assertThat;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vilam.vision.geometry.CoordinateTransform;
import org.vilam.vision.geometry.Point;
import org.vilam.vision.image.ImageProcessorConfig.Padding;
import org.vilam.vision.image.ImageProcessorConfig.Size;
import org.vilam.vision.parity.ParityPack;

/** {@link ImageProcessor} against the packs {@code preprocess} and {@code resize-pad}. */
class ImageProcessorParityTest {
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
            ProcessedImages processed =
                    new ImageProcessor(config).process(manager, Pictures.png(pack.file("source/" + picture + ".png")));

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
        String[] parts = name.split("\\.", -1);
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
        assertThat(place.height()).isEqualTo(expected.get("resized_h_w").get(0).asInt());
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
            byte[] framed =
                    processor.processMask(pack.io(key + mask + "_original").bytes(), image.width(), image.height());
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
            int area = sum(
                    scaled.processMask(pack.io(key + "polygon_mask_original").bytes(), image.width(), image.height()));
            assertThat(area).isEqualTo(larger.get("polygon_mask_pixels").asInt());
            try (NDManager manager = NDManager.newBaseManager()) {
                NDArray row = scaled.process(manager, image).pixelValues().get(":, :, {}", size / 2 + 3);
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
