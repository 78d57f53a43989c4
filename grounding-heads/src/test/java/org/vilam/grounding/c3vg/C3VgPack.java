package org.vilam.grounding.c3vg;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.HashSet;
import java.util.Set;
import java.util.function.BiConsumer;
import org.vilam.grounding.parity.PackArrays;
import org.vilam.grounding.parity.PackWeights;
import org.vilam.vision.checkpoint.TensorSource;
import org.vilam.vision.parity.ParityPack;
import org.vilam.vision.tensor.Constants;

/** What the comparisons with C3VG's packs share: configuration, targets, and tensors as the packs cut them. */
record C3VgPack(ParityPack pack, NDManager manager, PackArrays arrays) {
    C3VgPack(ParityPack pack, NDManager manager) {
        this(pack, manager, new PackArrays(pack, manager));
    }

    static C3VgConfig config(JsonNode sizes) throws Exception {
        return new ObjectMapper()
                .configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false)
                .treeToValue(sizes, C3VgConfig.class)
                .withoutDropout();
    }

    TensorSource weights() {
        return C3VgFamily.KEYS.apply(new PackWeights(pack));
    }

    double tolerance(String phase) {
        return pack.caseJson()
                .get("tolerance")
                .get(phase.startsWith("bn_train") ? "tol_bn_train" : "tol")
                .asDouble();
    }

    /** (B, 4), (centre x, centre y, width, height) as parts of the sides. */
    NDArray boxes() {
        float side = sides()[1];
        float[] v = pack.io("gt_bbox").floats();
        float[] out = new float[v.length];
        for (int i = 0; i < v.length; i += 4) {
            out[i] = (v[i] + v[i + 2]) / 2 / side;
            out[i + 1] = (v[i + 1] + v[i + 3]) / 2 / side;
            out[i + 2] = (v[i + 2] - v[i]) / side;
            out[i + 3] = (v[i + 3] - v[i + 1]) / side;
        }
        return Constants.of(manager, out, new Shape(v.length / 4, 4));
    }

    /** (B, height, width), 0 or 1. */
    NDArray masks() {
        return arrays.get("gt_mask");
    }

    int[] sides() {
        long[] shape = pack.io("gt_mask").shape();
        return new int[] {(int) shape[1], (int) shape[2]};
    }

    /** Compares the intermediates that the pack lists, and notes which it saw. */
    BiConsumer<String, NDArray> tap(String phase, Set<String> seen) {
        return (key, value) -> {
            String listed = phase + key;
            if (pack.caseJson().get("tensors").has(listed)) {
                seen.add(key);
                assertClose(listed, value);
            }
        };
    }

    void assertClose(String key, NDArray value) {
        arrays.assertCloseToScale(key, cut(value, pack.io(key).shape()), tolerance(key));
    }

    /** Asserts a stage's answers, its logits also at the size of the network input. */
    void assertStage(String phase, String stage, C3VgHead.Stage answer) {
        assertClose(phase + "box_" + stage, answer.boxes());
        assertClose(phase + "mask_" + stage + "_logits", answer.masks());
        String full = phase + "mask_" + stage + "_full";
        if (pack.caseJson().get("tensors").has(full + ".strided")) {
            NDArray enlarged = answer.enlarged(sides()[0], sides()[1]);
            int stride = pack.caseJson().get("mask_stride").asInt();
            assertClose(full + ".strided", enlarged.get(":, :, ::" + stride + ", ::" + stride));
            assertStats(full + ".stats", enlarged);
        }
    }

    void assertLoss(String phase, C3VgLoss.Terms terms) {
        stage(phase, "first", terms.first());
        stage(phase, "second", terms.second());
        number(phase + "loss_total", terms.total().getFloat());
    }

    private void stage(String phase, String stage, C3VgLoss.Stage terms) {
        number(phase + "loss_mask_" + stage, terms.mask().getFloat());
        number(phase + "loss_bbox_" + stage, terms.box().getFloat());
        number(phase + "loss_cons_" + stage, terms.consistency().getFloat());
    }

    private void number(String key, double value) {
        double tolerance = tolerance(key);
        arrays.assertClose(key, value, v -> tolerance * Math.max(1, Math.abs(v)));
    }

    /** Mean, population standard deviation, least, largest and sum of absolute values. */
    void assertStats(String key, NDArray value) {
        float[] v = value.toFloatArray();
        double[] stats = {0, 0, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 0};
        for (float x : v) {
            stats[0] += x / v.length;
            stats[2] = Math.min(stats[2], x);
            stats[3] = Math.max(stats[3], x);
            stats[4] += Math.abs(x);
        }
        for (float x : v) {
            stats[1] += (x - stats[0]) * (x - stats[0]) / v.length;
        }
        stats[1] = Math.sqrt(stats[1]);
        float[] out = new float[stats.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = (float) stats[i];
        }
        PackArrays.assertClose(key, out, pack.io(key).values(), e -> 1e-4 * Math.max(1, Math.abs(e)));
    }

    /** The first channels, and every so many rows and columns, as the pack's shape asks. */
    private static NDArray cut(NDArray value, long[] listed) {
        Shape shape = value.getShape();
        assertThat(shape.dimension()).isEqualTo(listed.length);
        if (listed.length == 4) {
            long stride = shape.get(3) / listed[3];
            return value.get(":, :" + listed[1] + ", ::" + stride + ", ::" + stride);
        }
        return listed.length == 3 ? value.get(":, :, :" + listed[2]) : value;
    }

    static Set<String> seen() {
        return new HashSet<>();
    }
}
