package org.vilam.training.evaluate;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.vilam.assistant.vilam.Teller;
import org.vilam.grounding.answer.Grounder;
import org.vilam.grounding.metrics.statistics.Bootstrap;
import org.vilam.training.scene.SceneFamily;

/**
 * Asks a grounder and a teller about fresh pictures of the world and scores the answers.
 *
 * <p>Pictures are asked about in groups, each on one thread; groups are scored in their order. So the scores depend on the seed
 * and the count, not on the number of threads.
 */
public final class Evaluator {
    /** Pictures whose questions share batches: with two questions of a sort each, batches of 16. */
    private static final int GROUP = 8;
    /** Pictures looked at for each wanted question before it is given up that more will be found. */
    private static final int PATIENCE = 12;

    private final Grounder grounder;
    private final @Nullable Teller teller;
    private final int threads;

    /**
     * An evaluator.
     *
     * @param teller what describes; null where there is nothing of the kind, and those scores are left out
     * @param threads that ask; grounder and teller are used by all of them
     */
    public Evaluator(Grounder grounder, @Nullable Teller teller, int threads) {
        this.grounder = grounder;
        this.teller = teller;
        this.threads = threads;
    }

    /** Hears how far an evaluation is. */
    @FunctionalInterface
    public interface Listener {
        /** {@code done} of about {@code all} questions of a family and split have been answered. */
        void onProgress(String family, Split split, int done, int all);
    }

    /**
     * Evaluates families in splits.
     *
     * @param families names; a split is measured on those of them that have it
     * @param count questions of each sort about each family in each split; fewer where the world has no more
     * @param seed of the pictures; another one than that of training
     */
    public List<EvaluationReport.Section> evaluate(
            List<String> families, List<Split> splits, int count, long seed, Listener listener) {
        List<EvaluationReport.Section> sections = new ArrayList<>();
        ExecutorService workers = Executors.newFixedThreadPool(threads, r -> {
            Thread thread = new Thread(r, "evaluator");
            thread.setDaemon(true);
            return thread;
        });
        try {
            for (Split split : splits) {
                for (SceneFamily family : split.families()) {
                    if (families.contains(family.name())) {
                        sections.add(section(family, split, count, seed, listener, workers));
                    }
                }
            }
        } finally {
            workers.shutdownNow();
        }
        return sections;
    }

    private EvaluationReport.Section section(
            SceneFamily family, Split split, int count, long seed, Listener listener, ExecutorService workers) {
        long begun = System.nanoTime();
        Scores scores = new Scores(count);
        AtomicReference<Answers.Wanted> wanted = new AtomicReference<>(scores.wanted());
        int sorts = teller == null ? 3 : 5;
        Deque<Future<List<Answers>>> ahead = new ArrayDeque<>();
        long ordered = 0;
        long scored = 0;
        while (scored < (long) PATIENCE * count && wantsMore(scores.wanted())) {
            while (ahead.size() < threads + 2) {
                long from = ordered;
                ordered += GROUP;
                ahead.add(workers.submit(() -> {
                    List<Questions> pictures = new ArrayList<>();
                    for (long i = from; i < from + GROUP; i++) {
                        pictures.add(Questions.of(family, split, seed, i));
                    }
                    // What is no longer wanted would not be counted; whether it is asked changes no score.
                    return Answers.ask(grounder, teller, pictures, wanted.get());
                }));
            }
            get(ahead.remove()).forEach(scores::add);
            scored += GROUP;
            wanted.set(scores.wanted());
            listener.onProgress(family.name(), split, scores.answered(), sorts * count);
        }
        ahead.forEach(late -> late.cancel(false));
        for (Future<List<Answers>> late : ahead) {
            settle(late);
        }
        String title = family.name() + ", " + split + " split";
        double seconds = (System.nanoTime() - begun) / 1e9;
        return new EvaluationReport.Section(
                family.name(), split, scored, seconds, scores.table(title, Bootstrap.standard()));
    }

    private boolean wantsMore(Answers.Wanted wanted) {
        return wanted.ones()
                || wanted.sets()
                || wanted.absent()
                || teller != null && (wanted.descriptions() || wanted.names());
    }

    private static List<Answers> get(Future<List<Answers>> future) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while answers were awaited", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        }
    }

    /** Waits for what cannot be called off any more: the caller may close the model. */
    private static void settle(Future<List<Answers>> late) {
        if (!late.isCancelled()) {
            get(late);
        }
    }
}
