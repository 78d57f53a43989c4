package org.vilam.vision.image;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;
import org.vilam.vision.image.ImageProcessorConfig.Padding;
import org.vilam.vision.image.ImageProcessorConfig.Size;

/** Reads {@link ImageProcessorConfig} from JSON, field by field, refusing what it would not do. */
final class PreprocessorJson {
    private static final Set<String> FIELDS =
            Set.of("size", "resample", "mask_resample", "fit", "padding", "rescale_factor", "image_mean", "image_std");
    /** Steps that are always taken here, so a file may only say yes to them. */
    private static final Set<String> ALWAYS = Set.of("do_resize", "do_rescale", "do_normalize", "do_convert_rgb");
    /** Steps that are never taken here, so a file may only say no to them. */
    private static final Set<String> NEVER = Set.of("do_center_crop");
    /** Says who wrote the file; changes nothing. */
    private static final Set<String> LABELS =
            Set.of("image_processor_type", "feature_extractor_type", "processor_class");

    private final JsonNode json;

    PreprocessorJson(JsonNode json) {
        this.json = json;
    }

    ImageProcessorConfig read() {
        if (!json.isObject()) {
            throw refused("preprocessor.json", "an object", json);
        }
        json.fieldNames().forEachRemaining(this::checkName);
        if (json.has("crop_size") && !json.has("do_center_crop")) {
            throw refused("crop_size", "absent or explained by \"do_center_crop\": false", json.get("crop_size"));
        }
        ResampleFilter resample = json.has("resample") ? filter("resample") : ResampleFilter.PIL_BICUBIC;
        return new ImageProcessorConfig(
                size(),
                resample,
                json.has("mask_resample") ? filter("mask_resample") : ResampleFilter.OPENCV_NEAREST,
                json.has("fit") ? choice("fit", json.get("fit"), FitMode.class) : FitMode.SQUASH,
                json.has("padding") ? padding(json.get("padding")) : Padding.ZERO_AFTER_NORMALIZATION,
                json.has("rescale_factor") ? number("rescale_factor", json.get("rescale_factor")) : 1 / 255.0,
                numbers("image_mean", json.path("image_mean")),
                numbers("image_std", json.path("image_std")));
    }

    private void checkName(String name) {
        if (ALWAYS.contains(name)) {
            if (!json.get(name).asBoolean(false)) {
                throw refused(name, "true, the only thing this program does", json.get(name));
            }
        } else if (NEVER.contains(name)) {
            if (!json.get(name).isNull() && json.get(name).asBoolean(true)) {
                throw refused(name, "false, the only thing this program does", json.get(name));
            }
        } else if (!FIELDS.contains(name) && !LABELS.contains(name) && !name.equals("crop_size")) {
            throw new VilamException(
                    ErrorCode.INVALID_ARGUMENT,
                    "preprocessor.json has an unknown field " + name,
                    "Remove or respell it; known fields are " + String.join(", ", new TreeSet<>(FIELDS)) + ".");
        }
    }

    private Size size() {
        JsonNode size = json.path("size");
        if (size.isInt()) {
            return Size.square(size.asInt());
        }
        if (size.size() == 2
                && size.path("height").isInt()
                && size.path("width").isInt()) {
            return new Size(size.get("height").asInt(), size.get("width").asInt());
        }
        throw refused("size", "a number or {\"height\", \"width\"}", size);
    }

    /** Our own name of a filter, or Pillow's number as Hugging Face writes it. */
    private ResampleFilter filter(String field) {
        JsonNode node = json.get(field);
        if (!node.isInt()) {
            return choice(field, node, ResampleFilter.class);
        }
        return switch (node.asInt()) {
            case 0 -> ResampleFilter.PIL_NEAREST;
            case 2 -> ResampleFilter.PIL_BILINEAR;
            case 3 -> ResampleFilter.PIL_BICUBIC;
            default -> throw refused(field, "0 (nearest), 2 (bilinear), 3 (bicubic) or a filter's name", node);
        };
    }

    private static Padding padding(JsonNode node) {
        if (node.size() != 2 || !node.has("stage") || !node.has("value")) {
            throw refused("padding", "{\"stage\", \"value\"}", node);
        }
        return new Padding(
                choice("padding.stage", node.get("stage"), Padding.Stage.class),
                numbers("padding.value", node.get("value")));
    }

    private static <E extends Enum<E>> E choice(String field, JsonNode node, Class<E> type) {
        List<String> names = new ArrayList<>();
        for (E constant : type.getEnumConstants()) {
            String name = constant.name().toLowerCase(Locale.ROOT);
            if (node.isTextual() && name.equals(node.asText())) {
                return constant;
            }
            names.add(name);
        }
        throw refused(field, "one of " + String.join(", ", names), node);
    }

    private static List<Double> numbers(String field, JsonNode node) {
        if (!node.isArray()) {
            throw refused(field, "three numbers", node);
        }
        List<Double> values = new ArrayList<>();
        for (JsonNode value : node) {
            values.add(number(field, value));
        }
        return values;
    }

    private static double number(String field, JsonNode node) {
        if (!node.isNumber()) {
            throw refused(field, "a number", node);
        }
        return node.asDouble();
    }

    private static VilamException refused(String field, String wanted, JsonNode got) {
        return new VilamException(
                ErrorCode.INVALID_ARGUMENT,
                "preprocessor field " + field + " must be " + wanted + ", got "
                        + (got.isMissingNode() ? "nothing" : got),
                "Correct " + field + " in the model folder's preprocessor.json.");
    }
}
