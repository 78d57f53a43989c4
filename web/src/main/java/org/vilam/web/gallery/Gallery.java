package org.vilam.web.gallery;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;
import org.vilam.vision.geometry.Box;
import org.vilam.web.json.Json;

/** The gallery of the class path: {@code /gallery/gallery.json} and the pictures that it names. */
public final class Gallery {
    private static final String FOLDER = "/gallery/";

    private final List<Item> items;

    private Gallery(List<Item> items) {
        this.items = List.copyOf(items);
    }

    /**
     * A picture.
     *
     * @param id names it in addresses
     * @param title for people
     * @param file its file beside gallery.json
     * @param suggestions what to ask
     */
    public record Item(String id, String title, String file, List<Suggestion> suggestions) {
        public Item {
            suggestions = List.copyOf(suggestions);
        }
    }

    /**
     * Something to ask, and what is true.
     *
     * @param instruction in plain words
     * @param status what has to come of it, as in a result
     * @param boxes the places meant, pixels; for an ambiguous instruction those of the candidates
     */
    public record Suggestion(
            String instruction, String status, @Nullable List<Box> boxes) {}

    private record Listing(List<Item> items) {}

    /** Reads the bundled gallery. */
    public static Gallery bundled() {
        return new Gallery(Json.read(resource("gallery.json"), Listing.class, "gallery.json")
                .items());
    }

    /** The pictures, in the order they are shown. */
    public List<Item> items() {
        return items;
    }

    /**
     * The file of a picture.
     *
     * @throws VilamException NOT_FOUND
     */
    public byte[] image(String id) {
        return items.stream()
                .filter(item -> item.id().equals(id))
                .findFirst()
                .map(item -> resource(item.file()))
                .orElseThrow(() -> new VilamException(
                        ErrorCode.NOT_FOUND,
                        "the gallery has no such picture",
                        "GET /v1/gallery lists the pictures there are."));
    }

    private static byte[] resource(String file) {
        try (InputStream in = Gallery.class.getResourceAsStream(FOLDER + file)) {
            if (in == null) {
                throw new IllegalStateException(FOLDER + file + " is not on the class path");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new IllegalStateException(FOLDER + file + " cannot be read", e);
        }
    }
}
