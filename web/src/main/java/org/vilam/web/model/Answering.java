package org.vilam.web.model;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import org.vilam.assistant.Dialogue;
import org.vilam.assistant.Picture;
import org.vilam.assistant.Request;
import org.vilam.grounding.result.GroundingResult;

/** The one way to ask: through the queue, of the active model, timed. Safe for several threads. */
public final class Answering {
    /** Told how far an answer is; by throwing {@link CancellationException} it gives the answer up. */
    @FunctionalInterface
    public interface Listener {
        /** Nobody listens. */
        Listener NONE = (stage, words, fraction) -> {};

        /**
         * A stage begins.
         *
         * @param stage {@code queue}, or a stage of the assistant in lower case
         * @param words for people
         * @param fraction of the whole, 0..1
         */
        void at(String stage, String words, double fraction);
    }

    /** A model that is being loaded is waited for, so that the first question after the start is answered. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ActiveModel model;
    private final Admission admission;
    private final MeterRegistry metrics;

    /**
     * @param atOnce questions that the model is asked at the same time
     * @param waiting questions that may wait; more are refused
     */
    public Answering(ActiveModel model, int atOnce, int waiting, MeterRegistry metrics) {
        this.model = model;
        this.admission = new Admission(atOnce, waiting);
        this.metrics = metrics;
        Gauge.builder("vilam.questions.waiting", admission, Admission::waiting)
                .description("questions in the queue")
                .register(metrics);
        Gauge.builder("vilam.questions.running", admission, Admission::inside)
                .description("questions that the model is at")
                .register(metrics);
    }

    /**
     * The answer to a request.
     *
     * @throws org.vilam.vision.error.VilamException BUSY when too many wait; INVALID_ARGUMENT as the assistant says
     * @throws CancellationException when the listener says so
     */
    public GroundingResult ask(Picture picture, Dialogue dialogue, Request request, Listener listener) {
        Timer.Sample queued = Timer.start(metrics);
        admission.enter(ahead ->
                listener.at("queue", ahead == 1 ? "waiting for one other" : "waiting for " + ahead + " others", 0));
        String outcome = "error";
        Timer.Sample answering = Timer.start(metrics);
        try {
            queued.stop(metrics.timer("vilam.question.queue"));
            GroundingResult result = model.with(
                    PATIENCE,
                    assistant -> assistant.ask(
                            picture,
                            dialogue,
                            request,
                            (stage, fraction) ->
                                    listener.at(stage.name().toLowerCase(Locale.ROOT), stage.words(), fraction)));
            outcome = result.status().name().toLowerCase(Locale.ROOT);
            return result;
        } catch (CancellationException e) {
            outcome = "cancelled";
            throw e;
        } finally {
            admission.leave();
            answering.stop(metrics.timer("vilam.question.answer", "outcome", outcome));
        }
    }
}
