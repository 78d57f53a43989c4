package org.vilam.training.run;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.vilam.vision.tensor.AdamW;
import org.vilam.vision.tensor.GradientScope;
import org.vilam.vision.tensor.Operations;
import org.vilam.vision.tensor.Parameter;

/**
 * Moves the weights that learn: clipping, AdamW with and without decay, and the moving average.
 *
 * <p>The state is named arrays, so that a checkpoint of the run is a list of tensors.
 */
final class Optimizer implements AutoCloseable {
    /** What the name of a moving average begins with in the state. */
    static final String AVERAGE = "average.";

    /** Weights that are moved by one thread at a time. */
    private static final int PORTION = 40;

    private final Recipe.OptimizerConfig config;
    private final int decaying;
    private final NDManager manager;
    private final List<Parameter> parameters;
    private final List<NDArray> weights = new ArrayList<>();
    private final List<NDArray> first = new ArrayList<>();
    private final List<NDArray> second = new ArrayList<>();
    private final List<NDArray> averages = new ArrayList<>();

    Optimizer(NDManager parent, List<Parameter> parameters, Recipe.OptimizerConfig config) {
        this.config = config;
        this.manager = parent.newSubManager();
        // Those with decay first, so that each group is a run of the list.
        this.parameters =
                new ArrayList<>(parameters.stream().filter(Parameter::decays).toList());
        this.parameters.addAll(parameters.stream().filter(p -> !p.decays()).toList());
        this.decaying = (int) parameters.stream().filter(Parameter::decays).count();
        try (GradientScope scope = GradientScope.noGradient()) {
            for (Parameter parameter : this.parameters) {
                NDArray array = parameter.array();
                weights.add(array);
                first.add(manager.zeros(array.getShape()));
                second.add(manager.zeros(array.getShape()));
                NDArray average = array.duplicate();
                average.attach(manager);
                averages.add(average);
            }
        }
    }

    /** The weights in the order gradients are expected in. */
    List<NDArray> weights() {
        return weights;
    }

    /**
     * One step.
     *
     * @param gradients one a weight; changed
     * @param step counted from 0
     * @param workers weights are moved on these, in portions that do not touch each other
     * @return the norm of the gradients before clipping; where it is not finite nothing moved
     */
    double step(List<NDArray> gradients, int step, int steps, ExecutorService workers)
            throws InterruptedException, ExecutionException {
        // On a worker too, for its one thread of linear algebra: a norm is a sum, which depends on how many share it.
        double norm = workers.submit(() -> Operations.get().clipGlobalNorm(gradients, config.clip()))
                .get();
        if (!Double.isFinite(norm)) {
            return norm;
        }
        double rate = config.rate(step, steps);
        // In the beginning the average must not hold on to the first weights.
        double decay = Math.min(config.ema(), (step + 1.0) / (step + 10.0));
        List<Callable<Object>> portions = new ArrayList<>();
        for (int from = 0; from < weights.size(); from += PORTION) {
            int begin = from;
            portions.add(Executors.callable(
                    () -> move(begin, Math.min(begin + PORTION, weights.size()), gradients, step, rate, decay)));
        }
        for (Future<Object> portion : workers.invokeAll(portions)) {
            portion.get();
        }
        return norm;
    }

    private void move(int from, int to, List<NDArray> gradients, int step, double rate, double decay) {
        try (GradientScope scope = GradientScope.noGradient()) {
            int split = Math.min(to, Math.max(from, decaying));
            adamW(from, split, gradients, step, new AdamW(rate, 0.9, config.beta2(), 1e-8, config.weightDecay()));
            adamW(split, to, gradients, step, new AdamW(rate, 0.9, config.beta2(), 1e-8, 0));
            Operations.get().movingAverage(averages.subList(from, to), weights.subList(from, to), decay);
        }
    }

    private void adamW(int from, int to, List<NDArray> gradients, int step, AdamW settings) {
        if (from < to) {
            Operations.get()
                    .adamW(
                            weights.subList(from, to),
                            gradients.subList(from, to),
                            first.subList(from, to),
                            second.subList(from, to),
                            step + 1L,
                            settings);
        }
    }

    /** The whole state by name: weights, moments and averages. */
    Map<String, NDArray> state() {
        Map<String, NDArray> state = new LinkedHashMap<>();
        for (int i = 0; i < parameters.size(); i++) {
            String name = parameters.get(i).name();
            state.put("weight." + name, weights.get(i));
            state.put("first." + name, first.get(i));
            state.put("second." + name, second.get(i));
            state.put(AVERAGE + name, averages.get(i));
        }
        return state;
    }

    /** The moving averages by weight name. */
    Map<String, NDArray> averages() {
        Map<String, NDArray> out = new LinkedHashMap<>();
        for (int i = 0; i < parameters.size(); i++) {
            out.put(parameters.get(i).name(), averages.get(i));
        }
        return out;
    }

    @Override
    public void close() {
        manager.close();
    }
}
