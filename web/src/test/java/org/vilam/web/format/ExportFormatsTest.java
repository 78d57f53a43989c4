package org.vilam.web.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.vilam.vision.error.VilamException;
import org.vilam.vision.geometry.Mask;
import org.vilam.vision.geometry.Polygon;
import org.vilam.vision.geometry.Rle;
import org.vilam.vision.image.ImageDecoder;
import org.vilam.vision.image.RgbImage;
import org.vilam.web.json.Json;
import org.w3c.dom.Document;

class ExportFormatsTest {
    private static byte[] golden(String name) throws IOException {
        try (InputStream in = ExportFormatsTest.class.getResourceAsStream("golden/" + name)) {
            assertThat(in).as("golden file " + name).isNotNull();
            return in.readAllBytes();
        }
    }

    private static Exported write(String format) {
        return ExportFormats.write(format, List.of(Samples.all()));
    }

    static Map<String, byte[]> unzipped(byte[] zip) throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                files.put(entry.getName(), in.readAllBytes());
            }
        }
        return files;
    }

    @ParameterizedTest
    @CsvSource({
        "coco, annotations.coco.json",
        "rle, results.coco-rle.json",
        "labelme, labelme.json",
        "labelstudio, tasks.labelstudio.json",
        "geojson, qupath.geojson"
    })
    void json_formats_are_as_they_were_checked_by_hand(String format, String golden) throws IOException {
        assertThat(Json.tree(write(format).bytes(), "it").toPrettyString())
                .isEqualTo(Json.tree(golden(golden), "golden").toPrettyString());
    }

    @ParameterizedTest
    @CsvSource({"yolo, yolo-detect.txt", "yolo-seg, yolo-segment.txt", "yolo-pose, yolo-pose.txt"})
    void yolo_labels_are_as_they_were_checked_by_hand(String format, String golden) throws IOException {
        Map<String, byte[]> files = unzipped(write(format).bytes());
        assertThat(files.keySet())
                .containsExactly("data.yaml", "labels/train/abababababababab.txt", "images/train/abababababababab.png");
        assertThat(new String(files.get("labels/train/abababababababab.txt"), StandardCharsets.UTF_8))
                .isEqualTo(new String(golden(golden), StandardCharsets.UTF_8));
        String yaml = new String(files.get("data.yaml"), StandardCharsets.UTF_8);
        assertThat(yaml)
                .contains("train: images/train\n")
                .contains("  0: \"dog\"\n  1: \"frame\"\n  2: \"person\"\n  3: \"a \\\"b\\\" <c>");
        assertThat(yaml.contains("kpt_shape: [17, 3]")).isEqualTo(format.equals("yolo-pose"));
    }

    @Test
    void an_svg_is_as_it_was_checked_by_hand_and_well_formed_whatever_the_names() throws Exception {
        byte[] svg = write("svg").bytes();
        assertThat(new String(svg, StandardCharsets.UTF_8).replaceAll("base64,[^\"]*", "base64,"))
                .isEqualTo(new String(golden("overlay.svg"), StandardCharsets.UTF_8));
        Document document =
                DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new ByteArrayInputStream(svg));
        assertThat(document.getElementsByTagName("g").getLength()).isEqualTo(4);
        assertThat(document.getElementsByTagName("c").getLength()).isZero();
    }

    @Test
    void a_png_has_the_pictures_size_and_the_objects_where_they_are() {
        RgbImage drawn = new ImageDecoder().decode(write("png").bytes()).pixels();
        assertThat(drawn.width()).isEqualTo(Samples.WIDTH);
        assertThat(drawn.height()).isEqualTo(Samples.HEIGHT);
        // A quarter of the first colour, E69F00, over grey 100, in the dog's second part; beside it the picture as it
        // was.
        assertThat(drawn.get(14, 8, 0)).isBetween(132, 133);
        assertThat(drawn.get(14, 8, 1)).isBetween(114, 115);
        assertThat(drawn.get(14, 8, 2)).isEqualTo(75);
        assertThat(pixel(drawn, 18, 17)).isEqualTo("100,100,100");
        // The tag of the second object, with its number in black.
        assertThat(pixel(drawn, 20, 4)).isEqualTo("86,180,233");
        assertThat(pixel(drawn, 22, 6)).isEqualTo("0,0,0");
    }

    private static String pixel(RgbImage image, int x, int y) {
        return image.get(x, y, 0) + "," + image.get(x, y, 1) + "," + image.get(x, y, 2);
    }

    static List<String> formats() {
        return List.copyOf(ExportFormats.names());
    }

    @ParameterizedTest
    @MethodSource("formats")
    void the_same_result_gives_the_same_bytes(String format) {
        assertThat(write(format).bytes()).isEqualTo(write(format).bytes());
    }

    @ParameterizedTest
    @MethodSource("formats")
    void nothing_found_and_several_pictures_can_be_written_too(String format) {
        assertThat(ExportFormats.write(format, List.of(Samples.image())).bytes())
                .isNotEmpty();
        assertThat(ExportFormats.write(format, List.of(Samples.all(), Samples.image()))
                        .bytes())
                .isNotEmpty();
    }

    @Test
    void an_unknown_format_is_refused_with_the_known_ones() {
        assertThatThrownBy(() -> write("doc"))
                .isInstanceOfSatisfying(
                        VilamException.class, e -> assertThat(e.hint()).contains("coco, yolo"));
    }

    @Test
    void one_ring_covers_what_several_with_holes_did() {
        for (List<Polygon> parts : List.of(Samples.PARTS.polygons(), Samples.FRAME.polygons())) {
            Mask expected = Mask.ofPolygons(Samples.WIDTH, Samples.HEIGHT, parts);
            Polygon ring = Polygon.of(Keyhole.ring(parts));
            Mask drawn =
                    Rle.ofPolygon(Samples.WIDTH, Samples.HEIGHT, ring.toFlat()).toMask();
            assertThat(Rle.of(drawn).iou(Rle.of(expected))).isGreaterThan(0.9);
        }
    }

    @Test
    void a_labelme_mask_has_the_hole() {
        JsonNode shape = Json.tree(write("labelme").bytes(), "it").at("/shapes/2");
        assertThat(shape.get("shape_type").textValue()).isEqualTo("mask");
        RgbImage mask = new ImageDecoder()
                .decode(Base64.getDecoder().decode(shape.get("mask").textValue()))
                .pixels();
        assertThat(mask.width()).isEqualTo(10);
        assertThat(mask.get(0, 0, 0)).isEqualTo(255);
        assertThat(mask.get(5, 5, 0)).isZero();
    }
}
