package org.vilam.web.format;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;
import org.vilam.web.json.Json;

/** Annotations of other tools, told apart by what is in the file: COCO and LabelMe. */
public final class AnnotationImport {
    private AnnotationImport() {}

    /**
     * Reads a file of annotations.
     *
     * @throws VilamException INVALID_ARGUMENT or GEOMETRY_INVALID naming the field
     */
    public static List<ImportedImage> read(byte[] file) {
        return read(Json.tree(file, "annotations"));
    }

    /** As {@link #read(byte[])}, from a tree. */
    public static List<ImportedImage> read(JsonNode json) {
        if (json.has("shapes")) {
            return List.of(new LabelMeReader(json).read());
        }
        if (json.has("images") && json.has("annotations")) {
            return new CocoReader(json).read();
        }
        throw new VilamException(
                ErrorCode.INVALID_ARGUMENT,
                "annotations: this is neither COCO nor LabelMe",
                "Send a COCO file with images, annotations and categories, or a LabelMe file with shapes.");
    }
}
