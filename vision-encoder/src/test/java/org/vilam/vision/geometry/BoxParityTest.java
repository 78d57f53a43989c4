package org.vilam.vision.geometry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vilam.vision.parity.ParityPack;

/** Box overlaps against pycocotools and against the loss code of OneRef and HiVG. */
final class BoxParityTest {
    private static final double ATOL = 2e-6;
    private static final double RTOL = 2e-5;

    @Test
    void overlaps_equal_pycocotools_with_and_without_iscrowd() {
        JsonNode pack = ParityPack.open("metrics").json("box_iou.json");
        List<Box> detections = boxes(pack.get("detections_xywh"));
        List<Box> truths = boxes(pack.get("ground_truth_xywh"));
        JsonNode crowd = pack.get("iscrowd_mixed");
        for (int d = 0; d < detections.size(); d++) {
            for (int g = 0; g < truths.size(); g++) {
                Box detection = detections.get(d);
                Box truth = truths.get(g);
                assertThat(detection.iou(truth))
                        .as("detection %d, truth %d", d, g)
                        .isCloseTo(pack.get("iou_iscrowd_0").get(d).get(g).asDouble(), within(1e-12));
                double mixed = crowd.get(g).asInt() == 1 ? detection.crowdIou(truth) : detection.iou(truth);
                assertThat(mixed)
                        .as("detection %d, truth %d, iscrowd as listed", d, g)
                        .isCloseTo(pack.get("iou_iscrowd_mixed").get(d).get(g).asDouble(), within(1e-12));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"random", "degenerate"})
    void giou_and_iou_equal_the_loss_code_of_oneref(String group) {
        ParityPack pack = ParityPack.open("box-losses");
        double[] predicted = pack.io(group + ".pred_cxcywh").values();
        double[] target = pack.io(group + ".target_cxcywh").values();
        double[] giou = pack.io(group + ".giou").values();
        double[] iou = pack.io(group + ".iou").values();
        double[] union = pack.io(group + ".union").values();
        assertThat(giou).hasSizeGreaterThanOrEqualTo(13);
        for (int i = 0; i < giou.length; i++) {
            Box p = cxcywh(predicted, i);
            Box t = cxcywh(target, i);
            assertThat(p.giou(t)).as("%s giou %d", group, i).isCloseTo(giou[i], tolerance(giou[i]));
            assertThat(p.iou(t)).as("%s iou %d", group, i).isCloseTo(iou[i], tolerance(iou[i]));
            assertThat(p.area() + t.area() - p.intersectionArea(t))
                    .as("%s union %d", group, i)
                    .isCloseTo(union[i], tolerance(union[i]));
        }
    }

    private static org.assertj.core.data.Offset<Double> tolerance(double expected) {
        return within(ATOL + RTOL * Math.abs(expected));
    }

    private static Box cxcywh(double[] rows, int i) {
        return Box.ofCxcywh(rows[4 * i], rows[4 * i + 1], rows[4 * i + 2], rows[4 * i + 3]);
    }

    private static List<Box> boxes(JsonNode xywh) {
        List<Box> boxes = new ArrayList<>();
        xywh.forEach(b -> boxes.add(Box.ofXywh(
                b.get(0).asDouble(),
                b.get(1).asDouble(),
                b.get(2).asDouble(),
                b.get(3).asDouble())));
        return boxes;
    }
}
