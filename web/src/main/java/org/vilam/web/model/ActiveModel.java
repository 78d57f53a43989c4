package org.vilam.web.model;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vilam.assistant.Assistant;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;
import org.vilam.web.model.ModelCatalogue.OpenedModel;

/**
 * The one model that answers. Another one is loaded beside it and then takes its place; the old one is closed when the last
 * question that it was asked is answered.
 */
public final class ActiveModel implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ActiveModel.class);

    private final ModelCatalogue catalogue;
    private final ReentrantLock lock = new ReentrantLock();
    private final ReentrantLock activation = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private @Nullable Use current;
    private @Nullable VilamException failure;
    private boolean closed;

    /** Whether there is a model to ask. */
    public enum State {
        LOADING,
        READY,
        FAILED
    }

    /** A loaded model and how many questions it is at. */
    private static final class Use {
        final OpenedModel model;
        int questions;
        boolean retired;

        Use(OpenedModel model) {
            this.model = model;
        }
    }

    /** Nothing is loaded until {@link #activate} is called. */
    public ActiveModel(ModelCatalogue catalogue) {
        this.catalogue = catalogue;
    }

    /** What is said about a model that there is not. */
    public static VilamException unknown() {
        return new VilamException(
                ErrorCode.NOT_FOUND, "there is no such model", "GET /v1/models lists the models there are.");
    }

    /** The models there are. */
    public List<ModelCard> list() {
        return catalogue.list();
    }

    /** Whether there is a model to ask. */
    public State state() {
        lock.lock();
        try {
            return current != null ? State.READY : failure != null ? State.FAILED : State.LOADING;
        } finally {
            lock.unlock();
        }
    }

    /** Why there is no model, where the first one did not load. */
    public Optional<VilamException> failure() {
        lock.lock();
        try {
            return current == null ? Optional.ofNullable(failure) : Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /** The assistant over the active model, for facts about it; questions go through {@link #with}. */
    public Optional<Assistant> assistant() {
        lock.lock();
        try {
            return Optional.ofNullable(current).map(use -> use.model.assistant());
        } finally {
            lock.unlock();
        }
    }

    /** Loads the first model of the catalogue and makes it active; what goes wrong is kept as {@link #failure}. */
    public void activateFirst() {
        try {
            List<ModelCard> cards = catalogue.list();
            if (cards.isEmpty()) {
                throw new VilamException(
                        ErrorCode.MODEL_INVALID,
                        "there is no model",
                        "Put a model folder under models/ in the home folder and start again.");
            }
            activate(cards.get(0).id());
        } catch (VilamException e) {
            LOG.error("no model: {} {}", e.getMessage(), e.hint());
            fail(e);
        } catch (RuntimeException | LinkageError e) {
            LOG.error("no model", e);
            fail(new VilamException(
                    ErrorCode.MODEL_INVALID,
                    "the model does not load: " + e,
                    "Run the doctor command; it says what is missing.",
                    e));
        }
    }

    private void fail(VilamException e) {
        lock.lock();
        try {
            failure = e;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Makes a model active; returns when it answers.
     *
     * @throws VilamException NOT_FOUND, or what is wrong with it; the one before then stays active
     */
    public void activate(String id) {
        activation.lock(); // one load at a time: two could be more than the memory holds
        try {
            if (catalogue.list().stream().noneMatch(card -> card.id().equals(id))) {
                throw unknown();
            }
            long begun = System.nanoTime();
            Use loaded = new Use(catalogue.open(id));
            LOG.info("model {} is active after {} ms", id, (System.nanoTime() - begun) / 1_000_000);
            replace(loaded);
        } finally {
            activation.unlock();
        }
    }

    private void replace(Use loaded) {
        Use old;
        lock.lock();
        try {
            if (closed) {
                loaded.model.close();
                return;
            }
            old = current;
            current = loaded;
            failure = null;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        retire(old);
    }

    /**
     * Asks the active model something. It stays loaded until this returns.
     *
     * @param patience how long to wait for a model that is being loaded
     * @throws VilamException BUSY when it is not there in time; why there is none
     */
    public <T> T with(Duration patience, Function<Assistant, T> question) {
        Use use = take(patience);
        try {
            return question.apply(use.model.assistant());
        } finally {
            giveBack(use);
        }
    }

    private Use take(Duration patience) {
        lock.lock();
        try {
            long left = patience.toNanos();
            while (current == null) {
                if (failure != null) {
                    throw new VilamException(
                            failure.code(), String.valueOf(failure.getMessage()), failure.hint(), failure);
                }
                if (closed || left <= 0) {
                    throw new VilamException(
                            ErrorCode.BUSY,
                            closed ? "the program is ending" : "the model is still being loaded",
                            "Ask again in a moment; /health/ready says when.");
                }
                left = changed.awaitNanos(left);
            }
            current.questions++;
            return current;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new VilamException(ErrorCode.BUSY, "the program is ending", "Ask again after its restart.", e);
        } finally {
            lock.unlock();
        }
    }

    private void giveBack(Use use) {
        boolean last;
        lock.lock();
        try {
            use.questions--;
            last = use.retired && use.questions == 0;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (last) {
            use.model.close();
        }
    }

    private void retire(@Nullable Use use) {
        if (use == null) {
            return;
        }
        boolean idle;
        lock.lock();
        try {
            use.retired = true;
            idle = use.questions == 0;
        } finally {
            lock.unlock();
        }
        if (idle) {
            use.model.close();
        }
    }

    /** Closes the model, waiting up to ten seconds for its last answer: native memory is not freed under a running thread. */
    @Override
    public void close() {
        Use last;
        lock.lock();
        try {
            closed = true;
            last = current;
            current = null;
            changed.signalAll();
            long left = TimeUnit.SECONDS.toNanos(10);
            while (last != null && last.questions > 0 && left > 0) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        } finally {
            lock.unlock();
        }
        retire(last);
    }
}
