package org.vilam.web.browser;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.opentest4j.TestAbortedException;

/** A headless browser of its own profile, one for all tests of a run. */
final class Chromium implements AutoCloseable {
    private static final List<String> PLACES =
            List.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome");
    private static @Nullable Chromium shared;

    private final Process process;
    private final Path profile;
    private final DevTools devTools;

    private Chromium(Path program) throws IOException {
        profile = Files.createTempDirectory("vilam-chromium");
        // Root, as in a container, is refused Chromium's sandbox; the pages here are our own.
        process = new ProcessBuilder(
                        program.toString(),
                        "--headless=new",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-default-apps",
                        "--disable-extensions",
                        "--disable-sync",
                        "--force-color-profile=srgb",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + profile,
                        "about:blank")
                .redirectErrorStream(true)
                .redirectOutput(profile.resolve("log.txt").toFile())
                .start();
        devTools = new DevTools(address());
    }

    /**
     * The browser of this run, started when it is first needed.
     *
     * @throws TestAbortedException where none is installed: the calling test is left out, and says so
     */
    static synchronized Chromium shared() {
        if (shared == null) {
            Path program = program();
            try {
                Chromium started = new Chromium(program);
                Runtime.getRuntime().addShutdownHook(new Thread(started::close));
                shared = started;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return shared;
    }

    DevTools devTools() {
        return devTools;
    }

    private static Path program() {
        String named = System.getenv("VILAM_CHROMIUM");
        List<String> places = named == null || named.isBlank() ? PLACES : List.of(named);
        return places.stream()
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> {
                    String message = "LEFT OUT: needs Chromium, and there is none at " + String.join(", ", places)
                            + "; install it (Debian: apt-get install chromium) or name it in VILAM_CHROMIUM";
                    System.out.println(message); // a skipped test's reason is in its report only
                    return new TestAbortedException(message);
                });
    }

    /** Chromium writes the port it has chosen, and the path to connect to, into its profile. */
    private URI address() throws IOException {
        Path file = profile.resolve("DevToolsActivePort");
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (System.nanoTime() < deadline && process.isAlive()) {
            List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
            if (lines.size() >= 2) {
                return URI.create("ws://127.0.0.1:" + lines.get(0) + lines.get(1));
            }
            pause(50);
        }
        throw new IllegalStateException("Chromium did not start: " + Files.readString(profile.resolve("log.txt")));
    }

    static void pause(long milliseconds) {
        try {
            Thread.sleep(milliseconds);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        devTools.close();
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        try {
            process.waitFor(5, TimeUnit.SECONDS);
            try (Stream<Path> files = Files.walk(profile)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException e) {
            // A dying process may still write there; the system cleans its temporary folder.
            System.out.println("left behind " + profile + ": " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
