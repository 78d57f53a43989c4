package org.vilam.web.browser;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a browser by the Chrome DevTools Protocol (https://chromedevtools.github.io/devtools-protocol/): commands with
 * their answers, and the events in between. Flat sessions: one connection serves all pages.
 */
final class DevTools implements AutoCloseable {
    static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final AtomicInteger ids = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> waiting = new ConcurrentHashMap<>();
    private final Map<String, Queue<JsonNode>> events = new ConcurrentHashMap<>();
    private final WebSocket socket;

    DevTools(URI address) {
        socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .connectTimeout(PATIENCE)
                .buildAsync(address, new Reader())
                .join();
    }

    /** Sends a command to a session, or to the browser itself where the session is empty, and waits for its answer. */
    JsonNode call(String session, String method, Object... namesAndValues) {
        ObjectNode parameters = JSON.createObjectNode();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            parameters.set((String) namesAndValues[i], JSON.valueToTree(namesAndValues[i + 1]));
        }
        int id = ids.incrementAndGet();
        ObjectNode command = JSON.createObjectNode().put("id", id).put("method", method);
        command.set("params", parameters);
        if (!session.isEmpty()) {
            command.put("sessionId", session);
        }
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        waiting.put(id, answer);
        try {
            socket.sendText(command.toString(), true).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            return answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted in " + method, e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("no answer to " + method, e);
        } finally {
            waiting.remove(id);
        }
    }

    /** The events of a session so far that nobody has taken yet. */
    Queue<JsonNode> events(String session) {
        return events.computeIfAbsent(session, key -> new ConcurrentLinkedQueue<>());
    }

    @Override
    public void close() {
        socket.abort();
    }

    private void take(String message) {
        JsonNode node;
        try {
            node = JSON.readTree(message);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (!node.has("id")) {
            events(node.path("sessionId").asText()).add(node);
            return;
        }
        CompletableFuture<JsonNode> answer = waiting.get(node.path("id").asInt());
        if (answer == null) {
            return;
        }
        if (node.has("error")) {
            answer.completeExceptionally(
                    new IllegalStateException(node.path("error").toString()));
        } else {
            answer.complete(node.path("result"));
        }
    }

    private final class Reader implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                String message = text.toString();
                text.setLength(0);
                take(message);
            }
            webSocket.request(1);
            return null;
        }
    }
}
