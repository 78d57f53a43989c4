package org.vilam.web.http;

import io.javalin.http.Context;
import jakarta.servlet.ServletOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.vilam.web.json.Json;

/**
 * An answer that arrives in pieces: server-sent events (WHATWG HTML, section 9.2).
 *
 * <p>A comment every second keeps the connection alive and notices when nobody reads it any more; from then on {@link #send}
 * throws {@link CancellationException}, which gives up the work that it tells about.
 */
public final class EventStream implements AutoCloseable {
    /** The media type. */
    public static final String MEDIA_TYPE = "text/event-stream";

    private static final ScheduledExecutorService HEARTS = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "event-stream-heartbeat");
        thread.setDaemon(true);
        return thread;
    });

    private final ServletOutputStream out;
    private final ScheduledFuture<?> heartbeat;
    private boolean gone;

    private EventStream(ServletOutputStream out) {
        this.out = out;
        this.heartbeat = HEARTS.scheduleWithFixedDelay(this::beat, 1, 1, TimeUnit.SECONDS);
    }

    /** Whether the caller asks for events. */
    public static boolean isWanted(Context ctx) {
        String accept = ctx.header("Accept");
        return accept != null && accept.contains(MEDIA_TYPE);
    }

    /** Begins the answer. */
    public static EventStream open(Context ctx) {
        ctx.res().setStatus(200);
        ctx.res().setContentType(MEDIA_TYPE);
        ctx.res().setCharacterEncoding("utf-8");
        ctx.header("Cache-Control", "no-store");
        ctx.header("X-Accel-Buffering", "no"); // a proxy that collects the whole answer would defeat it
        try {
            ctx.res().flushBuffer();
            return new EventStream(ctx.res().getOutputStream());
        } catch (IOException e) {
            throw gone(e);
        }
    }

    /** Sends an event with a value as JSON. */
    public void send(String event, Object value) {
        write("event: " + event + "\ndata: " + Json.write(value) + "\n\n");
    }

    /** Sends an event without a name; a text must not have line breaks. */
    public void sendData(String text) {
        write("data: " + text + "\n\n");
    }

    /** Does nothing, but throws {@link CancellationException} when nobody reads any more. */
    public synchronized void alive() {
        if (gone) {
            throw gone(null);
        }
    }

    private synchronized void write(String text) {
        if (gone) {
            throw gone(null);
        }
        try {
            out.write(text.getBytes(StandardCharsets.UTF_8));
            out.flush();
        } catch (IOException e) {
            gone = true;
            throw gone(e);
        }
    }

    private void beat() {
        try {
            write(": \n\n");
        } catch (CancellationException e) {
            heartbeat.cancel(false);
        }
    }

    private static CancellationException gone(@Nullable Throwable cause) {
        CancellationException gone = new CancellationException("nobody reads the answer");
        gone.initCause(cause);
        return gone;
    }

    /** Ends the heartbeat; the connection is the server's. */
    @Override
    public void close() {
        heartbeat.cancel(false);
        synchronized (this) {
            gone = true; // a beat that is just about to be written would be behind the answer's end
        }
    }
}
