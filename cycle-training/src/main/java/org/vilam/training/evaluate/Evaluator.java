package org.vilam.training.evaluate;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
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
        /**
         * A group of pictures has been scored.
         *
         * @param part 0..1 of the whole evaluation, about
         * @param what family and split at hand
         */
        void onProgress(double part, String what);
    }

    private record Task(SceneFamily family, Split split) {
        @Override
        public String toString() {
            return family.name() + ", " + split + " split";
        }
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
        List<Task> tasks = new ArrayList<>();
        for (Split split : splits) {
            split.families().stream()
                    .filter(family -> families.contains(family.name()))
                    .forEach(family -> tasks.add(new Task(family, split)));
        }
        ExecutorService workers = Executors.newFixedThreadPool(threads, r -> {
            Thread thread = new Thread(r, "evaluator");
            thread.setDaemon(true);
            return thread;
        });
        try {
            List<EvaluationReport.Section> sections = new ArrayList<>();
            for (Task task : tasks) {
                Listener ofAll = (part, what) -> listener.onProgress((sections.size() + part) / tasks.size(), what);
                sections.add(section(task, count, seed, ofAll, workers));
            }
            return sections;
        } finally {
            finish(workers);
        }
    }

    private EvaluationReport.Section section(
            Task task, int count, long seed, Listener listener, ExecutorService workers) {
        long begun = System.nanoTime();
        Scores scores = new Scores(count);
        AtomicReference<Answers.Wanted> wanted = new AtomicReference<>(scores.wanted());
        int sorts = teller == null ? 3 : 5;
        Deque<Future<List<Answers>>> ahead = new ArrayDeque<>();
        long patience = (long) PATIENCE * count;
        long ordered = 0;
        long scored = 0;
        try {
            while (scored < patience && wantsMore(scores.wanted())) {
                while (ahead.size() < threads + 2) {
                    long from = ordered;
                    ordered += GROUP;
                    ahead.add(workers.submit(() -> {
                        List<Questions> pictures = new ArrayList<>();
                        for (long i = from; i < from + GROUP; i++) {
                            pictures.add(Questions.of(task.family(), task.split(), seed, i));
                        }
                        // What is no longer wanted would not be counted; whether it is asked changes no score.
                        return Answers.ask(grounder, teller, pictures, wanted.get());
                    }));
                }
                get(ahead.remove()).forEach(scores::add);
                scored += GROUP;
                wanted.set(scores.wanted());
                double answered = (double) scores.answered() / (sorts * count);
                listener.onProgress(Math.min(1, Math.max(answered, (double) scored / patience)), task.toString());
            }
        } finally {
            ahead.forEach(late -> late.cancel(false)); // what has not begun never will
        }
        double seconds = (System.nanoTime() - begun) / 1e9;
        return new EvaluationReport.Section(
                task.family().name(),
                task.split(),
                scored,
                seconds,
                scores.table(task.toString(), Bootstrap.standard()));
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

    /** Waits for answers that are still being made: the caller may close the model next. */
    private static void finish(ExecutorService workers) {
        workers.shutdown();
        try {
            while (!workers.awaitTermination(1, TimeUnit.MINUTES)) {
                // a group takes seconds
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
