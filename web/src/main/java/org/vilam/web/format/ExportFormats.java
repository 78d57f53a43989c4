package org.vilam.web.format;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

/** The formats by name. */
public final class ExportFormats {
    private static final Map<String, ExportFormat> FORMATS = formats();

    private ExportFormats() {}

    private static Map<String, ExportFormat> formats() {
        Map<String, ExportFormat> formats = new LinkedHashMap<>();
        formats.put("coco", new CocoExport());
        formats.put("yolo", new YoloExport(YoloExport.Kind.DETECT));
        formats.put("yolo-seg", new YoloExport(YoloExport.Kind.SEGMENT));
        formats.put("yolo-pose", new YoloExport(YoloExport.Kind.POSE));
        formats.put("labelme", new LabelMeExport());
        formats.put("labelstudio", new LabelStudioExport());
        formats.put("geojson", new GeoJsonExport());
        formats.put("rle", new RleExport());
        formats.put("png", new OverlayExport());
        formats.put("svg", new SvgExport());
        return formats;
    }

    /** The names. */
    public static Set<String> names() {
        return FORMATS.keySet();
    }

    /**
     * Writes results in a format.
     *
     * @param images at least one
     * @throws VilamException INVALID_ARGUMENT where there is no such format
     */
    public static Exported write(String format, List<AnnotatedImage> images) {
        check(format);
        return Objects.requireNonNull(FORMATS.get(format)).write(images);
    }

    /**
     * Checks a format's name.
     *
     * @throws VilamException INVALID_ARGUMENT where there is no such format
     */
    public static void check(String format) {
        if (!FORMATS.containsKey(format)) {
            throw new VilamException(
                    ErrorCode.INVALID_ARGUMENT,
                    "format: there is no such format",
                    "Use one of " + String.join(", ", FORMATS.keySet()) + ".");
        }
    }
}
