package org.vilam.assistant.models;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A web server over a folder that understands ranges and can be told to misbehave. */
final class FileServer implements AutoCloseable {
    private final HttpServer server;
    private final Path folder;
    /** Paths, each with the bytes after which the connection breaks, once for each request to come. */
    final Map<String, List<Integer>> breaks = new ConcurrentHashMap<>();
    /** Headers by path. */
    final Map<String, Map<String, String>> headers = new ConcurrentHashMap<>();
    /** Where a path is redirected to. */
    final Map<String, String> redirects = new ConcurrentHashMap<>();
    /** Statuses by path, once for each request to come. */
    final Map<String, List<Integer>> statuses = new ConcurrentHashMap<>();
    /** What was asked for: {@code PATH RANGE}. */
    final List<String> requests = new CopyOnWriteArrayList<>();

    FileServer(Path folder) throws IOException {
        this.folder = folder;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::handle);
        server.start();
    }

    URI address(String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/" + path);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath().substring(1);
            String range = exchange.getRequestHeaders().getFirst("Range");
            requests.add(path + " " + (range == null ? "" : range));
            headers.getOrDefault(path, Map.of())
                    .forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
            String elsewhere = redirects.get(path);
            Integer status = next(statuses, path);
            if (status != null) {
                exchange.sendResponseHeaders(status, -1);
            } else if (elsewhere != null) {
                exchange.getResponseHeaders().set("Location", elsewhere);
                exchange.sendResponseHeaders(302, -1);
            } else if (!Files.isRegularFile(folder.resolve(path))) {
                exchange.sendResponseHeaders(404, -1);
            } else {
                send(exchange, path, Files.readAllBytes(folder.resolve(path)), range);
            }
        }
    }

    private void send(HttpExchange exchange, String path, byte[] whole, @Nullable String range) throws IOException {
        String tag = "\"" + Arrays.hashCode(whole) + "\"";
        exchange.getResponseHeaders().set("ETag", tag);
        int from = 0;
        if (range != null && tag.equals(exchange.getRequestHeaders().getFirst("If-Range"))) {
            from = Integer.parseInt(range.replaceAll("\\D", ""));
            exchange.getResponseHeaders()
                    .set("Content-Range", "bytes " + from + "-" + (whole.length - 1) + "/" + whole.length);
        }
        Integer breaksAfter = next(breaks, path);
        int count = whole.length - from;
        exchange.sendResponseHeaders(from > 0 ? 206 : 200, count);
        exchange.getResponseBody().write(whole, from, breaksAfter == null ? count : Math.min(count, breaksAfter));
        exchange.getResponseBody().flush();
    }

    private static @Nullable Integer next(Map<String, List<Integer>> all, String path) {
        List<Integer> left = all.get(path);
        if (left == null || left.isEmpty()) {
            return null;
        }
        all.put(path, left.subList(1, left.size()));
        return left.get(0);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
