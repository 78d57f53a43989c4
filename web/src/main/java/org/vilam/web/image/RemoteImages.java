package org.vilam.web.image;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

/**
 * Fetches pictures from the servers that {@link RemoteAccess} names, and from no others: each address, those of redirects
 * included, has to be of an allowed origin before a connection is made to it.
 */
final class RemoteImages {
    private static final int MOST_HOPS = 4;
    private static final Duration TIMEOUT = Duration.ofSeconds(15);

    private final RemoteAccess access;
    private final long maxBytes;
    private final HttpClient client = HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(TIMEOUT)
            .build();

    RemoteImages(RemoteAccess access, long maxBytes) {
        this.access = access;
        this.maxBytes = maxBytes;
    }

    /**
     * @param address absolute, or a path on Label Studio
     * @param field names it in messages
     */
    byte[] fetch(String address, String field) {
        URI next = absolute(address, field);
        for (int hop = 0; hop < MOST_HOPS; hop++) {
            if (!access.allows(next)) {
                throw new VilamException(
                        ErrorCode.FORBIDDEN,
                        field + ": nothing is fetched from this address",
                        "Send the picture itself, or start the server with --fetch-from and the address's origin.");
            }
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(next).timeout(TIMEOUT).GET();
            if (access.isLabelStudio(next) && access.labelStudioToken() != null) {
                request.header("Authorization", "Token " + access.labelStudioToken());
            }
            try {
                HttpResponse<InputStream> response = client.send(request.build(), BodyHandlers.ofInputStream());
                try (InputStream body = response.body()) {
                    if (response.statusCode() == 200) {
                        return limited(body, field);
                    }
                    URI to = redirect(next, response);
                    if (to == null) {
                        throw failed(field, "the server answers " + response.statusCode(), null);
                    }
                    next = to;
                }
            } catch (IOException e) {
                throw failed(field, "the server cannot be reached", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw failed(field, "the program is ending", e);
            }
        }
        throw failed(field, "it redirects without end", null);
    }

    private URI absolute(String address, String field) {
        try {
            URI uri = new URI(address);
            if (!uri.isAbsolute() && access.labelStudio() != null) {
                uri = URI.create(access.labelStudio()).resolve(uri);
            }
            if (uri.getHost() != null && uri.getUserInfo() == null && uri.isAbsolute()) {
                return uri;
            }
        } catch (URISyntaxException e) {
            throw failed(field, "this is no address", e);
        }
        throw failed(field, "this is no address", null);
    }

    private static @Nullable URI redirect(URI from, HttpResponse<?> response) {
        int status = response.statusCode();
        if (status != 301 && status != 302 && status != 303 && status != 307 && status != 308) {
            return null;
        }
        try {
            URI to =
                    response.headers().firstValue("Location").map(from::resolve).orElse(null);
            return to == null || to.getHost() == null || to.getUserInfo() != null ? null : to;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private byte[] limited(InputStream body, String field) throws IOException {
        byte[] bytes = body.readNBytes((int) Math.min(Integer.MAX_VALUE - 8, maxBytes + 1));
        if (bytes.length > maxBytes) {
            throw new VilamException(
                    ErrorCode.IMAGE_TOO_LARGE,
                    field + ": the picture is longer than " + maxBytes + " bytes",
                    "Send a smaller one, or start the server with a higher --max-upload-mb.");
        }
        return bytes;
    }

    private static VilamException failed(String field, String why, @Nullable Throwable cause) {
        return new VilamException(
                ErrorCode.INVALID_ARGUMENT,
                field + ": the picture cannot be fetched: " + why,
                "Check the address, or send the picture itself.",
                cause);
    }
}
