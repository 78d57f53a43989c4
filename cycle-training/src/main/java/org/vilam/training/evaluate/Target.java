package org.vilam.training.evaluate;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** What the bundled model aims at, by family and score. */
final class Target {
    static final String REC_50 = "rec acc@0.5";
    static final String REC_75 = "rec acc@0.75";
    static final String SETS = "sets f1@0.5";
    static final String NO_TARGET = "no-target f1";
    static final String MASKS = "mask mean iou";
    static final String KEYPOINTS = "keypoints pck@0.1";
    static final String ROUND_TRIP = "describe round trip@0.5";
    static final String CATEGORY = "category accuracy";

    /** In the order of reports. */
    static final List<String> SCORES = List.of(REC_50, REC_75, SETS, NO_TARGET, MASKS, KEYPOINTS, ROUND_TRIP, CATEGORY);

    private static final Map<String, Map<String, Double>> SEED = Map.of(
            "shapes",
            Map.of(
                    REC_50,
                    0.97,
                    REC_75,
                    0.90,
                    SETS,
                    0.93,
                    NO_TARGET,
                    0.97,
                    MASKS,
                    0.88,
                    ROUND_TRIP,
                    0.93,
                    CATEGORY,
                    0.97),
            "things",
            Map.of(
                    REC_50,
                    0.92,
                    REC_75,
                    0.80,
                    SETS,
                    0.88,
                    NO_TARGET,
                    0.93,
                    MASKS,
                    0.80,
                    ROUND_TRIP,
                    0.88,
                    CATEGORY,
                    0.85),
            "people",
            Map.of(
                    REC_50,
                    0.93,
                    REC_75,
                    0.80,
                    SETS,
                    0.90,
                    NO_TARGET,
                    0.93,
                    MASKS,
                    0.80,
                    KEYPOINTS,
                    0.90,
                    ROUND_TRIP,
                    0.88,
                    CATEGORY,
                    0.97),
            "phantoms",
            Map.of(
                    REC_50,
                    0.93,
                    REC_75,
                    0.80,
                    SETS,
                    0.90,
                    NO_TARGET,
                    0.93,
                    MASKS,
                    0.85,
                    ROUND_TRIP,
                    0.88,
                    CATEGORY,
                    0.95));
    /** How far unseen compositions may fall behind. */
    private static final double COMPOSITION_LOSS = 0.05;

    private static final double UNSEEN_STYLE_REC_50 = 0.80;

    private Target() {}

    /** What a score should at least be; empty where nothing was set. */
    static OptionalDouble of(String family, Split split, String score) {
        Double seed = SEED.getOrDefault(family, Map.of()).get(score);
        if (seed == null) {
            return OptionalDouble.empty();
        }
        return switch (split) {
            case SEED -> OptionalDouble.of(seed);
            case COMPOSITION -> OptionalDouble.of(seed - COMPOSITION_LOSS);
            case UNSEEN_STYLE -> score.equals(REC_50) ? OptionalDouble.of(UNSEEN_STYLE_REC_50) : OptionalDouble.empty();
        };
    }
}
