package org.vilam.web.job;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vilam.assistant.Dialogue;
import org.vilam.assistant.Request;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;
import org.vilam.web.http.Problem;
import org.vilam.web.image.Pictures;
import org.vilam.web.json.Json;
import org.vilam.web.model.Answering;
import org.vilam.web.store.JobStore;
import org.vilam.web.store.StoredJob;
import org.vilam.web.store.StoredJob.State;

/** Works through the jobs of the store on a thread of its own. */
public final class JobRunner implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JobRunner.class);
    private static final long BUSY_PAUSE_MILLIS = 500;

    private final JobStore jobs;
    private final Pictures pictures;
    private final Answering answering;
    private final BlockingQueue<String> queue = new LinkedBlockingQueue<>();
    private final Thread thread = new Thread(this::work, "jobs");
    private volatile boolean closing;
    private volatile @Nullable Now now;

    /**
     * What is being done.
     *
     * @param item number of the picture
     * @param words how far its answer is, for people
     * @param fraction of this picture, 0..1
     */
    public record Now(String job, int item, String words, double fraction) {}

    /** Takes up what an earlier run of the program left. */
    public JobRunner(JobStore jobs, Pictures pictures, Answering answering) {
        this.jobs = jobs;
        this.pictures = pictures;
        this.answering = answering;
        queue.addAll(jobs.open());
        thread.start();
    }

    /** Puts a question about pictures on record in the queue. */
    public StoredJob submit(Request request, List<String> images) {
        StoredJob job = jobs.create(Json.write(request), images);
        queue.add(job.id());
        return job;
    }

    /**
     * The job with an id, as it stands now.
     *
     * @throws VilamException NOT_FOUND
     */
    public StoredJob get(String id) {
        return jobs.get(id);
    }

    /** The newest jobs. */
    public List<StoredJob> newest(int limit) {
        return jobs.newest(limit).stream().map(jobs::get).toList();
    }

    /** How far the job is with the picture that it is at; empty when it is at none. */
    public Optional<Now> now(String job) {
        Now latest = now;
        return latest != null && latest.job().equals(job) ? Optional.of(latest) : Optional.empty();
    }

    /**
     * Ends a job; the answer that is being made for it is given up. One that has ended stays as it is.
     *
     * @throws VilamException NOT_FOUND
     */
    public StoredJob cancel(String id) {
        jobs.get(id);
        jobs.advance(id, State.CANCELLED);
        return jobs.get(id);
    }

    private void work() {
        while (!closing) {
            try {
                run(queue.take());
            } catch (InterruptedException e) {
                return; // only close() interrupts
            } catch (RuntimeException e) {
                LOG.error("a job failed", e);
            } finally {
                now = null;
            }
        }
    }

    private void run(String id) throws InterruptedException {
        if (!jobs.advance(id, State.RUNNING)) {
            return;
        }
        StoredJob job = jobs.get(id);
        Request request = Json.stored(job.request(), Request.class);
        for (StoredJob.Item item : job.items()) {
            while (!item.ended() && !stopped(id) && !answered(request, job, item)) {
                Thread.sleep(BUSY_PAUSE_MILLIS);
            }
        }
        if (!closing) {
            jobs.advance(id, State.DONE);
        }
    }

    private boolean stopped(String id) {
        return closing || jobs.get(id).state().ended();
    }

    /** False where people's questions fill the queue: try again. */
    private boolean answered(Request request, StoredJob job, StoredJob.Item item) {
        try {
            String result = Json.write(answering.ask(
                    pictures.get(item.image()), Dialogue.EMPTY, request, (stage, words, fraction) -> {
                        now = new Now(job.id(), item.number(), words, fraction);
                        if (stopped(job.id())) {
                            throw new CancellationException("the job was cancelled");
                        }
                    }));
            jobs.answer(job.id(), item.number(), result, null);
        } catch (CancellationException e) {
            return true;
        } catch (VilamException e) {
            if (e.code() == ErrorCode.BUSY) {
                return false;
            }
            jobs.answer(job.id(), item.number(), null, Json.write(Problem.of(e, null)));
        } catch (RuntimeException e) {
            LOG.error("job {}, picture {}", job.id(), item.number(), e);
            jobs.answer(job.id(), item.number(), null, Json.write(Problem.internal(null)));
        }
        return true;
    }

    /** Stops after the stage that is being done; what is left is taken up at the next start. */
    @Override
    public void close() {
        closing = true;
        thread.interrupt();
        try {
            thread.join(10_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
