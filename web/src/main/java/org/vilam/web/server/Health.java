package org.vilam.web.server;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.vilam.web.model.ActiveModel;

/** {@code /health/live}: the program runs. {@code /health/ready}: a question would be answered now. */
final class Health {
    private final ActiveModel model;
    private final AtomicBoolean stopping = new AtomicBoolean();

    Health(ActiveModel model) {
        this.model = model;
    }

    void install(RoutesConfig routes) {
        routes.get("/health/live", ctx -> ctx.json(Map.of("status", "live")));
        routes.get("/health/ready", this::ready);
    }

    private void ready(Context ctx) {
        String status = stopping.get()
                ? "stopping"
                : switch (model.state()) {
                    case READY -> "ready";
                    case LOADING -> "loading";
                    case FAILED -> "failed";
                };
        ctx.status(status.equals("ready") ? 200 : 503);
        ctx.json(Map.of("status", status));
    }

    /** From now on not ready. */
    void stopping() {
        stopping.set(true);
    }
}
