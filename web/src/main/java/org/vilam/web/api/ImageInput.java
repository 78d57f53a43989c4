package org.vilam.web.api;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;
import org.vilam.assistant.Picture;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;
import org.vilam.web.gallery.Gallery;
import org.vilam.web.image.DataUrl;
import org.vilam.web.image.Pictures;
import org.vilam.web.json.Json;

/** Finds the picture that a request is about. */
final class ImageInput {
    private final Pictures pictures;
    private final Gallery gallery;

    ImageInput(Pictures pictures, Gallery gallery) {
        this.pictures = pictures;
        this.gallery = gallery;
    }

    /**
     * One way to say which picture is meant.
     *
     * @param id of a picture sent before
     * @param dataUrl the picture itself
     * @param gallery id of a picture of the gallery
     * @param url of a server that may be fetched from
     */
    record Reference(
            @Nullable String id,
            @Nullable String dataUrl,
            @Nullable String gallery,
            @Nullable String url) {}

    /**
     * The picture of an {@code image} field.
     *
     * @throws VilamException INVALID_ARGUMENT, NOT_FOUND, FORBIDDEN for addresses, IMAGE_... for the picture itself
     */
    Picture picture(@Nullable JsonNode image) {
        if (image == null) {
            throw new VilamException(
                    ErrorCode.INVALID_ARGUMENT,
                    "image: the field is missing",
                    "Send {\"id\": ...} of a picture sent before, or {\"data_url\": \"data:image/png;base64,...\"}.");
        }
        Reference reference = Json.read(image, Reference.class, "image");
        int given = (reference.id() == null ? 0 : 1)
                + (reference.dataUrl() == null ? 0 : 1)
                + (reference.gallery() == null ? 0 : 1)
                + (reference.url() == null ? 0 : 1);
        if (given != 1) {
            throw new VilamException(
                    ErrorCode.INVALID_ARGUMENT,
                    "image: it has " + given + " of id, data_url, gallery and url",
                    "Give exactly one of them.");
        }
        if (reference.dataUrl() != null) {
            return pictures.add(DataUrl.bytes(reference.dataUrl(), "image.data_url"));
        }
        if (reference.url() != null) {
            return pictures.at(reference.url(), "image.url");
        }
        return reference.gallery() != null
                ? pictures.add(gallery.image(reference.gallery()))
                : pictures.get(String.valueOf(reference.id()));
    }

    /** The picture of a file that was sent. */
    Picture picture(byte[] file) {
        return pictures.add(file);
    }
}
