package org.vilam.web.api;

import io.javalin.http.Context;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.vilam.web.http.ErrorAnswers;
import org.vilam.web.http.EventStream;
import org.vilam.web.model.Answering.Listener;

/** Answers that take a while: at once when they are there, or as events to a caller that asks for them. */
final class Answers {
    private Answers() {}

    /** How far an answer is. */
    record ProgressJson(String stage, String words, double fraction) {}

    /**
     * Does the work and sends what comes of it: to a caller that accepts events as {@code progress} events and one {@code
     * result} or {@code error} event.
     *
     * @param work is told where to report its progress
     * @param whole sends the result to a caller that waits
     */
    static <T> void send(Context ctx, Function<Listener, T> work, Consumer<T> whole, Function<T, Object> json) {
        if (!EventStream.isWanted(ctx)) {
            whole.accept(work.apply(Listener.NONE));
            return;
        }
        try (EventStream events = EventStream.open(ctx)) {
            Listener listener = (stage, words, fraction) ->
                    events.send("progress", new ProgressJson(stage, words, Math.round(fraction * 1000) / 1000.0));
            try {
                events.send("result", json.apply(work.apply(listener)));
            } catch (CancellationException e) {
                throw e;
            } catch (RuntimeException e) {
                events.send("error", ErrorAnswers.problem(ctx, e));
            }
        } catch (CancellationException e) {
            ctx.status(499); // for the log; the caller has gone
        }
    }
}
