package org.vilam.web.program;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.vilam.assistant.ModelInfo;
import org.vilam.vision.error.VilamException;
import org.vilam.web.image.RemoteAccess;
import org.vilam.web.model.LibraryCatalogue;
import org.vilam.web.server.Server;
import org.vilam.web.server.ServerConfig;
import org.vilam.web.server.Version;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Starts the server and stays until it is ended. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        description = "Starts the assistant: the page for a browser, and REST with its document at /docs.",
        footer = {
            "",
            "Examples:",
            "  vilam serve --open",
            "  vilam serve --port 9000 --home /data/vilam --models /data/models --model lungs",
            "  vilam serve --host 0.0.0.0        (everyone in the network; there are no accounts)"
        })
final class ServeCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private Places places = new Places();

    @Option(names = "--model", paramLabel = "ID", description = "The model to begin with. Default: the bundled one.")
    private @Nullable String model;

    @Option(names = "--open", description = "Open the page in the browser when the server listens.")
    private boolean open;

    @Option(
            names = "--max-upload-mb",
            paramLabel = "NUMBER",
            defaultValue = "64",
            description = "Longest picture that is taken in. Default: ${DEFAULT-VALUE}.")
    private int maxUploadMb;

    @Option(
            names = "--at-once",
            paramLabel = "NUMBER",
            defaultValue = "2",
            description = "Questions that the model is asked at the same time. Default: ${DEFAULT-VALUE}.")
    private int atOnce;

    @Option(
            names = "--waiting",
            paramLabel = "NUMBER",
            defaultValue = "128",
            description = "Questions that may wait; more are told to come back. Default: ${DEFAULT-VALUE}.")
    private int waiting;

    @Option(
            names = "--allow-origin",
            paramLabel = "ORIGIN",
            description =
                    "Other sites whose pages may call this server, such as http://localhost:3000; may be repeated.")
    private List<String> origins = new ArrayList<>();

    @Option(
            names = "--fetch-from",
            paramLabel = "ORIGIN",
            description = "Servers that pictures may be fetched from by address; none unless named. May be repeated.")
    private List<String> fetchFrom = new ArrayList<>();

    @Option(
            names = "--label-studio",
            paramLabel = "ORIGIN",
            description = "A Label Studio whose tasks are answered; its token is read from the environment variable"
                    + " VILAM_LABEL_STUDIO_TOKEN.")
    private @Nullable String labelStudio;

    @Override
    public Integer call() {
        places.prepare(Math.max(1, Runtime.getRuntime().availableProcessors() / Math.max(1, atOnce)));
        ServerConfig config = new ServerConfig(
                places.host(),
                places.port(),
                places.home(),
                1_000_000L * maxUploadMb,
                atOnce,
                waiting,
                origins,
                new RemoteAccess(fetchFrom, labelStudio, System.getenv("VILAM_LABEL_STUDIO_TOKEN")));
        try (Server server = Server.start(config, new LibraryCatalogue(places.library(), model))) {
            Thread ending = new Thread(server::close, "shutdown");
            Runtime.getRuntime().addShutdownHook(ending);
            announce(server, config);
            new CountDownLatch(1).await(); // until the system, or whoever started this in a thread, ends it
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return 0;
    }

    private void announce(Server server, ServerConfig config) {
        CommandSpec command = Objects.requireNonNull(spec);
        PrintWriter out = command.commandLine().getOut();
        PrintWriter err = command.commandLine().getErr();
        String page = "http://" + reachable(config.host()) + ":" + server.port() + "/";
        out.println("ViLaM " + Version.VERSION + " listens on " + page + "  (Ctrl+C ends it)");
        out.flush();
        if (!config.isLocal()) {
            err.println("Everyone who reaches this machine can use it and see its pictures: there are no accounts.");
            err.flush();
        }
        if (open) {
            open(page, err);
        }
        try {
            ModelInfo info = server.awaitModel();
            out.println(info.title() + " answers, on " + info.device() + ". " + info.knows());
        } catch (VilamException e) {
            err.println("error: no model answers: " + e.getMessage() + " (" + e.code() + ")");
            err.println("hint: " + e.hint() + " The command doctor looks everything over.");
            err.flush();
        }
        out.flush();
    }

    /** An address that a browser on this machine can open. */
    private static String reachable(String host) {
        return switch (host) {
            case "0.0.0.0", "::", "[::]" -> "localhost";
            default -> host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
        };
    }

    private static void open(String page, PrintWriter err) {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        List<String> command = system.contains("win")
                ? List.of("rundll32", "url.dll,FileProtocolHandler", page)
                : List.of(system.contains("mac") ? "open" : "xdg-open", page);
        try {
            new ProcessBuilder(command)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            err.println("No browser could be opened (" + e.getMessage() + "): open " + page + " yourself.");
            err.flush();
        }
    }
}
