package org.vilam.grounding.loss;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.parity.ParityPack;

/** Targets of the SimVG packs: pixel corners, cut to those that are there, as parts of the input's sides. */
public final class SetTargets {
    private SetTargets() {}

    /** The targets of a pack's batch. */
    public static List<List<Box>> of(ParityPack pack) {
        ParityPack.Tensor boxes = pack.io("gt_bbox");
        int height = pack.caseJson().get("img_shape").get(0).asInt();
        int width = pack.caseJson().get("img_shape").get(1).asInt();
        JsonNode categories = pack.caseJson().get("gt_category_ids");
        int slots = boxes.shape().length == 2 ? 1 : (int) boxes.shape()[1];
        List<List<Box>> out = new ArrayList<>();
        for (int b = 0; b < boxes.shape()[0]; b++) {
            List<Box> sample = new ArrayList<>();
            for (int t = 0; t < slots; t++) {
                boolean there = categories == null || categories.get(b).path(t).asInt(-1) != -1;
                double[] v = boxes.values();
                int at = 4 * (b * slots + t);
                if (there) {
                    sample.add(new Box(v[at] / width, v[at + 1] / height, v[at + 2] / width, v[at + 3] / height));
                }
            }
            out.add(sample);
        }
        return out;
    }

    /** Row i of (centre x, centre y, width, height). */
    static Box row(float[] rows, int i) {
        return Box.ofCxcywh(rows[4 * i], rows[4 * i + 1], rows[4 * i + 2], rows[4 * i + 3]);
    }
}
