package org.vilam.training.run;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.vilam.assistant.vilam.VilamModel;
import org.vilam.training.sample.Framed;
import org.vilam.training.sample.Framer;
import org.vilam.vision.tensor.GradientScope;
import org.vilam.vision.tensor.Mode;
import org.vilam.vision.tensor.Operations;

/**
 * One optimiser step after the other.
 *
 * <p>A step is cut into shards; each is computed on one thread with one thread of linear algebra, which on few cores beats sharing
 * every matrix product, and does not stall when something else wants a core. Gradients are added up in the order of the shards, so
 * that threads never change a result. While a trainer is open, threads that begin to compute elsewhere in the process have one thread
 * of linear algebra as well: the engine has one setting for all of them.
 */
final class Trainer implements AutoCloseable {
    private final Recipe recipe;
    private final VilamModel model;
    private final Cycle cycle;
    private final Optimizer optimizer;
    private final NDManager manager;
    private final ExecutorService workers;
    private final int algebraThreads;

    /** A trainer with as many threads as there are processors, but no more than shards. */
    Trainer(Recipe recipe, VilamModel model, Framer framer, Optimizer optimizer, NDManager manager) {
        this(recipe, model, framer, optimizer, manager, Runtime.getRuntime().availableProcessors());
    }

    /** As the five-argument form, with at most so many threads. */
    Trainer(Recipe recipe, VilamModel model, Framer framer, Optimizer optimizer, NDManager manager, int threads) {
        this.recipe = recipe;
        this.model = model;
        this.cycle = new Cycle(model, framer);
        this.optimizer = optimizer;
        this.manager = manager;
        this.algebraThreads = JniUtils.getNumThreads();
        this.workers = Executors.newFixedThreadPool(Math.min(recipe.shards(), threads), r -> {
            Runnable alone = () -> {
                JniUtils.setNumThreads(1);
                r.run();
            };
            Thread thread = new Thread(alone, "trainer");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** The gradients of a shard and its losses; the arrays belong to the manager. */
    private record Shard(NDManager manager, List<NDArray> gradients, Map<String, Double> losses) {}

    /**
     * One step.
     *
     * @param shards the examples of each shard
     * @param step counted from 0
     * @return mean losses of the shards by name, with the gradients' {@code norm} and the learning {@code rate}
     */
    Map<String, Double> step(List<List<Framed>> shards, int step) {
        List<Callable<Shard>> tasks = new ArrayList<>();
        for (int i = 0; i < shards.size(); i++) {
            int index = i;
            tasks.add(() -> shard(shards.get(index), step, ((long) step * 1000 + index) ^ recipe.seed()));
        }
        List<Shard> done = new ArrayList<>();
        try {
            collect(workers.invokeAll(tasks), done);
            List<NDArray> sum = done.get(0).gradients();
            try (GradientScope scope = GradientScope.noGradient()) {
                for (Shard shard : done.subList(1, done.size())) {
                    for (int p = 0; p < sum.size(); p++) {
                        sum.get(p).addi(shard.gradients().get(p));
                    }
                }
            }
            double norm = optimizer.step(sum, step, recipe.steps(), workers);
            Map<String, Double> out = mean(done.stream().map(Shard::losses).toList());
            out.put("norm", norm);
            out.put("rate", recipe.optimizer().rate(step, recipe.steps()));
            return out;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted in step " + step, e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        } finally {
            done.forEach(shard -> shard.manager().close());
        }
    }

    /** The results of all that ended well, so that they can be closed, then the first failure if there was one. */
    private static void collect(List<Future<Shard>> ended, List<Shard> done)
            throws InterruptedException, ExecutionException {
        ExecutionException failure = null;
        for (Future<Shard> shard : ended) {
            try {
                done.add(shard.get());
            } catch (ExecutionException e) {
                failure = failure == null ? e : failure;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private Shard shard(List<Framed> examples, int number, long seed) {
        NDManager results = manager.newSubManager();
        try (NDManager step = manager.newSubManager()) {
            Mode mode = Mode.training(seed);
            mode = recipe.mixed() ? mode.mixed() : mode;
            List<Framed> described = List.of();
            List<Framed> found = List.of();
            Map<String, Double> counts = new LinkedHashMap<>();
            if (number >= recipe.cycle().from()) {
                described = recipe.cycle().regToRec() > 0 ? cycle.regToRec(step, examples, counts) : described;
                found = recipe.cycle().recToReg() > 0 ? cycle.recToReg(step, examples, counts) : found;
            }
            StepLosses losses;
            NDArray loss;
            try (GradientScope scope = GradientScope.recording()) {
                losses = new StepLosses(step.zeros(new Shape()));
                LossWeights weights = recipe.lesson(number).losses();
                add(losses.behind("", 1), weights, step, examples, mode);
                add(losses.behind("reg_to_rec_", recipe.cycle().regToRec()), weights, step, described, mode);
                add(losses.behind("rec_to_reg_", recipe.cycle().recToReg()), weights, step, found, mode);
                loss = losses.total().mul(step.full(new Shape(), 1f / recipe.shards()));
            }
            List<NDArray> gradients = losses.teach()
                    ? Operations.get().gradients(loss, optimizer.weights())
                    : optimizer.weights().stream()
                            .map(w -> step.zeros(w.getShape()))
                            .toList();
            gradients.forEach(g -> g.attach(results));
            counts.putAll(losses.values());
            return new Shard(results, gradients, counts);
        } catch (RuntimeException | Error e) {
            results.close();
            throw e;
        }
    }

    private void add(StepLosses losses, LossWeights weights, NDManager step, List<Framed> examples, Mode mode) {
        int side = model.config().encoder().imgSize();
        List<float[]> pictures = new ArrayList<>();
        List<Framed.Grounding> groundings = new ArrayList<>();
        List<Integer> owners = new ArrayList<>();
        List<int[][]> words = new ArrayList<>();
        List<float[]> told = new ArrayList<>();
        List<float[]> seen = new ArrayList<>();
        List<int[][]> seenWords = new ArrayList<>();
        List<LanguageLoss.Asked> asked = new ArrayList<>();
        for (Framed example : examples) {
            for (Framed.Grounding grounding : example.groundings()) {
                groundings.add(grounding);
                owners.add(pictures.size());
                words.add(example.words());
            }
            if (!example.groundings().isEmpty()) {
                pictures.add(example.pixels());
            } else if (weights.stemWords() > 0) {
                seen.add(example.pixels());
                seenWords.add(example.words());
            }
            if (!example.tellings().isEmpty()) {
                for (Framed.Telling telling : example.tellings()) {
                    asked.add(new LanguageLoss.Asked(told.size(), telling));
                }
                told.add(example.pixels());
            }
        }
        if (!groundings.isEmpty()) {
            new GroundingLoss(model, weights)
                    .add(losses, images(step, pictures, side), owners, words, groundings, mode);
        }
        if (!seen.isEmpty()) {
            new GroundingLoss(model, weights).addSeen(losses, images(step, seen, side), seenWords, mode);
        }
        if (!asked.isEmpty()) {
            losses.add(
                    "language", new LanguageLoss(model).of(images(step, told, side), asked, mode), weights.language());
        }
    }

    /** Pictures (B, 3, S, S), each framed. */
    static NDArray images(NDManager manager, List<float[]> pictures, int side) {
        float[] all = new float[pictures.size() * 3 * side * side];
        for (int i = 0; i < pictures.size(); i++) {
            System.arraycopy(pictures.get(i), 0, all, i * 3 * side * side, 3 * side * side);
        }
        return manager.create(all, new Shape(pictures.size(), 3, side, side));
    }

    private static Map<String, Double> mean(List<Map<String, Double>> parts) {
        Map<String, Double> sums = new LinkedHashMap<>();
        Map<String, Integer> counts = new LinkedHashMap<>();
        for (Map<String, Double> part : parts) {
            part.forEach((name, value) -> {
                sums.merge(name, value, Double::sum);
                counts.merge(name, 1, Integer::sum);
            });
        }
        sums.replaceAll((name, sum) -> sum / counts.getOrDefault(name, 1));
        return sums;
    }

    /** Returns when no thread computes any more. */
    @Override
    public void close() {
        workers.shutdown();
        try {
            workers.awaitTermination(1, TimeUnit.HOURS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        JniUtils.setNumThreads(algebraThreads);
    }
}
