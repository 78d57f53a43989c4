package org.vilam.web.format;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;
import org.vilam.vision.geometry.Point;
import org.vilam.web.json.Json;

/**
 * Fields of other tools' files. Unknown ones are left alone, since each tool adds its own; known ones have to be what they should
 * be.
 */
final class Fields {
    /** As in a result; longer names help nobody. */
    private static final int LONGEST_TEXT = 200;

    private Fields() {}

    static JsonNode list(JsonNode parent, String field, String path) {
        JsonNode list = parent.path(field);
        if (!list.isArray()) {
            throw wrong(path + field, "a list");
        }
        return list;
    }

    static long whole(JsonNode parent, String field, String path) {
        JsonNode number = parent.path(field);
        if (!number.isIntegralNumber() || !number.canConvertToLong()) {
            throw wrong(path + field, "a whole number");
        }
        return number.longValue();
    }

    /** A side of a picture. */
    static int side(JsonNode parent, String field, String path) {
        long side = whole(parent, field, path);
        if (side < 1 || side > 1_000_000) {
            throw wrong(path + field, "a side of a picture in pixels");
        }
        return (int) side;
    }

    static String text(JsonNode parent, String field, String path) {
        JsonNode text = parent.path(field);
        if (!text.isTextual() || text.textValue().isBlank()) {
            throw wrong(path + field, "a text");
        }
        return text.textValue().length() <= LONGEST_TEXT
                ? text.textValue()
                : text.textValue().substring(0, LONGEST_TEXT);
    }

    static double[] numbers(JsonNode list, String path) {
        if (!list.isArray()) {
            throw wrong(path, "a list of numbers");
        }
        double[] numbers = new double[list.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = number(list.get(i), path + "[" + i + "]");
        }
        return numbers;
    }

    static double number(JsonNode number, String path) {
        if (!number.isNumber() || !(Math.abs(number.doubleValue()) <= Point.MAX_COORDINATE)) {
            throw wrong(path, "a number within +-1e9");
        }
        return number.doubleValue();
    }

    static List<Point> points(JsonNode list, String path) {
        if (!list.isArray()) {
            throw wrong(path, "a list of points");
        }
        List<Point> points = new ArrayList<>(list.size());
        for (int i = 0; i < list.size(); i++) {
            double[] xy = numbers(list.get(i), path + "[" + i + "]");
            if (xy.length != 2) {
                throw wrong(path + "[" + i + "]", "a point x, y");
            }
            points.add(new Point(xy[0], xy[1]));
        }
        return points;
    }

    /** The name of a file without folders, of this system or another. */
    static String fileName(String path) {
        return path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
    }

    static VilamException wrong(String field, String wanted) {
        return new VilamException(
                ErrorCode.INVALID_ARGUMENT,
                Json.echo(field) + ": this is not " + wanted,
                "Correct the file, or export it again from the tool that made it.");
    }
}
