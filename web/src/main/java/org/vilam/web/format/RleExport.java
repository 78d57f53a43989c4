package org.vilam.web.format;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.vilam.grounding.result.FoundObject;
import org.vilam.vision.geometry.Rle;
import org.vilam.web.json.Json;

/**
 * COCO's results format (cocodataset.org/#format-results), which {@code COCO.loadRes} reads: a list of detections, each with its
 * mask as compressed run lengths. {@code file_name} and {@code category} say what the numbers mean. An object without a mask has
 * the one of its box.
 */
final class RleExport implements ExportFormat {
    @Override
    public Exported write(List<AnnotatedImage> images) {
        Categories categories = new Categories(images);
        ArrayNode list = Json.MAPPER.createArrayNode();
        for (int i = 0; i < images.size(); i++) {
            AnnotatedImage image = images.get(i);
            for (FoundObject object : image.result().objects()) {
                Rle mask = CocoExport.rle(object, image);
                Rle rle = mask != null ? mask : Rle.ofBox(image.width(), image.height(), object.box());
                ObjectNode json = list.addObject()
                        .put("image_id", i + 1)
                        .put("file_name", image.fileName())
                        .put("category_id", categories.index(object) + 1)
                        .put("category", object.label());
                ArrayNode box = json.putArray("bbox");
                for (double value : object.box().toXywh()) {
                    box.add(Math.round(value * 100) / 100.0);
                }
                json.put("score", object.score() == null ? 1.0 : object.score());
                ObjectNode code = json.putObject("segmentation");
                code.putArray("size").add(rle.height()).add(rle.width());
                code.put("counts", rle.toCompressedString());
            }
        }
        return Exported.json("application/json", "results.coco-rle.json", list);
    }
}
