package org.vilam.assistant.chat.tool;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** An OpenAI-compatible server that answers as it was told, and remembers what it was asked. */
final class FakeServer implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What it was asked: the bodies. */
    final List<JsonNode> asked = new CopyOnWriteArrayList<>();
    /** The Authorization headers. */
    final List<String> keys = new CopyOnWriteArrayList<>();
    /** Open until somebody hangs up while it speaks. */
    final CountDownLatch hungUp = new CountDownLatch(1);

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Deque<Reply> replies = new ArrayDeque<>();

    interface Reply {
        void to(HttpExchange exchange) throws IOException;
    }

    FakeServer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/v1/chat/completions", this::answer);
        server.start();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v1");
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            asked.add(JSON.readTree(exchange.getRequestBody().readAllBytes()));
            String key = exchange.getRequestHeaders().getFirst("Authorization");
            keys.add(key == null ? "" : key);
            Reply reply;
            synchronized (replies) {
                reply = replies.poll();
            }
            if (reply == null) {
                error(500, "nothing to say").to(exchange);
            } else {
                reply.to(exchange);
            }
        }
    }

    FakeServer then(Reply reply) {
        synchronized (replies) {
            replies.add(reply);
        }
        return this;
    }

    /** Text in pieces. */
    FakeServer says(String... pieces) {
        return then(exchange -> {
            try (OutputStream out = stream(exchange)) {
                for (String piece : pieces) {
                    ObjectNode delta = JSON.createObjectNode().put("content", piece);
                    out.write(chunk(delta, null));
                    out.flush();
                }
                out.write(chunk(JSON.createObjectNode(), "stop"));
                out.write("data: [DONE]\n\n".getBytes(StandardCharsets.UTF_8));
            }
        });
    }

    /** A tool call whose arguments come in two pieces, after some text. */
    FakeServer calls(String text, String tool, String arguments) {
        return then(exchange -> {
            try (OutputStream out = stream(exchange)) {
                if (!text.isEmpty()) {
                    out.write(chunk(JSON.createObjectNode().put("content", text), null));
                }
                int half = arguments.length() / 2;
                out.write(chunk(call(tool, arguments.substring(0, half)), null));
                out.write(chunk(call(null, arguments.substring(half)), null));
                out.write(chunk(JSON.createObjectNode(), "tool_calls"));
                out.write("data: [DONE]\n\n".getBytes(StandardCharsets.UTF_8));
            }
        });
    }

    private static ObjectNode call(@Nullable String tool, String arguments) {
        ObjectNode delta = JSON.createObjectNode();
        ObjectNode call = delta.putArray("tool_calls").addObject().put("index", 0);
        if (tool != null) {
            call.put("id", "call_1").put("type", "function");
        }
        ObjectNode function = call.putObject("function");
        if (tool != null) {
            function.put("name", tool);
        }
        function.put("arguments", arguments);
        return delta;
    }

    /** Speaks without end, until the other side hangs up. */
    FakeServer goesOn() {
        return then(exchange -> {
            try (OutputStream out = stream(exchange)) {
                for (int i = 0; i < 2000; i++) {
                    out.write(chunk(JSON.createObjectNode().put("content", "word "), null));
                    out.flush();
                    sleep(25);
                }
            } catch (IOException e) {
                hungUp.countDown();
            }
        });
    }

    /** Says a little and hangs up. */
    FakeServer breaksOff(String text) {
        return then(exchange -> {
            OutputStream out = stream(exchange);
            out.write(chunk(JSON.createObjectNode().put("content", text), null));
            out.flush();
            out.write("data: {\"choices\": [{\"delta\": {\"cont".getBytes(StandardCharsets.UTF_8));
            out.flush();
            throw new IOException("hung up on purpose");
        });
    }

    FakeServer silent(long milliseconds) {
        return then(exchange -> {
            sleep(milliseconds);
            error(500, "too late").to(exchange);
        });
    }

    FakeServer refuses(int status, String message) {
        return then(error(status, message));
    }

    private static Reply error(int status, String message) {
        return exchange -> {
            byte[] body = JSON.createObjectNode()
                    .set("error", JSON.createObjectNode().put("message", message))
                    .toString()
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        };
    }

    private static OutputStream stream(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        return exchange.getResponseBody();
    }

    private static byte[] chunk(ObjectNode delta, @Nullable String finish) {
        ObjectNode root = JSON.createObjectNode()
                .put("id", "chatcmpl-1")
                .put("object", "chat.completion.chunk")
                .put("created", 1)
                .put("model", "fake");
        ObjectNode choice = root.putArray("choices").addObject().put("index", 0);
        choice.set("delta", delta);
        choice.put("finish_reason", finish);
        return ("data: " + root + "\n\n").getBytes(StandardCharsets.UTF_8);
    }

    private static void sleep(long milliseconds) {
        try {
            TimeUnit.MILLISECONDS.sleep(milliseconds);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
