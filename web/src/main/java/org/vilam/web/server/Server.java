package org.vilam.web.server;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.config.SizeUnit;
import io.javalin.json.JavalinJackson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;
import org.vilam.vision.image.DecodeLimits;
import org.vilam.vision.image.ImageDecoder;
import org.vilam.web.api.Api;
import org.vilam.web.dropin.Dropins;
import org.vilam.web.http.ErrorAnswers;
import org.vilam.web.http.RequestIds;
import org.vilam.web.image.Pictures;
import org.vilam.web.job.JobRunner;
import org.vilam.web.json.Json;
import org.vilam.web.model.ActiveModel;
import org.vilam.web.model.Answering;
import org.vilam.web.model.ModelCatalogue;
import org.vilam.web.session.Conversations;
import org.vilam.web.store.Store;

/**
 * The running server: it listens as soon as it is made, while its model is still being loaded. {@link #close} lets the requests
 * that are being answered end.
 */
public final class Server implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Server.class);
    private static final int STOP_MILLIS = 30_000;

    private final Store store;
    private final ActiveModel model;
    private final JobRunner jobs;
    private final Metrics metrics;
    private final Health health;
    private final Javalin javalin;

    private Server(Store store, ActiveModel model, JobRunner jobs, Metrics metrics, Health health, Javalin javalin) {
        this.store = store;
        this.model = model;
        this.jobs = jobs;
        this.metrics = metrics;
        this.health = health;
        this.javalin = javalin;
    }

    /**
     * Starts a server and, on a thread of its own, the loading of the catalogue's first model.
     *
     * @throws VilamException when the port is taken, or the home folder cannot be used
     */
    public static Server start(ServerConfig config, ModelCatalogue catalogue) {
        Store store = Store.open(config.home());
        Metrics metrics = new Metrics();
        ActiveModel model = new ActiveModel(catalogue);
        Answering answering =
                new Answering(model, config.questionsAtOnce(), config.questionsWaiting(), metrics.registry());
        Pictures pictures = new Pictures(
                store.images(),
                new ImageDecoder(limits(config)),
                config.remote(),
                config.maxUploadBytes(),
                Math.max(64L << 20, Runtime.getRuntime().maxMemory() / 8));
        JobRunner jobs = new JobRunner(store.jobs(), pictures, answering);
        Health health = new Health(model);
        try {
            Conversations conversations = new Conversations(store.sessions(), pictures, answering);
            Dropins dropins = new Dropins(pictures, answering, model, Version.VERSION);
            Api api = new Api(pictures, answering, conversations, jobs, model, Version.VERSION);
            Javalin javalin = Javalin.create(javalinConfig -> {
                configure(javalinConfig, config);
                RequestIds.install(javalinConfig.routes);
                SecurityHeaders.install(javalinConfig.routes);
                new RequestGuard(config).install(javalinConfig.routes);
                ErrorAnswers.install(javalinConfig);
                metrics.install(javalinConfig);
                health.install(javalinConfig.routes);
                api.install(javalinConfig.routes);
                dropins.install(javalinConfig.routes);
                Docs.install(javalinConfig);
                Pages.install(javalinConfig);
            });
            start(javalin, config);
            Thread loader = new Thread(model::activateFirst, "model-loader");
            loader.setDaemon(true);
            loader.start();
            return new Server(store, model, jobs, metrics, health, javalin);
        } catch (RuntimeException e) {
            jobs.close();
            metrics.close();
            store.close();
            throw e;
        }
    }

    private static DecodeLimits limits(ServerConfig config) {
        DecodeLimits all = DecodeLimits.DEFAULT;
        return new DecodeLimits(
                config.maxUploadBytes(),
                all.maxPixels(),
                all.maxSide(),
                all.maxFrames(),
                all.timeout(),
                Math.min(all.maxMemoryBytes(), Runtime.getRuntime().maxMemory() / 2));
    }

    private static void configure(JavalinConfig javalin, ServerConfig config) {
        long body = config.maxUploadBytes() / 3 * 4 + 1_000_000; // a picture in base 64 and the rest of the JSON
        javalin.http.maxRequestSize = body;
        javalin.http.prefer405over404 = true;
        javalin.http.defaultContentType = "application/json";
        javalin.jsonMapper(new JavalinJackson(Json.MAPPER, false));
        javalin.startup.showJavalinBanner = false;
        javalin.startup.showOldJavalinVersionWarning = false;
        javalin.jetty.host = config.host();
        javalin.jetty.port = config.port();
        javalin.jetty.multipartConfig.cacheDirectory(uploads(config.home()).toString());
        javalin.jetty.multipartConfig.maxFileSize(config.maxUploadBytes(), SizeUnit.BYTES);
        javalin.jetty.multipartConfig.maxTotalRequestSize(20 * config.maxUploadBytes(), SizeUnit.BYTES);
        javalin.jetty.multipartConfig.maxInMemoryFileSize(1, SizeUnit.MB);
        javalin.jetty.modifyServer(jetty -> {
            jetty.setStopTimeout(STOP_MILLIS);
            jetty.insertHandler(new GracefulHandler());
        });
        javalin.jetty.modifyHttpConfiguration(http -> http.setSendServerVersion(false));
        if (!config.origins().isEmpty()) {
            javalin.bundledPlugins.enableCors(
                    cors -> cors.addRule(rule -> config.origins().forEach(rule::allowHost)));
        }
    }

    private static Path uploads(Path home) {
        try {
            return Files.createDirectories(home.resolve("uploads")).toAbsolutePath();
        } catch (IOException e) {
            throw new VilamException(
                    ErrorCode.FILE_UNREADABLE,
                    home + ": the folder cannot be written: " + e.getMessage(),
                    "Choose another folder with --home.",
                    e);
        }
    }

    private static void start(Javalin javalin, ServerConfig config) {
        try {
            javalin.start();
        } catch (RuntimeException e) {
            throw new VilamException(
                    ErrorCode.CONFLICT,
                    "the server cannot listen on " + config.host() + ":" + config.port() + ": " + e.getMessage(),
                    "Choose another --port, or stop the program that has it.",
                    e);
        }
    }

    /** The port it listens on. */
    public int port() {
        return javalin.port();
    }

    /** Method and path of every route, such as {@code GET /v1/status}; for the test of the document. */
    List<String> routes() {
        return javalin.unsafe.internalRouter.allHttpHandlers().stream()
                .map(parsed -> parsed.endpoint)
                .filter(endpoint -> endpoint.method.isHttpMethod())
                .map(endpoint -> endpoint.method.name() + " " + endpoint.path)
                .toList();
    }

    /** Refuses new requests, lets the others end, and closes the model and the store. */
    @Override
    public void close() {
        LOG.info("stopping");
        health.stopping();
        jobs.close();
        javalin.stop();
        model.close();
        metrics.close();
        store.close();
    }
}
