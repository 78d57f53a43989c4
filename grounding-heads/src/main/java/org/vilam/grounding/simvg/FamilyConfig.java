package org.vilam.grounding.simvg;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.vilam.vision.checkpoint.ModelFolder;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;
import org.vilam.vision.image.ImageProcessor;
import org.vilam.vision.image.ImageProcessorConfig;

/** The configurations of families as JSON. */
public final class FamilyConfig {
    private static final ObjectMapper JSON = new ObjectMapper();

    private FamilyConfig() {}

    /**
     * Reads a configuration.
     *
     * @throws VilamException MODEL_INVALID naming the field that is wrong
     */
    public static <T> T read(JsonNode config, Class<T> type) {
        try {
            return JSON.treeToValue(config, type);
        } catch (JsonProcessingException e) {
            throw new VilamException(
                    ErrorCode.MODEL_INVALID,
                    "config.json: " + e.getOriginalMessage(),
                    "Install or import the model again, or correct this field.");
        }
    }

    /**
     * What a folder's pictures pass before the network.
     *
     * @param side of the network's square image
     * @throws VilamException MODEL_INVALID when preprocessor.json makes pictures of another size
     */
    public static ImageProcessor processor(ModelFolder folder, int side) {
        ImageProcessor processor = new ImageProcessor(ImageProcessorConfig.fromJson(folder.preprocessor()));
        ImageProcessorConfig.Size size = processor.config().size();
        if (size.width() != side || size.height() != side) {
            throw new VilamException(
                    ErrorCode.MODEL_INVALID,
                    folder.path() + ": preprocessor.json makes pictures of " + size.width() + " x " + size.height()
                            + ", config.json wants vis_enc.img_size " + side,
                    "Install or import the model again.");
        }
        return processor;
    }

    /** Writes a configuration. */
    public static ObjectNode json(Object config) {
        return JSON.valueToTree(config);
    }
}
