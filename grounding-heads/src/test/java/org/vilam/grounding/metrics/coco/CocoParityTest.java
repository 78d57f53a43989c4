package org.vilam.grounding.metrics.coco;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.geometry.Keypoints;
import org.vilam.vision.geometry.Rle;
import org.vilam.vision.geometry.Skeleton;
import org.vilam.vision.parity.ParityPack;

/** Numbers of pycocotools 2.0.11: {@code detection_ap.json} and {@code keypoints.json} of the metrics pack, and a larger random set. */
final class CocoParityTest {
    private static final Offset<Double> EXACT = within(1e-9);
    private static final ParityPack PACK = ParityPack.open("metrics");

    private static void assertEqual(Map<String, OptionalDouble> result, JsonNode stats) {
        assertThat(result).hasSize(stats.size());
        int i = 0;
        for (Map.Entry<String, OptionalDouble> entry : result.entrySet()) {
            double expected = stats.get(i++).asDouble();
            if (expected == -1) {
                assertThat(entry.getValue()).as(entry.getKey()).isEmpty();
            } else {
                assertThat(entry.getValue().orElseThrow()).as(entry.getKey()).isCloseTo(expected, EXACT);
            }
        }
    }

    private static Box xywh(JsonNode n) {
        return Box.ofXywh(
                n.get(0).asDouble(),
                n.get(1).asDouble(),
                n.get(2).asDouble(),
                n.get(3).asDouble());
    }

    private static double[] doubles(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .mapToDouble(JsonNode::asDouble)
                .toArray();
    }

    @Test
    void box_ap_of_the_pack() {
        JsonNode pack = PACK.json("detection_ap.json");
        Map<Integer, List<CocoTruth<Box>>> truths = new TreeMap<>();
        Map<Integer, List<CocoDetection<Box>>> detections = new TreeMap<>();
        for (JsonNode n : pack.get("ground_truth")) {
            truths.computeIfAbsent(n.get("image_id").asInt(), id -> new ArrayList<>())
                    .add(new CocoTruth<>(
                            xywh(n.get("bbox")),
                            n.get("category_id").asInt(),
                            n.get("area").asDouble(),
                            n.get("iscrowd").asInt() == 1,
                            false));
        }
        for (JsonNode n : pack.get("predictions")) {
            detections
                    .computeIfAbsent(n.get("image_id").asInt(), id -> new ArrayList<>())
                    .add(new CocoDetection<>(
                            xywh(n.get("bbox")),
                            n.get("category_id").asInt(),
                            n.get("score").asDouble()));
        }
        CocoEvaluation evaluation = new CocoEvaluation();
        truths.forEach((image, here) ->
                evaluation.addBoxes(image.toString(), here, detections.getOrDefault(image, List.of())));
        assertEqual(evaluation.result(CocoScore.REGION_SUMMARY), pack.get("stats"));
    }

    @Test
    void keypoint_similarity_and_ap_of_the_pack() {
        JsonNode pack = PACK.json("keypoints.json");
        assertThat(Skeleton.COCO_PERSON.sigmas().stream().mapToDouble(Double::doubleValue))
                .containsExactly(StreamSupport.stream(pack.get("sigmas").spliterator(), false)
                        .map(JsonNode::asDouble)
                        .toArray(Double[]::new));
        CocoEvaluation evaluation = new CocoEvaluation();
        for (int i = 0; i < pack.get("ground_truth").size(); i++) {
            JsonNode truth = pack.get("ground_truth").get(i);
            JsonNode answer = pack.get("predictions").get(i);
            assertThat(answer.get("image_id").asInt()).isEqualTo(i + 1);
            Oks.Person person = new Oks.Person(
                    Keypoints.ofCoco(Skeleton.COCO_PERSON, doubles(truth.get("keypoints"))), xywh(truth.get("bbox")));
            Keypoints keypoints = Keypoints.ofCoco(Skeleton.COCO_PERSON, doubles(answer.get("keypoints")));
            double area = truth.get("area").asDouble();
            assertThat(person.keypoints().labelled())
                    .isEqualTo(truth.get("num_keypoints").asInt());
            assertThat(Oks.similarity(person, area, keypoints))
                    .isCloseTo(pack.get("oks").get(i).asDouble(), EXACT);
            evaluation.addKeypoints(
                    Integer.toString(i),
                    List.of(new CocoTruth<>(person, 1, area)),
                    List.of(new CocoDetection<>(
                            keypoints, 1, answer.get("score").asDouble())));
        }
        assertEqual(evaluation.result(CocoScore.KEYPOINT_SUMMARY), pack.get("cocoeval_stats"));
    }

    private static JsonNode random() throws IOException {
        try (InputStream in = Objects.requireNonNull(CocoParityTest.class.getResourceAsStream("pycocotools.json"))) {
            return new ObjectMapper().readTree(new InputStreamReader(in, UTF_8));
        }
    }

    @Test
    void box_ap_with_ties_crowds_all_sizes_and_a_class_without_truths() throws IOException {
        JsonNode pack = random().get("boxes");
        CocoEvaluation evaluation = new CocoEvaluation();
        int number = 0;
        for (JsonNode image : pack.get("images")) {
            List<CocoTruth<Box>> truths = new ArrayList<>();
            image.get("truths")
                    .forEach(t -> truths.add(new CocoTruth<>(
                            xywh(t),
                            t.get(4).asInt(),
                            t.get(5).asDouble(),
                            t.get(6).asInt() == 1,
                            false)));
            List<CocoDetection<Box>> detections = new ArrayList<>();
            image.get("detections")
                    .forEach(d -> detections.add(new CocoDetection<>(
                            xywh(d), d.get(4).asInt(), d.get(5).asDouble())));
            evaluation.addBoxes("image " + number++, truths, detections);
        }
        assertEqual(evaluation.result(CocoScore.REGION_SUMMARY), pack.get("stats"));
        double meanOfClasses = (evaluation.ofCategory(CocoScore.AP, 1).orElseThrow()
                        + evaluation.ofCategory(CocoScore.AP, 2).orElseThrow())
                / 2;
        assertThat(meanOfClasses).isCloseTo(pack.get("stats").get(0).asDouble(), EXACT);
        assertThat(evaluation.ofCategory(CocoScore.AP, 3)).isEmpty(); // detected but nowhere annotated
    }

    @Test
    void mask_ap() throws IOException {
        JsonNode pack = random().get("masks");
        int height = pack.get("size").get(0).asInt();
        int width = pack.get("size").get(1).asInt();
        CocoEvaluation evaluation = new CocoEvaluation();
        for (JsonNode image : pack.get("images")) {
            List<CocoTruth<Rle>> truths = new ArrayList<>();
            image.get("truths")
                    .forEach(t -> truths.add(new CocoTruth<>(
                            Rle.parse(width, height, t.get(0).asText()),
                            t.get(1).asInt(),
                            t.get(2).asDouble(),
                            t.get(3).asInt() == 1,
                            false)));
            List<CocoDetection<Rle>> detections = new ArrayList<>();
            image.get("detections")
                    .forEach(d -> detections.add(new CocoDetection<>(
                            Rle.parse(width, height, d.get(0).asText()),
                            d.get(1).asInt(),
                            d.get(2).asDouble())));
            evaluation.addMasks("image", truths, detections);
        }
        assertEqual(evaluation.result(CocoScore.REGION_SUMMARY), pack.get("stats"));
    }
}
