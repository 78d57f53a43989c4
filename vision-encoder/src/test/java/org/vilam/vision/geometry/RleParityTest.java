package org.vilam.vision.geometry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.vilam.vision.parity.ParityPack;

/** Run-length codes against pycocotools: strings and counts exactly, overlaps to 1e-12. */
final class RleParityTest {
    private static final ParityPack PACK = ParityPack.open("metrics");
    private static final JsonNode RLE = PACK.json("rle.json");

    @Test
    void every_mask_has_the_code_area_and_box_of_pycocotools_and_comes_back() {
        int seen = 0;
        for (JsonNode entry : RLE.get("masks")) {
            String name = entry.get("name").asText();
            int height = entry.get("size").get(0).asInt();
            int width = entry.get("size").get(1).asInt();
            ParityPack.Tensor pixels = PACK.tensor("masks.safetensors", name);
            assertThat(pixels.shape()).containsExactly(height, width);
            Mask mask = Mask.ofBytes(width, height, pixels.bytes());
            Rle code = Rle.of(mask);
            String compressed = entry.get("compressed_counts").asText();

            assertThat(code.toCompressedString()).as(name).isEqualTo(compressed);
            assertThat(Rle.parse(width, height, compressed)).as(name).isEqualTo(code);
            assertThat(code.toMask()).as(name).isEqualTo(mask);
            assertThat(mask.toBytes()).as(name).isEqualTo(pixels.bytes());
            if (entry.has("uncompressed_counts")) {
                int[] counts = ints(entry.get("uncompressed_counts"));
                assertThat(code.counts()).as(name).isEqualTo(counts);
                assertThat(Rle.ofCounts(width, height, counts)).as(name).isEqualTo(code);
            }
            assertThat(code.area()).as(name).isEqualTo(entry.get("area").asLong());
            assertThat(mask.area()).as(name).isEqualTo(entry.get("area").asLong());
            assertThat(code.boundingBox().toXywh()).as(name).isEqualTo(doubles(entry.get("bbox_xywh")));
            seen++;
        }
        assertThat(seen).isEqualTo(14);
    }

    @Test
    void overlaps_of_all_pairs_equal_pycocotools_with_and_without_iscrowd() {
        Map<String, Rle> codes = codes();
        JsonNode table = RLE.get("iou");
        List<String> names = StreamSupport.stream(table.get("names").spliterator(), false)
                .map(JsonNode::asText)
                .toList();
        for (int d = 0; d < names.size(); d++) {
            for (int g = 0; g < names.size(); g++) {
                Rle detection = get(codes, names.get(d));
                Rle truth = get(codes, names.get(g));
                String pair = names.get(d) + " on " + names.get(g);
                double iou = table.get("iscrowd_0").get(d).get(g).asDouble();
                double crowd = table.get("iscrowd_1").get(d).get(g).asDouble();
                assertThat(detection.iou(truth)).as(pair).isCloseTo(iou, within(1e-12));
                assertThat(detection.crowdIou(truth)).as(pair).isCloseTo(crowd, within(1e-12));
                assertThat(detection.toMask().iou(truth.toMask())).as(pair).isCloseTo(iou, within(1e-12));
            }
        }
    }

    @Test
    void merges_equal_pycocotools() {
        Map<String, Rle> codes = codes();
        JsonNode merge = RLE.get("merge");
        assertThat(Rle.union(named(codes, merge.get("union_of"))).toCompressedString())
                .isEqualTo(merge.get("union").get("counts").asText());
        assertThat(Rle.intersection(named(codes, merge.get("intersection_of"))).toCompressedString())
                .isEqualTo(merge.get("intersection").get("counts").asText());
    }

    @Test
    void mask_pairs_have_the_listed_intersections_and_unions() {
        Map<String, Rle> codes = codes();
        for (JsonNode pair : PACK.json("mask_iou.json").get("pairs")) {
            Mask truth = get(codes, pair.get("ground_truth").asText()).toMask();
            Mask predicted = get(codes, pair.get("prediction").asText()).toMask();
            assertThat(truth.intersectionArea(predicted))
                    .isEqualTo(pair.get("intersection").asLong());
            assertThat(truth.unionArea(predicted)).isEqualTo(pair.get("union").asLong());
            assertThat(predicted.iou(truth)).isCloseTo(pair.get("iou").asDouble(), within(1e-12));
        }
    }

    private static List<Rle> named(Map<String, Rle> codes, JsonNode names) {
        return StreamSupport.stream(names.spliterator(), false)
                .map(n -> get(codes, n.asText()))
                .toList();
    }

    private static Rle get(Map<String, Rle> codes, String name) {
        return Objects.requireNonNull(codes.get(name), name);
    }

    private static Map<String, Rle> codes() {
        Map<String, Rle> codes = new LinkedHashMap<>();
        RLE.get("masks")
                .forEach(m -> codes.put(
                        m.get("name").asText(),
                        Rle.parse(
                                m.get("size").get(1).asInt(),
                                m.get("size").get(0).asInt(),
                                m.get("compressed_counts").asText())));
        return codes;
    }

    private static int[] ints(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .mapToInt(JsonNode::asInt)
                .toArray();
    }

    private static double[] doubles(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .mapToDouble(JsonNode::asDouble)
                .toArray();
    }
}
