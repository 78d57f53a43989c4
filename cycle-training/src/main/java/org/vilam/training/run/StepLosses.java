package org.vilam.training.run;

import ai.djl.ndarray.NDArray;
import java.util.LinkedHashMap;
import java.util.Map;
import org.vilam.vision.tensor.Constants;

/** The parts of a step's loss, weighed and added up as they come. */
final class StepLosses {
    private final Map<String, Double> values = new LinkedHashMap<>();
    private NDArray total;

    StepLosses(NDArray zero) {
        this.total = zero;
    }

    /**
     * Adds a part.
     *
     * @param loss one element
     */
    void add(String name, NDArray loss, double weight) {
        values.put(name, (double) loss.getFloat());
        if (weight != 0) {
            total = total.add(Constants.scale(loss, weight));
        }
    }

    /** One element. */
    NDArray total() {
        return total;
    }

    /** Each part before its weight, and {@code loss}, their weighted sum. */
    Map<String, Double> values() {
        Map<String, Double> all = new LinkedHashMap<>();
        all.put("loss", (double) total.getFloat());
        all.putAll(values);
        return all;
    }
}
