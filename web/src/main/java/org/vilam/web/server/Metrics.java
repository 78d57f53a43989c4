package org.vilam.web.server;

import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.router.Endpoint;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vilam.web.http.RequestIds;

/** Counts and times, in Prometheus' text format at {@code /metrics}; one debug line a request in the log. */
final class Metrics implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("org.vilam.web.requests");

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics gc = new JvmGcMetrics();

    Metrics() {
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        gc.bindTo(registry);
    }

    PrometheusMeterRegistry registry() {
        return registry;
    }

    void install(JavalinConfig config) {
        config.requestLogger.http(this::count);
        config.routes.get("/metrics", ctx -> {
            ctx.contentType("text/plain; version=0.0.4; charset=utf-8");
            ctx.result(registry.scrape());
        });
    }

    /** Addresses are counted by their pattern, so that ids do not make a counter each. */
    private void count(Context ctx, Float milliseconds) {
        Endpoint matched = ctx.endpoints().matchedHttpEndpoint();
        String endpoint = matched == null ? "other" : matched.path;
        Timer.builder("http.server.requests")
                .tag("method", ctx.method().name())
                .tag("endpoint", endpoint)
                .tag("status", Integer.toString(ctx.statusCode()))
                .serviceLevelObjectives(
                        Duration.ofMillis(10), Duration.ofMillis(100), Duration.ofSeconds(1), Duration.ofSeconds(10))
                .register(registry)
                .record(Duration.ofNanos((long) (milliseconds * 1e6)));
        LOG.debug("{} {} {} {} ms {}", ctx.method(), endpoint, ctx.statusCode(), milliseconds, RequestIds.id(ctx));
    }

    @Override
    public void close() {
        gc.close();
        registry.close();
    }
}
