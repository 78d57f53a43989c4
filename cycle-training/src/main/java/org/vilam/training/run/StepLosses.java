package org.vilam.training.run;

import ai.djl.ndarray.NDArray;
import java.util.LinkedHashMap;
import java.util.Map;
import org.vilam.vision.tensor.Constants;

/** The parts of a step's loss, weighed and added up as they come. */
final class StepLosses {
    private final Map<String, Double> values = new LinkedHashMap<>();
    private String prefix = "";
    private double factor = 1;
    private boolean teach;
    private NDArray total;

    StepLosses(NDArray zero) {
        this.total = zero;
    }

    /** From now on names begin with a prefix, and weights are multiplied. */
    StepLosses behind(String newPrefix, double newFactor) {
        this.prefix = newPrefix;
        this.factor = newFactor;
        return this;
    }

    /**
     * Adds a part.
     *
     * @param loss one element
     */
    void add(String name, NDArray loss, double weight) {
        values.put(prefix + name, (double) loss.getFloat());
        if (weight * factor != 0) {
            total = total.add(Constants.scale(loss, weight * factor));
            teach = true;
        }
    }

    /** Whether the total depends on any part: an example without words, or weights of 0, teach nothing. */
    boolean teach() {
        return teach;
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
