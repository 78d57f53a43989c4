package org.vilam.grounding.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.geometry.Mask;
import org.vilam.vision.parity.ParityPack;

/** {@code rec.json}, {@code mask_iou.json}, {@code grec.json}, {@code gres.json} and {@code box_iou.json} of the metrics pack. */
final class ReferringParityTest {
    private static final Offset<Double> EXACT = within(1e-9);
    private static final ParityPack PACK = ParityPack.open("metrics");

    private static Box box(JsonNode xyxy) {
        return new Box(
                xyxy.get(0).asDouble(),
                xyxy.get(1).asDouble(),
                xyxy.get(2).asDouble(),
                xyxy.get(3).asDouble());
    }

    private static List<Box> boxes(JsonNode list) {
        List<Box> boxes = new ArrayList<>();
        list.forEach(node -> boxes.add(box(node)));
        return boxes;
    }

    private static Mask mask(JsonNode name) {
        ParityPack.Tensor tensor = PACK.tensor("masks.safetensors", name.asText());
        return Mask.ofBytes((int) tensor.shape()[1], (int) tensor.shape()[0], tensor.bytes());
    }

    @Test
    void rec() {
        JsonNode pack = PACK.json("rec.json");
        RecAccuracy rec = new RecAccuracy(0.5);
        for (JsonNode pair : pack.get("pairs")) {
            rec.add("image", box(pair.get("ground_truth_xyxy")), box(pair.get("prediction_xyxy")));
            RecAccuracy.Sample sample = rec.samples().get(rec.samples().size() - 1);
            assertThat(sample.iou()).isCloseTo(pair.get("iou").asDouble(), EXACT);
            assertThat(RecAccuracy.accuracyAt(0.5).of(List.of(sample)))
                    .hasValue(pair.get("correct_at_0.5").asBoolean() ? 1 : 0);
        }
        RecAccuracy.Result result = rec.result();
        assertThat(result.accuracy().get(0).value().orElseThrow())
                .isCloseTo(pack.get("accuracy_at_0.5").asDouble(), EXACT);
        assertThat(result.meanIou().orElseThrow())
                .isCloseTo(pack.get("mean_iou").asDouble(), EXACT);
    }

    @Test
    void mask_iou() {
        JsonNode pack = PACK.json("mask_iou.json");
        ReferringSegmentation res = new ReferringSegmentation();
        for (JsonNode pair : pack.get("pairs")) {
            res.add("image", mask(pair.get("ground_truth")), mask(pair.get("prediction")));
            ReferringSegmentation.Sample sample =
                    res.samples().get(res.samples().size() - 1);
            assertThat(sample.intersection()).isEqualTo(pair.get("intersection").asLong());
            assertThat(sample.union()).isEqualTo(pair.get("union").asLong());
            assertThat(sample.iou()).isCloseTo(pair.get("iou").asDouble(), EXACT);
        }
        ReferringSegmentation.Result result = res.result();
        assertThat(result.meanIou().orElseThrow()).isCloseTo(pack.get("mIoU").asDouble(), EXACT);
        assertThat(result.overallIou().orElseThrow()).isCloseTo(pack.get("oIoU").asDouble(), EXACT);
        assertThat(result.precision()).hasSize(pack.get("precision").size());
        for (AtThreshold precision : result.precision()) {
            assertThat(precision.value().orElseThrow())
                    .isCloseTo(
                            pack.get("precision")
                                    .get(Double.toString(precision.threshold()))
                                    .asDouble(),
                            EXACT);
        }
    }

    @Test
    void grec() {
        JsonNode pack = PACK.json("grec.json");
        GeneralizedRec grec = new GeneralizedRec(
                pack.get("score_threshold").asDouble(),
                pack.get("iou_threshold").asDouble(),
                BoxOverlap.IOU);
        for (JsonNode node : pack.get("samples")) {
            List<ScoredBox> answers = new ArrayList<>();
            node.get("predictions_xyxy_score")
                    .forEach(p -> answers.add(new ScoredBox(box(p), p.get(4).asDouble())));
            grec.add("image", boxes(node.get("ground_truth_xyxy")), answers);
            GeneralizedRec.Sample sample = grec.samples().get(grec.samples().size() - 1);
            assertThat(sample.f1()).isCloseTo(node.get("f1").asDouble(), EXACT);
            assertThat(GeneralizedRec.precision().of(List.of(sample)))
                    .hasValue(node.get("correct").asBoolean() ? 1 : 0);
            List<Box> kept = answers.stream()
                    .filter(answer -> answer.score() >= 0.7)
                    .map(ScoredBox::box)
                    .toList();
            assertThat(kept).hasSize(node.get("kept").asInt());
            assertThat(BoxMatching.greedy(kept, boxes(node.get("ground_truth_xyxy")), 0.5, BoxOverlap.IOU)
                            .truePositives())
                    .isEqualTo(node.get("true_positives").asInt());
        }
        GeneralizedRec.Result result = grec.result();
        assertThat(result.precision().orElseThrow())
                .isCloseTo(pack.get("precision_f1_1").asDouble(), EXACT);
        assertThat(result.noTargetAccuracy().orElseThrow())
                .isCloseTo(pack.get("n_acc").asDouble(), EXACT);
        assertThat(result.targetAccuracy().orElseThrow())
                .isCloseTo(pack.get("t_acc").asDouble(), EXACT);
    }

    @Test
    void gres() {
        JsonNode pack = PACK.json("gres.json");
        GeneralizedRes gres = new GeneralizedRes();
        pack.get("pairs")
                .forEach(pair -> gres.add("image", mask(pair.get("ground_truth")), mask(pair.get("prediction"))));
        GeneralizedRes.Result result = gres.result();
        assertThat(result.gIou().orElseThrow()).isCloseTo(pack.get("gIoU").asDouble(), EXACT);
        assertThat(result.cIou().orElseThrow()).isCloseTo(pack.get("cIoU").asDouble(), EXACT);
        assertThat(result.noTargetAccuracy().orElseThrow())
                .isCloseTo(pack.get("n_acc").asDouble(), EXACT);
        assertThat(result.targetAccuracy().orElseThrow())
                .isCloseTo(pack.get("t_acc").asDouble(), EXACT);
    }

    @Test
    void box_iou_with_and_without_crowds() {
        JsonNode pack = PACK.json("box_iou.json");
        JsonNode detections = pack.get("detections_xywh");
        JsonNode truths = pack.get("ground_truth_xywh");
        for (int i = 0; i < detections.size(); i++) {
            for (int j = 0; j < truths.size(); j++) {
                Box detection = xywh(detections.get(i));
                Box truth = xywh(truths.get(j));
                boolean crowd = pack.get("iscrowd_mixed").get(j).asInt() == 1;
                assertThat(BoxOverlap.IOU.of(detection, truth))
                        .isCloseTo(pack.get("iou_iscrowd_0").get(i).get(j).asDouble(), EXACT);
                assertThat(crowd ? detection.crowdIou(truth) : detection.iou(truth))
                        .isCloseTo(pack.get("iou_iscrowd_mixed").get(i).get(j).asDouble(), EXACT);
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
}
