package org.vilam.web.image;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

/**
 * The servers that pictures may be fetched from; none unless they were named when the program was started.
 *
 * @param origins such as {@code https://images.example.org}
 * @param labelStudio the origin of a Label Studio that sends tasks, or null; allowed too
 * @param labelStudioToken what it wants to see in the Authorization header; sent to no other server
 */
public record RemoteAccess(
        List<String> origins,
        @Nullable String labelStudio,
        @Nullable String labelStudioToken) {
    /** Nothing is fetched. */
    public static final RemoteAccess NONE = new RemoteAccess(List.of(), null, null);

    /**
     * Checks the origins.
     *
     * @throws VilamException INVALID_ARGUMENT naming the origin that is none
     */
    public RemoteAccess {
        origins = origins.stream().map(RemoteAccess::origin).toList();
        labelStudio = labelStudio == null ? null : origin(labelStudio);
    }

    boolean allows(URI address) {
        String origin = origin(address);
        return origins.contains(origin) || origin.equals(labelStudio);
    }

    boolean isLabelStudio(URI address) {
        return origin(address).equals(labelStudio);
    }

    private static String origin(String text) {
        if (!text.matches("https?://[^/\\s@?#]+/?")) {
            throw new VilamException(
                    ErrorCode.INVALID_ARGUMENT,
                    "origin " + text + " is not possible",
                    "Name origins as scheme://host:port, without a path.");
        }
        return origin(URI.create(text));
    }

    private static String origin(URI address) {
        String scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
        String host = String.valueOf(address.getHost()).toLowerCase(Locale.ROOT);
        int port = address.getPort() >= 0 ? address.getPort() : scheme.equals("https") ? 443 : 80;
        return scheme + "://" + host + ":" + port;
    }
}
