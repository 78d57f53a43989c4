package org.vilam.assistant.chat;

import dev.langchain4j.data.image.Image;
import dev.langchain4j.data.message.ImageContent;
import java.net.URI;
import java.util.Base64;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.vilam.assistant.Picture;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;
import org.vilam.vision.image.ImageDecoder;

/** Pictures of messages: base64 data, {@code data:} URLs and {@code image:<sha256>}; nothing is fetched. */
final class ChatImages {
    private static final Pattern OWN = Pattern.compile("image:([0-9a-f]{64})");
    private static final Pattern DATA = Pattern.compile("(?is)data:[^,]*;base64,(.*)");

    private final ImageDecoder decoder;
    private final ImageResolver resolver;

    ChatImages(ImageDecoder decoder, ImageResolver resolver) {
        this.decoder = decoder;
        this.resolver = resolver;
    }

    /** @throws dev.langchain4j.exception.UnsupportedFeatureException where the picture would have to be fetched */
    static void check(ImageContent content) {
        URI url = content.image().url();
        if (content.image().base64Data() == null
                && (url == null
                        || !(OWN.matcher(url.toString()).matches()
                                || DATA.matcher(url.toString()).matches()))) {
            String scheme = url == null || url.getScheme() == null
                    ? "of no known kind"
                    : "by " + url.getScheme().toLowerCase(Locale.ROOT) + " URL";
            throw ChatErrors.unsupported(
                    "An image " + scheme,
                    "Nothing is fetched: send base64 data, or image: and the sha256 of a known file.");
        }
    }

    /** The picture of content that has passed {@link #check}. */
    Picture picture(ImageContent content) {
        Image image = content.image();
        if (image.base64Data() != null) {
            return decoded(image.base64Data());
        }
        String url = String.valueOf(image.url());
        Matcher own = OWN.matcher(url);
        if (own.matches()) {
            return resolver.resolve(String.valueOf(own.group(1)));
        }
        Matcher data = DATA.matcher(url);
        return decoded(data.matches() ? String.valueOf(data.group(1)) : "");
    }

    private Picture decoded(String base64) {
        byte[] file;
        try {
            file = Base64.getDecoder().decode(base64.replaceAll("\\s", ""));
        } catch (IllegalArgumentException e) {
            throw new VilamException(
                    ErrorCode.INVALID_ARGUMENT,
                    "image: the data is no base64: " + e.getMessage(),
                    "Encode the whole file with the standard base64 alphabet.",
                    e);
        }
        return Picture.of(decoder.decode(file));
    }
}
