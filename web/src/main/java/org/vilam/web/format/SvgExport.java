package org.vilam.web.format;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.vilam.grounding.result.FoundObject;
import org.vilam.grounding.result.FoundObject.NamedPoint;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.geometry.Point;
import org.vilam.vision.geometry.Polygon;
import org.vilam.web.image.EncodedImage;

/**
 * The picture with its objects drawn on it, as an SVG file that needs no other: a group for each object, with a title that says
 * what it is. Several pictures come as a zip archive.
 */
final class SvgExport implements ExportFormat {
    private static final String MEDIA_TYPE = "image/svg+xml";

    @Override
    public Exported write(List<AnnotatedImage> images) {
        if (images.size() == 1) {
            return new Exported(MEDIA_TYPE, images.get(0).stem() + ".svg", svg(images.get(0)));
        }
        Map<String, byte[]> files = new LinkedHashMap<>();
        images.forEach(image -> files.put(image.stem() + ".svg", svg(image)));
        return Exported.zip("svg.zip", files);
    }

    private static byte[] svg(AnnotatedImage image) {
        EncodedImage pixels = image.upright().get();
        int width = image.width();
        int height = image.height();
        double line = Math.max(1, Math.max(width, height) / 400.0);
        StringBuilder svg = new StringBuilder();
        svg.append(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\">%n",
                width,
                height,
                width,
                height));
        svg.append("<title>").append(escaped(image.result().answer())).append("</title>\n");
        svg.append(String.format(
                Locale.ROOT,
                "<image width=\"%d\" height=\"%d\" href=\"data:%s;base64,%s\"/>%n",
                width,
                height,
                pixels.mediaType(),
                Base64.getEncoder().encodeToString(pixels.bytes())));
        List<FoundObject> objects = image.result().objects();
        for (int i = 0; i < objects.size(); i++) {
            object(svg, objects.get(i), i, line);
        }
        return svg.append("</svg>\n").toString().replace("\r\n", "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static void object(StringBuilder svg, FoundObject object, int index, double line) {
        String colour = String.format(Locale.ROOT, "#%06x", Palette.colour(index));
        String ink = String.format(Locale.ROOT, "#%06x", Palette.ink(Palette.colour(index)));
        Box box = object.box();
        svg.append(String.format(
                Locale.ROOT, "<g stroke=\"%s\" stroke-width=\"%s\" fill=\"none\">%n", colour, number(line)));
        svg.append("<title>")
                .append(escaped((index + 1) + " " + object.label() + ": " + object.phrase()))
                .append("</title>\n");
        if (!object.polygons().isEmpty()) {
            svg.append("<path fill=\"")
                    .append(colour)
                    .append("\" fill-opacity=\"0.25\" fill-rule=\"evenodd\" d=\"")
                    .append(path(object.polygons()))
                    .append("\"/>\n");
        }
        svg.append(String.format(
                Locale.ROOT,
                "<rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\"/>%n",
                number(box.x1()),
                number(box.y1()),
                number(box.width()),
                number(box.height())));
        for (NamedPoint point : object.keypoints()) {
            if (point.x() != null && point.y() != null) {
                svg.append(String.format(
                        Locale.ROOT,
                        "<circle cx=\"%s\" cy=\"%s\" r=\"%s\" fill=\"%s\"><title>%s</title></circle>%n",
                        number(point.x()),
                        number(point.y()),
                        number(2 * line),
                        colour,
                        escaped(point.name())));
            }
        }
        double size = 8 * line;
        svg.append(String.format(
                Locale.ROOT,
                "<rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" fill=\"%s\"/>%n",
                number(box.x1()),
                number(box.y1()),
                number(size * (0.6 + 0.6 * Integer.toString(index + 1).length())),
                number(1.3 * size),
                colour));
        svg.append(String.format(
                Locale.ROOT,
                "<text x=\"%s\" y=\"%s\" font-family=\"sans-serif\" font-size=\"%s\" fill=\"%s\" stroke=\"none\">%d</text>%n",
                number(box.x1() + 0.3 * size),
                number(box.y1() + size),
                number(size),
                ink,
                index + 1));
        svg.append("</g>\n");
    }

    private static String path(List<Polygon> parts) {
        StringBuilder path = new StringBuilder();
        for (Polygon part : parts) {
            ring(path, part.exterior());
            part.holes().forEach(hole -> ring(path, hole));
        }
        return path.toString();
    }

    private static void ring(StringBuilder path, List<Point> points) {
        char command = 'M';
        for (Point p : points) {
            path.append(command).append(number(p.x())).append(' ').append(number(p.y()));
            command = 'L';
        }
        path.append('Z');
    }

    private static String number(double value) {
        double rounded = Math.round(value * 100) / 100.0;
        return rounded == Math.rint(rounded) ? Long.toString((long) rounded) : Double.toString(rounded);
    }

    /** Text of a caller in XML: markup as text, and characters that XML 1.0 does not know as a question mark. */
    private static String escaped(String text) {
        return text.replaceAll("[^\\t\\n\\r\\x{20}-\\x{D7FF}\\x{E000}-\\x{FFFD}\\x{10000}-\\x{10FFFF}]", "?")
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
