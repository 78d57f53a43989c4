package org.vilam.web.api;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.List;
import java.util.Map;
import org.vilam.web.gallery.Gallery;
import org.vilam.web.http.Binary;
import org.vilam.web.image.EncodedImage;

/** Pictures to begin with. */
final class GalleryApi {
    private final Gallery gallery;

    GalleryApi(Gallery gallery) {
        this.gallery = gallery;
    }

    private record ItemJson(String id, String title, String imageUrl, List<String> suggestions) {
        static ItemJson of(Gallery.Item item) {
            return new ItemJson(
                    item.id(),
                    item.title(),
                    "/v1/gallery/" + item.id() + "/image",
                    item.suggestions().stream()
                            .map(Gallery.Suggestion::instruction)
                            .toList());
        }
    }

    void install(RoutesConfig routes) {
        routes.get(
                "/v1/gallery",
                ctx -> ctx.json(Map.of(
                        "items", gallery.items().stream().map(ItemJson::of).toList())));
        routes.get("/v1/gallery/{id}/image", this::image);
    }

    private void image(Context ctx) {
        ctx.header("Cache-Control", "private, max-age=3600"); // a name, not a digest: it may change with the program
        Binary.send(ctx, EncodedImage.PNG, gallery.image(ctx.pathParam("id")));
    }
}
