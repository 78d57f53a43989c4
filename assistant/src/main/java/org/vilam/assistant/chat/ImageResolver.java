package org.vilam.assistant.chat;

import org.vilam.assistant.Picture;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

/** Finds the pictures that messages name instead of holding: {@code image:} and the sha256 of a file. */
@FunctionalInterface
public interface ImageResolver {
    /** Knows none. */
    ImageResolver NONE = sha256 -> {
        throw new VilamException(
                ErrorCode.NOT_FOUND,
                "image: there is no store to find image:" + sha256 + " in",
                "Send the picture as base64 data, or give the chat model an image resolver.");
    };

    /**
     * A picture.
     *
     * @param sha256 of its file, 64 hexadecimal digits in lower case
     * @throws VilamException NOT_FOUND
     */
    Picture resolve(String sha256);
}
