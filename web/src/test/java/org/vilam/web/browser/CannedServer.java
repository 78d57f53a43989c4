package org.vilam.web.browser;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.vilam.grounding.result.GroundingJson;

/**
 * The REST interface as far as the page uses it, with {@link CannedAnswers}, and the page itself under a policy that lets nothing
 * in from elsewhere. Remembers what it was asked.
 */
final class CannedServer implements AutoCloseable {
    private static final ObjectMapper JSON = GroundingJson.mapper();
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html;charset=utf-8",
            "css", "text/css;charset=utf-8",
            "js", "text/javascript;charset=utf-8",
            "svg", "image/svg+xml");

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<CannedPicture> known;
    private final Map<String, CannedPicture> images = new ConcurrentHashMap<>();
    private final CannedSessions sessions = new CannedSessions();
    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private volatile boolean cancelled;
    private volatile String state = "ready";

    /** A request that came in. */
    record Asked(String method, String path, JsonNode body) {}

    CannedServer(CannedPicture... pictures) throws IOException {
        known = List.of(pictures);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    String url() {
        return "http://localhost:" + server.getAddress().getPort() + "/";
    }

    /** Requests with this method whose path ends so, oldest first. */
    List<Asked> asked(String method, String pathEnd) {
        return asked.stream()
                .filter(a -> a.method().equals(method) && a.path().endsWith(pathEnd))
                .toList();
    }

    /** Whether a running question was given up by the page. */
    boolean wasCancelled() {
        return cancelled;
    }

    /** What the status says: loading, ready or failed. */
    void state(String now) {
        state = now;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            exchange.getResponseHeaders().set("Content-Security-Policy", "default-src 'self'");
            byte[] body = exchange.getRequestBody().readAllBytes();
            try {
                if (path.startsWith("/v1/")) {
                    api(exchange, exchange.getRequestMethod(), path.substring(4).split("/"), body);
                } else {
                    page(exchange, path.equals("/") ? "/index.html" : path);
                }
            } catch (CannedRefusal refusal) {
                send(exchange, refusal.status(), "application/problem+json", bytes(refusal.body()));
            } catch (RuntimeException e) {
                CannedRefusal own =
                        new CannedRefusal(500, "Internal", "internal", "the tests' server failed: " + e, "Mend it.");
                send(exchange, own.status(), "application/problem+json", bytes(own.body()));
            }
        }
    }

    private static void page(HttpExchange exchange, String path) throws IOException {
        try (InputStream in = CannedServer.class.getResourceAsStream("/public" + path)) {
            if (in == null) {
                throw new CannedRefusal(404, "Not found", "not_found", "there is no " + path, "");
            }
            String type = TYPES.getOrDefault(path.substring(path.lastIndexOf('.') + 1), "application/octet-stream");
            send(exchange, 200, type, in.readAllBytes());
        }
    }

    private void api(HttpExchange exchange, String method, String[] path, byte[] body) throws IOException {
        boolean isJson = String.valueOf(exchange.getRequestHeaders().getFirst("Content-Type"))
                .startsWith("application/json");
        JsonNode json = isJson ? JSON.readTree(body) : JSON.createObjectNode();
        asked.add(new Asked(method, "/v1/" + String.join("/", path), json));
        String route = method + " " + path[0] + (path.length > 1 ? "/…" : "") + (path.length > 2 ? "/" + path[2] : "");
        switch (route) {
            case "GET status" -> reply(exchange, status());
            case "GET models" -> reply(exchange, models());
            case "GET gallery" -> reply(exchange, gallery());
            case "GET gallery/…/image" ->
                send(
                        exchange,
                        200,
                        "image/png",
                        known.get(Integer.parseInt(path[1])).png());
            case "POST images" -> reply(exchange, upload(body));
            case "GET images/…", "GET images/…/thumbnail" ->
                send(exchange, 200, "image/png", image(path[1]).png());
            case "POST sessions" ->
                reply(
                        exchange,
                        sessions.create(image(json.path("image").path("id").asText())));
            case "GET sessions" -> reply(exchange, sessions.list());
            case "GET sessions/…" -> reply(exchange, sessions.json(path[1]));
            case "DELETE sessions/…" -> {
                sessions.delete(path[1]);
                exchange.sendResponseHeaders(204, -1);
            }
            case "POST sessions/…/turns" -> ask(exchange, path[1], json);
            case "PATCH sessions/…/turns" ->
                reply(exchange, sessions.correct(path[1], Integer.parseInt(path[3]), path[5], json));
            case "DELETE sessions/…/turns" -> reply(exchange, sessions.undo(path[1], Integer.parseInt(path[3])));
            case "GET export/…/" + "1", "GET export/…/" + "2" -> {
                exchange.getResponseHeaders().set("Content-Disposition", "attachment; filename=\"annotations.json\"");
                reply(
                        exchange,
                        JSON.createObjectNode()
                                .put("format", exchange.getRequestURI().getQuery()));
            }
            default ->
                throw new CannedRefusal(
                        404, "Not found", "not_found", "there is no " + route, "Ask for something else.");
        }
    }

    private ObjectNode status() {
        ObjectNode status = JSON.createObjectNode().put("version", "0.1.0").put("state", state);
        if (state.equals("ready")) {
            status.put("device", "cpu").put("knows", "Knows drawn shapes and stick figures, and nothing else.");
            status.set("model", model());
        }
        return state.equals("failed") ? status.put("problem", "the weights are damaged") : status;
    }

    private static ObjectNode model() {
        ObjectNode model = JSON.createObjectNode()
                .put("id", "canned")
                .put("family", "canned")
                .put("title", "Canned answers")
                .put("knows", "Knows drawn shapes and stick figures, and nothing else.")
                .put("active", true)
                .put("size", 123_456_789L);
        model.putArray("abilities").add("box").add("polygon");
        return model;
    }

    private static ObjectNode models() {
        ObjectNode models = JSON.createObjectNode();
        models.putArray("models").add(model());
        return models;
    }

    private ObjectNode gallery() {
        ObjectNode gallery = JSON.createObjectNode();
        ArrayNode items = gallery.putArray("items");
        for (int i = 0; i < known.size(); i++) {
            ObjectNode item = items.addObject()
                    .put("id", String.valueOf(i))
                    .put("title", known.get(i).title())
                    .put("image_url", "/v1/gallery/" + i + "/image");
            item.set("suggestions", JSON.valueToTree(known.get(i).suggestions()));
        }
        return gallery;
    }

    /** The file's bytes lie between the part's head and the closing boundary; ISO 8859-1 maps each byte to one character. */
    private ObjectNode upload(byte[] body) {
        String form = new String(body, StandardCharsets.ISO_8859_1);
        int start = form.indexOf("\r\n\r\n") + 4;
        byte[] file = Arrays.copyOfRange(body, start, form.lastIndexOf("\r\n--"));
        String id = CannedPicture.sha256(file);
        CannedPicture picture = known.stream()
                .filter(p -> p.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new CannedRefusal(
                        415,
                        "Image format unsupported",
                        "image_format_unsupported",
                        "the file is not a picture that this server reads",
                        "Send JPEG, PNG, TIFF, WebP or DICOM."));
        images.put(id, picture);
        return CannedSessions.imageJson(picture);
    }

    private CannedPicture image(String id) {
        CannedPicture picture = images.get(id);
        if (picture == null) {
            throw new CannedRefusal(404, "Not found", "not_found", "there is no such picture", "Send it first.");
        }
        return picture;
    }

    private void ask(HttpExchange exchange, String session, JsonNode request) throws IOException {
        String words = request.path("instruction").asText();
        if (words.contains("break")) {
            throw new CannedRefusal(503, "Busy", "busy", "all places are taken", "Ask again in a moment.");
        }
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        OutputStream out = exchange.getResponseBody();
        event(out, "progress", progress("route", "reading the instruction", 0));
        if (words.contains("slow")) {
            try {
                for (int i = 1; i < 400; i++) {
                    event(
                            out,
                            "progress",
                            progress("ground", "looking for it in the picture", Math.min(0.63, i / 20.0)));
                    Chromium.pause(50);
                }
            } catch (IOException e) {
                cancelled = true;
                return;
            }
        }
        event(out, "progress", progress("ground", "looking for it in the picture", 0.5));
        event(out, "result", sessions.answer(session, request));
    }

    private static ObjectNode progress(String stage, String words, double fraction) {
        return JSON.createObjectNode().put("stage", stage).put("words", words).put("fraction", fraction);
    }

    private static void event(OutputStream out, String name, JsonNode data) throws IOException {
        out.write(("event: " + name + "\ndata: " + data + "\n\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private static void reply(HttpExchange exchange, JsonNode json) throws IOException {
        send(exchange, 200, "application/json", bytes(json));
    }

    private static byte[] bytes(JsonNode json) {
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void send(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }
}
