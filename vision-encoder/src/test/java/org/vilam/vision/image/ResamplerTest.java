package org.vilam.vision.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vilam.vision.parity.ParityPack;

class ResamplerTest {
    static Stream<String> picturesOfThePack() {
        JsonNode files = ParityPack.open("preprocess").caseJson().get("expected_files");
        List<String> names = new ArrayList<>();
        files.fieldNames().forEachRemaining(names::add);
        return names.stream();
    }

    @ParameterizedTest
    @MethodSource("picturesOfThePack")
    void every_picture_of_the_preprocess_pack_is_met_exactly(String name) {
        ParityPack pack = ParityPack.open("preprocess");
        String[] parts = name.split("\\.", -1);
        RgbImage source = Pictures.png(pack.file("source/" + parts[0] + ".png"));
        RgbImage expected = Pictures.png(pack.file("expected/" + name + ".png"));

        RgbImage actual = parts[1].startsWith("cv2")
                ? Resampler.resize(source, expected.width(), expected.height(), ResampleFilter.OPENCV_LINEAR)
                : framed(source, parts[1].endsWith("centred") ? FitMode.LETTERBOX : FitMode.CORNER);

        assertThat(actual.rgb()).isEqualTo(expected.rgb());
    }

    /** Long side to 384 on black, in pixels; the network's own frame is filled in {@link ImageProcessor}. */
    private static RgbImage framed(RgbImage source, FitMode fit) {
        FitMode.Placement place = fit.place(source.width(), source.height(), 384, 384);
        RgbImage inner = Resampler.resize(source, place.width(), place.height(), ResampleFilter.PIL_BILINEAR);
        byte[] frame = new byte[384 * 384 * 3];
        for (int y = 0; y < place.height(); y++) {
            int to = 3 * ((place.top() + y) * 384 + place.left());
            System.arraycopy(inner.rgb(), 3 * y * place.width(), frame, to, 3 * place.width());
        }
        return new RgbImage(384, 384, frame);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gradient", "text_noise", "one_pixel", "strip_noise", "gray", "photo"})
    void bicubic_to_224_equals_pillow_on_every_value(String name) {
        ParityPack pack = ParityPack.open("preprocess");
        RgbImage source = Pictures.png(pack.file("source/" + name + ".png"));

        RgbImage actual = Resampler.resize(source, 224, 224, ResampleFilter.PIL_BICUBIC);

        assertThat(actual.rgb()).isEqualTo(pack.io(name + ".bicubic224").bytes());
    }

    static Stream<JsonNode> casesOfPillowAndOpenCv() throws IOException {
        try (InputStream in = ResamplerTest.class.getResourceAsStream("/resampling/cases.json")) {
            List<JsonNode> cases = new ArrayList<>();
            new ObjectMapper().readTree(Objects.requireNonNull(in)).get("cases").forEach(cases::add);
            return cases.stream();
        }
    }

    @ParameterizedTest
    @MethodSource("casesOfPillowAndOpenCv")
    void sizes_of_every_kind_equal_pillow_and_opencv_on_every_value(JsonNode sizes) {
        RgbImage source = Pictures.noise(
                sizes.get("from").get(0).asInt(), sizes.get("from").get(1).asInt());
        sizes.get("crc32").properties().forEach(expected -> {
            ResampleFilter filter = ResampleFilter.valueOf(expected.getKey().toUpperCase(Locale.ROOT));
            CRC32 crc = new CRC32();
            crc.update(Resampler.resize(
                            source,
                            sizes.get("to").get(0).asInt(),
                            sizes.get("to").get(1).asInt(),
                            filter)
                    .rgb());
            assertThat(crc.getValue())
                    .as(filter + " " + sizes)
                    .isEqualTo(expected.getValue().asLong());
        });
    }

    @Property(tries = 300)
    void a_picture_of_one_colour_stays_so(
            @ForAll @IntRange(min = 1, max = 90) int width,
            @ForAll @IntRange(min = 1, max = 90) int height,
            @ForAll @IntRange(min = 1, max = 90) int toWidth,
            @ForAll @IntRange(min = 1, max = 90) int toHeight,
            @ForAll @IntRange(min = 0, max = 255) int grey,
            @ForAll ResampleFilter filter) {
        RgbImage plain = Pictures.plain(width, height, grey);

        RgbImage resized = Resampler.resize(plain, toWidth, toHeight, filter);

        assertThat(resized.rgb()).containsOnly((byte) grey);
        assertThat(resized.width()).isEqualTo(toWidth);
        assertThat(resized.height()).isEqualTo(toHeight);
    }

    @Test
    void the_same_size_costs_nothing() {
        RgbImage source = Pictures.noise(5, 4);
        assertThat(Resampler.resize(source, 5, 4, ResampleFilter.PIL_BICUBIC)).isSameAs(source);
    }

    @Test
    void a_mask_follows_opencv_where_two_divisions_differ_from_one() {
        // 26 columns to 320: 320 / 26 is not exact, and column 160 falls on 12, not 13 (polygons-to-mask, resize rule).
        byte[] ramp = new byte[26];
        for (int i = 0; i < ramp.length; i++) {
            ramp[i] = (byte) i;
        }
        byte[] resized = Resampler.resizePlane(ramp, 26, 1, 320, 1, ResampleFilter.OPENCV_NEAREST);
        int differing = 0;
        for (int i = 0; i < 320; i++) {
            int rule = Math.min(25, (int) Math.floor(i * (1.0 / (320.0 / 26))));
            assertThat(resized[i]).isEqualTo((byte) rule);
            differing += rule == i * 26 / 320 ? 0 : 1;
        }
        assertThat(differing).isPositive();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"triangle", "two_parts", "large_polygon", "wide_polygon", "rle_compressed", "resize_rounding"})
    void masks_of_c3vg_are_resized_as_its_loader_does(String name) {
        ParityPack pack = ParityPack.open("polygons-to-mask");
        ParityPack.Tensor mask = pack.io(name + ".mask");
        int height = (int) mask.shape()[0];
        int width = (int) mask.shape()[1];

        byte[] resized = Resampler.resizePlane(mask.bytes(), width, height, 320, 320, ResampleFilter.OPENCV_NEAREST);

        assertThat(resized).isEqualTo(pack.io(name + ".mask320").bytes());
    }

    @Test
    void torch_bilinear_and_bicubic_equal_values_computed_by_hand() {
        // Two pixels to four: positions -0.25 (clamped to 0), 0.25, 0.75, 1.25 (clamped to 1).
        float[] two = {10, 20};
        assertThat(Resampler.resizeFloat(two, 1, 2, 1, 4, 1, ResampleFilter.TORCH_BILINEAR))
                .containsExactly(10f, 12.5f, 17.5f, 20f);
        // Bicubic, a = -0.75, position 0.25 of [10, 20, 20, 20 ...] with left neighbours clamped to 10:
        // weights at distances 1.25, 0.25, 0.75, 1.75 are -0.10546875, 0.87890625, 0.26171875, -0.03515625.
        float[] bicubic = Resampler.resizeFloat(two, 1, 2, 1, 4, 1, ResampleFilter.TORCH_BICUBIC);
        assertThat(bicubic[1]).isEqualTo(10 * (-0.10546875f + 0.87890625f) + 20 * (0.26171875f - 0.03515625f));
        assertThat(bicubic[2]).isEqualTo(30 - bicubic[1]);
        // Position -0.25: distances 1.75, 0.75, 0.25, 1.25, of which the first three fall on 10.
        assertThat(bicubic[0]).isEqualTo(10 * (1 + 27 / 256f) - 20 * 27 / 256f);
    }

    @Test
    void an_8_bit_picture_and_its_float_copy_are_resized_alike() {
        RgbImage source = Pictures.noise(13, 9);
        float[] planes = new float[3 * 13 * 9];
        for (int i = 0; i < planes.length; i++) {
            planes[i] = source.get(i % 13, i / 13 % 9, i / 117);
        }
        assertThat(Resampler.resizeToFloat(source, 20, 7, ResampleFilter.TORCH_BICUBIC))
                .containsExactly(Resampler.resizeFloat(planes, 3, 13, 9, 20, 7, ResampleFilter.TORCH_BICUBIC));
    }

    @Test
    void impossible_requests_are_refused() {
        RgbImage source = Pictures.noise(3, 3);
        assertThatThrownBy(() -> Resampler.resize(source, 0, 3, ResampleFilter.PIL_BICUBIC))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0 x 3");
        assertThatThrownBy(() -> Resampler.resize(source, 50_000, 50_000, ResampleFilter.PIL_NEAREST))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Resampler.resizePlane(new byte[9], 3, 3, 2, 2, ResampleFilter.PIL_BILINEAR))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("nearest");
        assertThatThrownBy(() -> Resampler.resizePlane(new byte[8], 3, 3, 2, 2, ResampleFilter.PIL_NEAREST))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Resampler.resizeToFloat(source, 2, 2, ResampleFilter.PIL_BILINEAR))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
