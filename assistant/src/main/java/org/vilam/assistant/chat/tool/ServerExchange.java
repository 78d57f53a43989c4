package org.vilam.assistant.chat.tool;

import dev.langchain4j.exception.HttpException;
import dev.langchain4j.http.client.jdk.JdkHttpClient;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.langchain4j.model.chat.response.PartialToolCallContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Requests to a language server, heard on the thread that asks, which can give up at any time. Safe for several threads. */
final class ServerExchange {
    /** How long a cancellation may go unseen. */
    private static final Duration BEAT = Duration.ofMillis(100);

    private final LanguageServer server;
    private final StreamingChatModel model;

    ServerExchange(LanguageServer server) {
        this.server = server;
        this.model = OpenAiStreamingChatModel.builder()
                .httpClientBuilder(JdkHttpClient.builder()
                        // Servers in Python answer HTTP/1.1 alone and stumble over the offer of an upgrade.
                        .httpClientBuilder(HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1))
                        .connectTimeout(server.connectTimeout())
                        .readTimeout(server.timeout()))
                .baseUrl(server.baseUrl().toString())
                .apiKey(server.apiKey())
                .modelName(server.model())
                .temperature(server.temperature())
                .maxTokens(server.maxTokens())
                .build();
    }

    /** Why there is no answer, in words that can stand in a warning. */
    static final class Failure extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final boolean aboutTools;

        Failure(String message, boolean aboutTools, @Nullable Throwable cause) {
            super(message, cause);
            this.aboutTools = aboutTools;
        }

        /** Whether the server says that it does not know tools. */
        boolean aboutTools() {
            return aboutTools;
        }
    }

    /** What is heard from the server. */
    private sealed interface Event {
        record Piece(String text) implements Event {}

        /** A tool call is being written. */
        record Sign() implements Event {}

        record Done(ChatResponse response) implements Event {}

        record Failed(Throwable error) implements Event {}
    }

    /** Hands what is heard over to the thread that asked. */
    private static final class Ear implements StreamingChatResponseHandler {
        final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
        private volatile boolean deaf;
        private volatile @Nullable StreamingHandle handle;

        @Override
        public void onPartialResponse(PartialResponse piece, PartialResponseContext context) {
            hold(context.streamingHandle());
            events.add(new Event.Piece(piece.text()));
        }

        @Override
        public void onPartialToolCall(PartialToolCall call, PartialToolCallContext context) {
            hold(context.streamingHandle());
            events.add(new Event.Sign());
        }

        @Override
        public void onCompleteResponse(ChatResponse response) {
            events.add(new Event.Done(response));
        }

        @Override
        public void onError(Throwable error) {
            events.add(new Event.Failed(error));
        }

        private void hold(StreamingHandle now) {
            handle = now;
            if (deaf) {
                now.cancel();
            }
        }

        /** The connection is closed, now or with the next word. */
        void close() {
            deaf = true;
            StreamingHandle now = handle;
            if (now != null) {
                now.cancel();
            }
        }
    }

    /**
     * One answer.
     *
     * @param listener hears its text
     * @param beat called while waiting; what it or the listener throws ends the exchange
     * @throws Failure when the server gives none
     */
    ChatResponse ask(ChatRequest request, Consumer<String> listener, Runnable beat) {
        Ear ear = new Ear();
        boolean whole = false;
        try {
            model.chat(request, ear);
            ChatResponse response = hear(ear, listener, beat);
            whole = true;
            return response;
        } catch (Failure | CancellationException e) {
            throw e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            CancellationException cancelled = new CancellationException("interrupted");
            cancelled.initCause(e);
            throw cancelled;
        } finally {
            if (!whole) {
                ear.close();
            }
        }
    }

    private ChatResponse hear(Ear ear, Consumer<String> listener, Runnable beat) throws InterruptedException {
        long silentSince = System.nanoTime();
        while (true) {
            beat.run();
            Event event = ear.events.poll(BEAT.toMillis(), TimeUnit.MILLISECONDS);
            if (event == null) {
                if (System.nanoTime() - silentSince > server.timeout().toNanos()) {
                    throw new Failure(silent(), false, null);
                }
                continue;
            }
            silentSince = System.nanoTime();
            if (event instanceof Event.Piece piece) {
                listener.accept(piece.text());
            } else if (event instanceof Event.Done done) {
                return done.response();
            } else if (event instanceof Event.Failed failed) {
                throw failure(failed.error());
            }
        }
    }

    private String silent() {
        return "The language model " + server + " said nothing for " + seconds(server.timeout()) + " s.";
    }

    private Failure failure(Throwable error) {
        for (Throwable t = error; t != null; t = t.getCause()) {
            if (t instanceof HttpException http) {
                String body = String.valueOf(http.getMessage()).strip();
                boolean tools = http.statusCode() >= 400 && http.statusCode() != 401 && body.contains("tool");
                return new Failure(
                        "The language model " + server + " refused with HTTP " + http.statusCode() + ": "
                                + ToolJson.brief(body.replaceAll("\\s+", " ")),
                        tools,
                        error);
            } else if (t instanceof HttpConnectTimeoutException) {
                return new Failure(
                        "The language model " + server + " cannot be reached within " + seconds(server.connectTimeout())
                                + " s.",
                        false,
                        error);
            } else if (t instanceof ConnectException
                    || t instanceof UnknownHostException
                    || t instanceof UnresolvedAddressException) {
                return new Failure(
                        "The language model " + server + " cannot be reached: nothing answers there.", false, error);
            } else if (t instanceof java.net.http.HttpTimeoutException
                    || t instanceof java.util.concurrent.TimeoutException) {
                return new Failure(silent(), false, error);
            }
        }
        return new Failure(
                "The language model " + server + " broke off: " + ToolJson.brief(String.valueOf(error.getMessage())),
                false,
                error);
    }

    private static String seconds(Duration duration) {
        double seconds = duration.toMillis() / 1000.0;
        return seconds == Math.rint(seconds) ? Long.toString((long) seconds) : Double.toString(seconds);
    }
}
