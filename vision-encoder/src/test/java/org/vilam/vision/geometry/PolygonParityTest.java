package org.vilam.vision.geometry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.vilam.vision.error.VilamException;
import org.vilam.vision.parity.ParityPack;

/** Filled polygons and resized masks against pycocotools and OpenCV, every pixel and every string exactly. */
final class PolygonParityTest {
    @Test
    void polygons_and_boxes_have_the_codes_of_pycocotools() {
        JsonNode pack = ParityPack.open("metrics").json("polygons.json");
        for (JsonNode entry : pack.get("polygons")) {
            String name = entry.get("name").asText();
            int height = entry.get("size").get(0).asInt();
            int width = entry.get("size").get(1).asInt();
            List<Rle> parts = new ArrayList<>();
            for (JsonNode part : entry.get("polygons")) {
                parts.add(Rle.ofPolygon(width, height, doubles(part)));
            }
            assertThat(parts)
                    .extracting(Rle::toCompressedString)
                    .as(name)
                    .containsExactlyElementsOf(
                            StreamSupport.stream(entry.get("parts").spliterator(), false)
                                    .map(JsonNode::asText)
                                    .toList());
            Rle merged = Rle.union(parts);
            assertThat(merged.toCompressedString())
                    .as(name)
                    .isEqualTo(entry.get("merged_counts").asText());
            assertThat(merged.area()).as(name).isEqualTo(entry.get("area").asLong());
            assertThat(merged.boundingBox().toXywh()).as(name).isEqualTo(doubles(entry.get("bbox_xywh")));
        }
        assertThat(pack.get("polygons")).hasSize(12);
        for (JsonNode entry : pack.get("boxes")) {
            double[] xywh = doubles(entry.get("box_xywh"));
            Rle code = Rle.ofBox(
                    entry.get("size").get(1).asInt(),
                    entry.get("size").get(0).asInt(),
                    Box.ofXywh(xywh[0], xywh[1], xywh[2], xywh[3]));
            assertThat(code.toCompressedString()).isEqualTo(entry.get("counts").asText());
        }
    }

    static List<JsonNode> cases() {
        return StreamSupport.stream(
                        ParityPack.open("polygons-to-mask")
                                .caseJson()
                                .get("cases")
                                .spliterator(),
                        false)
                .filter(c -> c.has("rle_counts"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void an_annotation_becomes_the_mask_of_c3vgs_loader_also_at_320(JsonNode annotation) {
        ParityPack pack = ParityPack.open("polygons-to-mask");
        String name = annotation.get("name").asText();
        int height = annotation.get("height").asInt();
        int width = annotation.get("width").asInt();
        Rle code = code(annotation.get("mask"), width, height);
        assertThat(code.toCompressedString())
                .isEqualTo(annotation.get("rle_counts").asText());
        assertThat(code.area()).isEqualTo(annotation.get("area").asLong());
        assertThat(code.boundingBox().toXywh()).isEqualTo(doubles(annotation.get("rle_bbox_xywh")));

        Mask mask = code.toMask();
        assertThat(mask.toBytes()).isEqualTo(pack.io(name + ".mask").bytes());
        Mask resized = mask.resized(320, 320);
        assertThat(resized.toRle().toCompressedString())
                .isEqualTo(annotation.get("rle_counts_320").asText());
        assertThat(resized.area()).isEqualTo(annotation.get("area_320").asLong());
        if (pack.caseJson().get("tensors").has(name + ".mask320")) {
            assertThat(resized.toBytes()).isEqualTo(pack.io(name + ".mask320").bytes());
        }
    }

    @Test
    void all_listed_annotations_but_the_one_pycocotools_refuses_are_compared() {
        JsonNode cases = ParityPack.open("polygons-to-mask").caseJson().get("cases");
        assertThat(cases.size() - cases().size()).isEqualTo(1);
        assertThat(cases().size()).isGreaterThanOrEqualTo(27);
    }

    @Test
    void a_part_of_four_numbers_is_no_polygon_object() {
        assertThatThrownBy(() -> Polygon.ofFlat(2, 3, 12, 9))
                .isInstanceOf(VilamException.class)
                .hasMessageContaining("2 points");
    }

    private static Rle code(JsonNode mask, int width, int height) {
        if (mask.isArray()) {
            List<Rle> parts = new ArrayList<>();
            mask.forEach(part -> parts.add(Rle.ofPolygon(width, height, doubles(part))));
            return Rle.union(parts);
        }
        assertThat(mask.get("size").get(0).asInt()).isEqualTo(height);
        assertThat(mask.get("size").get(1).asInt()).isEqualTo(width);
        JsonNode counts = mask.get("counts");
        return counts.isTextual()
                ? Rle.parse(width, height, counts.asText())
                : Rle.ofCounts(
                        width,
                        height,
                        StreamSupport.stream(counts.spliterator(), false)
                                .mapToInt(JsonNode::asInt)
                                .toArray());
    }

    private static double[] doubles(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .mapToDouble(JsonNode::asDouble)
                .toArray();
    }
}
