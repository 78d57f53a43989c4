package org.vilam.web.server;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;
import org.vilam.web.image.RemoteAccess;

/**
 * What can be chosen about a server.
 *
 * @param host the address it listens on; {@code 127.0.0.1} lets in this machine alone
 * @param port 1..65535, or 0 for any that is free
 * @param home the folder of the store and of models
 * @param maxUploadBytes longest picture, and so longest body, that is taken in
 * @param questionsAtOnce questions that the model is asked at the same time
 * @param questionsWaiting questions that may wait; more are refused with 503
 * @param origins origins of other sites' pages that may call this server (CORS), such as {@code http://localhost:3000}
 * @param remote which servers pictures may be fetched from
 */
public record ServerConfig(
        String host,
        int port,
        Path home,
        long maxUploadBytes,
        int questionsAtOnce,
        int questionsWaiting,
        List<String> origins,
        RemoteAccess remote) {
    /** Port 8080 of this machine alone, 64 MB a picture, two questions at once and 128 waiting; nothing is fetched. */
    public static ServerConfig local(Path home) {
        return new ServerConfig("127.0.0.1", 8080, home, 64_000_000, 2, 128, List.of(), RemoteAccess.NONE);
    }

    /**
     * Checks the ranges.
     *
     * @throws VilamException INVALID_ARGUMENT naming the option
     */
    public ServerConfig {
        origins = List.copyOf(origins);
        require(port >= 0 && port <= 65_535, "port " + port, "Use 0..65535.");
        require(
                maxUploadBytes >= 1_000 && maxUploadBytes <= 500_000_000,
                "upload limit " + maxUploadBytes,
                "Use 1 kB to 500 MB.");
        require(questionsAtOnce >= 1, "questions at once: " + questionsAtOnce, "Use at least 1.");
        require(questionsWaiting >= 0, "questions waiting: " + questionsWaiting, "Use at least 0.");
        for (String origin : origins) {
            require(
                    origin.matches("https?://[^/\\s*]+"),
                    "origin " + origin,
                    "Name origins as scheme://host:port, without a path or *.");
        }
    }

    /** The same with another port. */
    public ServerConfig withPort(int other) {
        return new ServerConfig(host, other, home, maxUploadBytes, questionsAtOnce, questionsWaiting, origins, remote);
    }

    /** Whether only this machine can reach it. */
    public boolean isLocal() {
        String name = host.toLowerCase(Locale.ROOT);
        return name.equals("localhost") || name.startsWith("127.") || name.equals("::1") || name.equals("[::1]");
    }

    private static void require(boolean holds, String what, String hint) {
        if (!holds) {
            throw new VilamException(ErrorCode.INVALID_ARGUMENT, what + " is not possible", hint);
        }
    }
}
