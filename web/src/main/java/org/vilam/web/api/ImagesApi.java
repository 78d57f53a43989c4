package org.vilam.web.api;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.UnsupportedMediaTypeResponse;
import java.util.Set;
import org.vilam.assistant.Picture;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;
import org.vilam.web.http.Binary;
import org.vilam.web.http.Bodies;
import org.vilam.web.http.Form;
import org.vilam.web.image.EncodedImage;
import org.vilam.web.image.Pictures;

/** Pictures: sent once, named by their sha256, given back upright. */
final class ImagesApi {
    /** A name that is a digest never means anything else. */
    static final String FOREVER = "private, max-age=31536000, immutable";

    private final Pictures pictures;

    ImagesApi(Pictures pictures) {
        this.pictures = pictures;
    }

    void install(RoutesConfig routes) {
        routes.post("/v1/images", this::post);
        routes.get("/v1/images/{id}", ctx -> send(ctx, pictures.upright(ctx.pathParam("id"))));
        routes.get("/v1/images/{id}/thumbnail", ctx -> send(ctx, pictures.thumbnail(ctx.pathParam("id"))));
        routes.delete("/v1/images/{id}", ctx -> {
            pictures.delete(ctx.pathParam("id"));
            ctx.status(204);
        });
    }

    private void post(Context ctx) {
        byte[] file =
                Form.isSent(ctx) ? Form.read(ctx, Set.of(), Set.of("image")).file("image") : body(ctx);
        Picture picture = pictures.add(file);
        ctx.status(201);
        ctx.header("Location", "/v1/images/" + picture.id());
        ctx.json(ImageJson.of(pictures.facts(picture.id())));
    }

    /** The bytes say what they are; a media type that cannot be a picture is a mistake all the same. */
    private static byte[] body(Context ctx) {
        String type = Bodies.mediaType(ctx);
        if (type.startsWith("text/") || type.endsWith("json") || type.equals("application/x-www-form-urlencoded")) {
            throw new UnsupportedMediaTypeResponse();
        }
        byte[] file = ctx.bodyAsBytes();
        if (file.length == 0) {
            throw new VilamException(
                    ErrorCode.INVALID_ARGUMENT,
                    "the body is empty",
                    "Send the picture's file, as in curl -F image=@photo.jpg.");
        }
        return file;
    }

    static void send(Context ctx, EncodedImage image) {
        ctx.header("Cache-Control", FOREVER);
        Binary.send(ctx, image.mediaType(), image.bytes());
    }
}
