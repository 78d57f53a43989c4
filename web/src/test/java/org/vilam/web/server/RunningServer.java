package org.vilam.web.server;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.vilam.vision.image.RgbImage;
import org.vilam.web.image.EncodedImage;
import org.vilam.web.json.Json;

/** A real server on a free port over {@link FakeModels}, and a client for it. */
public final class RunningServer implements AutoCloseable {
    private static final String BOUNDARY = "----vilam-test-boundary";

    public final FakeModels models = new FakeModels();
    public final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
    private final Server server;

    public RunningServer(Path home) {
        this(ServerConfig.local(home).withPort(0));
    }

    public RunningServer(ServerConfig config) {
        server = Server.start(config, models);
    }

    /** An answer: status, headers and bytes. */
    public record Answer(HttpResponse<byte[]> response) {
        public int status() {
            return response.statusCode();
        }

        public byte[] bytes() {
            return response.body();
        }

        public String text() {
            return new String(response.body(), StandardCharsets.UTF_8);
        }

        public JsonNode json() {
            return Json.tree(response.body(), "the answer");
        }

        public String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }
    }

    /** A part of a form; without a file name it is a field of text. */
    @SuppressWarnings("ArrayRecordComponent") // sent once, never compared
    public record Part(String name, String fileName, byte[] content) {
        public static Part text(String name, String value) {
            return new Part(name, "", value.getBytes(StandardCharsets.UTF_8));
        }

        public static Part file(String name, String fileName, byte[] content) {
            return new Part(name, fileName, content);
        }
    }

    public int port() {
        return server.port();
    }

    List<String> routes() {
        return server.routes();
    }

    public String url(String path) {
        return "http://127.0.0.1:" + server.port() + path;
    }

    public Answer send(String method, String path, byte[] body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url(path)))
                .timeout(Duration.ofSeconds(60))
                .method(method, BodyPublishers.ofByteArray(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return new Answer(client.send(request.build(), BodyHandlers.ofByteArray()));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    public Answer get(String path, String... headers) {
        return send("GET", path, new byte[0], headers);
    }

    public Answer delete(String path) {
        return send("DELETE", path, new byte[0]);
    }

    public Answer post(String path, String json, String... headers) {
        List<String> all = new ArrayList<>(List.of("Content-Type", "application/json"));
        all.addAll(List.of(headers));
        return send("POST", path, json.getBytes(StandardCharsets.UTF_8), all.toArray(String[]::new));
    }

    public Answer patch(String path, String json) {
        return send("PATCH", path, json.getBytes(StandardCharsets.UTF_8), "Content-Type", "application/json");
    }

    public Answer form(String path, Part... parts) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (Part part : parts) {
            String head = "--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"" + part.name() + "\""
                    + (part.fileName().isEmpty()
                            ? ""
                            : "; filename=\"" + part.fileName() + "\"\r\nContent-Type: application/octet-stream")
                    + "\r\n\r\n";
            body.writeBytes(head.getBytes(StandardCharsets.UTF_8));
            body.writeBytes(part.content());
            body.writeBytes("\r\n".getBytes(StandardCharsets.UTF_8));
        }
        body.writeBytes(("--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.UTF_8));
        return send("POST", path, body.toByteArray(), "Content-Type", "multipart/form-data; boundary=" + BOUNDARY);
    }

    /** Opens an answer that arrives in pieces; closing the stream hangs up. */
    public HttpResponse<InputStream> open(String path, String json) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url(path)))
                .header("Content-Type", "application/json")
                .header("Accept", "text/event-stream")
                .POST(BodyPublishers.ofString(json))
                .build();
        try {
            return client.send(request, BodyHandlers.ofInputStream());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The id of a picture of this size, which is in the store afterwards. */
    public String image(int width, int height) {
        Answer answer = send("POST", "/v1/images", png(width, height), "Content-Type", "image/png");
        return answer.json().get("id").textValue();
    }

    /** A picture whose colours follow from the place. */
    public static byte[] png(int width, int height) {
        byte[] rgb = new byte[3 * width * height];
        for (int i = 0; i < width * height; i++) {
            rgb[3 * i] = (byte) (i % width * 255 / width);
            rgb[3 * i + 1] = (byte) (i / width * 255 / height);
            rgb[3 * i + 2] = (byte) (width + height);
        }
        return EncodedImage.png(new RgbImage(width, height, rgb)).bytes();
    }

    @Override
    public void close() {
        server.close();
    }
}
