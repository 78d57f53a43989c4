package org.vilam.training.run;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.vilam.training.sample.Example;
import org.vilam.training.sample.Framed;
import org.vilam.training.sample.Framer;

/**
 * Makes the examples of coming steps on threads of its own. What a step gets depends on its number alone.
 *
 * <p>For one reader.
 */
final class Feed implements AutoCloseable {
    private static final int AHEAD = 4;

    /** The example of a number, as the lesson of a step wants it. */
    @FunctionalInterface
    interface Source {
        Example get(int step, long index);
    }

    private final Source source;
    private final Framer framer;
    private final int shards;
    private final int images;
    private final int last;
    private final ExecutorService makers;
    private final Deque<List<List<Future<Framed>>>> ahead = new ArrayDeque<>();
    private int nextToOrder;

    /** A feed with a thread for every processor. */
    Feed(Source source, Framer framer, Recipe recipe, int firstStep) {
        this(source, framer, recipe, firstStep, Runtime.getRuntime().availableProcessors());
    }

    /** As the four-argument form, with so many threads. */
    Feed(Source source, Framer framer, Recipe recipe, int firstStep, int threads) {
        this.source = source;
        this.framer = framer;
        this.shards = recipe.shards();
        this.images = recipe.images();
        this.last = recipe.steps();
        this.nextToOrder = firstStep;
        this.makers = Executors.newFixedThreadPool(threads, r -> {
            Thread thread = new Thread(r, "feed");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** The shards of the next step. */
    List<List<Framed>> next() {
        while (ahead.size() < AHEAD && nextToOrder < last) {
            ahead.add(order(nextToOrder++));
        }
        List<List<Framed>> step = new ArrayList<>();
        try {
            for (List<Future<Framed>> shard : ahead.remove()) {
                List<Framed> examples = new ArrayList<>();
                for (Future<Framed> example : shard) {
                    examples.add(example.get());
                }
                step.add(examples);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while examples were made", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        }
        return step;
    }

    private List<List<Future<Framed>>> order(int step) {
        List<List<Future<Framed>>> orders = new ArrayList<>();
        for (int shard = 0; shard < shards; shard++) {
            List<Future<Framed>> examples = new ArrayList<>();
            for (int i = 0; i < images; i++) {
                long index = ((long) step * shards + shard) * images + i;
                examples.add(makers.submit(() -> framer.frame(source.get(step, index), new SplittableRandom(~index))));
            }
            orders.add(examples);
        }
        return orders;
    }

    /** Returns when no thread makes anything any more, so that what the makers use can be closed. */
    @Override
    public void close() {
        makers.shutdownNow();
        try {
            makers.awaitTermination(1, TimeUnit.HOURS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
