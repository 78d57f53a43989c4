package org.vilam.assistant.models;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.vilam.vision.checkpoint.Sha256;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

/**
 * Files below an HTTP(S) address. A download goes into {@code NAME.part} and goes on there after a break, of the connection or of
 * the program; the file gets its name when it is whole and its sum is right.
 */
final class HttpFolder {
    private static final int REDIRECTS = 5;
    private static final int BLOCK = 1 << 16;
    private static final Set<Integer> PASSING_TROUBLE = Set.of(408, 425, 429, 500, 502, 503, 504);
    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d{1,18})-\\d{1,18}/(\\d{1,18}|\\*)");
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    private final HttpClient client = HttpClient.newBuilder()
            .connectTimeout(Duration.ofSeconds(20))
            .followRedirects(HttpClient.Redirect.NEVER) // followed here: headers on the way are wanted
            .build();
    private final URI base;
    private final int attempts;
    private final Duration pause;
    private final Consumer<String> progress;

    /**
     * @param base the folder's address; a slash is put behind it
     * @param attempts how often a file is tried without a single new byte before giving up
     * @param pause between attempts, doubled each time
     * @param progress is told of what goes on, a line each
     */
    HttpFolder(URI base, int attempts, Duration pause, Consumer<String> progress) {
        String scheme = base.getScheme() == null ? "" : base.getScheme().toLowerCase(Locale.ROOT);
        if (!(scheme.equals("http") || scheme.equals("https")) || base.getHost() == null) {
            throw new VilamException(
                    ErrorCode.INVALID_ARGUMENT,
                    "'" + base + "' is no HTTP(S) address",
                    "Write it in full, such as https://huggingface.co/NAME/MODEL.");
        }
        this.base = base.getPath().endsWith("/") ? base : URI.create(base + "/");
        this.attempts = attempts;
        this.pause = pause;
        this.progress = progress;
    }

    URI base() {
        return base;
    }

    /** A folder below this one. */
    HttpFolder folder(String path) {
        return new HttpFolder(base.resolve(path), attempts, pause, progress);
    }

    /** A response and what was said on the way to it. */
    private record Reached(
            HttpResponse<InputStream> response, @Nullable String sha256) {}

    /** What a download is known to be: where a break may be mended. */
    private static final class Partial {
        final Path part;
        final Path tag;

        Partial(Path target) {
            part = target.resolveSibling(target.getFileName() + ".part");
            tag = target.resolveSibling(target.getFileName() + ".part.etag");
        }

        long size() throws IOException {
            return Files.exists(part) ? Files.size(part) : 0;
        }

        String tag() throws IOException {
            return Files.exists(tag) ? Files.readString(tag) : "";
        }

        void clear() throws IOException {
            Files.deleteIfExists(part);
            Files.deleteIfExists(tag);
        }
    }

    /**
     * Downloads a file; one that is there already is kept, unless its sum is not the one that is known.
     *
     * @param name path below the address
     * @param sha256 its digest, where it is known; otherwise one that the server states is used, if it does
     * @return false when there is no such file
     * @throws VilamException FILE_UNREADABLE when the server or the connection fails for good; MODEL_INVALID when the sum is wrong
     */
    boolean download(String name, Path target, @Nullable String sha256) {
        Partial partial = new Partial(target);
        try {
            if (Files.exists(target)) {
                if (sha256 == null || Sha256.of(target).equalsIgnoreCase(sha256)) {
                    return true;
                }
                Files.delete(target);
            }
            Files.createDirectories(
                    Objects.requireNonNull(target.toAbsolutePath().getParent()));
            IOException last = null;
            int failures = 0;
            while (failures < attempts) {
                long before = partial.size();
                try {
                    Reached reached = get(name, before, partial.tag());
                    int status = reached.response().statusCode();
                    if (status == 404) {
                        reached.response().body().close();
                        return false;
                    }
                    if (receive(reached.response(), partial)) {
                        finish(name, partial, target, sha256 != null ? sha256 : reached.sha256());
                        return true;
                    }
                    last = new IOException("HTTP status " + status);
                } catch (IOException e) {
                    last = e;
                }
                // As long as something arrives it is worth going on.
                failures = partial.size() > before ? 1 : failures + 1;
                progress.accept(name + ": " + last.getMessage() + ", trying again from byte " + partial.size());
                Thread.sleep(pause.multipliedBy(1L << Math.min(failures - 1, 6)).toMillis());
            }
            throw failed(name, String.valueOf(last));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed(name, "interrupted");
        } catch (IOException e) {
            throw ModelStore.unusable(target, e);
        }
    }

    private Reached get(String name, long from, String tag) throws IOException, InterruptedException {
        URI address = base.resolve(name);
        String sha256 = null;
        for (int i = 0; i <= REDIRECTS; i++) {
            HttpRequest.Builder request = HttpRequest.newBuilder(address)
                    .timeout(Duration.ofMinutes(2))
                    .header("User-Agent", "vilam");
            if (from > 0 && !tag.isEmpty()) {
                request.header("Range", "bytes=" + from + "-").header("If-Range", tag);
            }
            HttpResponse<InputStream> response =
                    client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            // Hugging Face states the digest of large files on the way to where they are kept.
            sha256 = statedDigest(response).orElse(sha256);
            if (response.statusCode() / 100 != 3 || response.statusCode() == 304) {
                return new Reached(response, sha256);
            }
            response.body().close();
            URI next = address.resolve(response.headers()
                    .firstValue("Location")
                    .orElseThrow(() -> failed(name, "the server redirects to nowhere")));
            if (!"https".equalsIgnoreCase(next.getScheme())
                    && !("http".equalsIgnoreCase(next.getScheme()) && "http".equalsIgnoreCase(address.getScheme()))) {
                throw failed(name, "the server redirects to " + next.getScheme() + ", which is not as safe");
            }
            address = next;
        }
        throw failed(name, "the server redirects more than " + REDIRECTS + " times");
    }

    private static Optional<String> statedDigest(HttpResponse<?> response) {
        return response.headers()
                .firstValue("X-Linked-Etag")
                .map(tag -> tag.replace("\"", "").toLowerCase(Locale.ROOT))
                .filter(tag -> SHA256.matcher(tag).matches());
    }

    /** Takes the body into the partial file; false for a status that may pass. */
    private boolean receive(HttpResponse<InputStream> response, Partial partial) throws IOException {
        try (InputStream body = response.body()) {
            int status = response.statusCode();
            long begin = 0;
            long total = response.headers().firstValueAsLong("Content-Length").orElse(-1);
            if (status == 206) {
                Matcher range = CONTENT_RANGE.matcher(
                        response.headers().firstValue("Content-Range").orElse(""));
                if (!range.matches() || Long.parseLong(range.group(1)) != partial.size()) {
                    partial.clear();
                    throw new IOException("the server sent another part than was asked for");
                }
                begin = partial.size();
                total = range.group(2).equals("*") ? -1 : Long.parseLong(range.group(2));
            } else if (status == 416) {
                partial.clear();
                return false;
            } else if (status != 200) {
                if (PASSING_TROUBLE.contains(status)) {
                    return false;
                }
                throw failed(
                        response.uri().getPath(),
                        "HTTP status " + status + (status == 401 || status == 403 ? ", the server wants a login" : ""));
            } else {
                partial.clear();
                // Only a strong tag says that the bytes are the same.
                String tag = response.headers()
                        .firstValue("ETag")
                        .filter(found -> !found.startsWith("W/"))
                        .orElse("");
                Files.writeString(partial.tag, tag);
            }
            copy(body, partial.part, begin);
            if (total >= 0 && partial.size() != total) {
                throw new IOException("the connection ended after " + partial.size() + " of " + total + " bytes");
            }
            return true;
        }
    }

    private static void copy(InputStream body, Path part, long begin) throws IOException {
        try (OutputStream out =
                begin > 0 ? Files.newOutputStream(part, StandardOpenOption.APPEND) : Files.newOutputStream(part)) {
            byte[] block = new byte[BLOCK];
            for (int count = body.read(block); count >= 0; count = body.read(block)) {
                out.write(block, 0, count); // at once: what has arrived stays after a break
            }
        }
    }

    private void finish(String name, Partial partial, Path target, @Nullable String sha256) throws IOException {
        if (sha256 != null) {
            String found = Sha256.of(partial.part);
            if (!found.equalsIgnoreCase(sha256)) {
                partial.clear();
                throw new VilamException(
                        ErrorCode.MODEL_INVALID,
                        base.resolve(name) + " has sha256 " + found + ", expected is " + sha256,
                        "Try again; if it stays so, the files there are damaged or changed.");
            }
        }
        progress.accept(
                name + ": " + partial.size() + " bytes" + (sha256 == null ? ", no sum stated" : ", sum is right"));
        Files.move(partial.part, target, StandardCopyOption.ATOMIC_MOVE);
        Files.deleteIfExists(partial.tag);
    }

    private VilamException failed(String name, String why) {
        return new VilamException(
                ErrorCode.FILE_UNREADABLE,
                base.resolve(name) + ": " + why,
                "Check the address and the connection, then run the same command again: it goes on where it stopped.");
    }
}
