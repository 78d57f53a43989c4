package org.vilam.grounding.language;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.vilam.grounding.language.LocationCodec.Points;
import org.vilam.grounding.language.LocationCodec.Segmentation;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.geometry.Point;
import org.vilam.vision.geometry.Polygon;

/**
 * ViLaM's answers in sentences: a box, so many polygons of {@value Polygon#VILAM_POINTS} points, so many keypoints. The counts are
 * said in front of the lists, so that an answer that was cut off can be told from a whole one.
 *
 * <p>Reading is strict: an answer without a place, or with another number of parts or points than it says, is an error. Use
 * {@link LocationCodec} to take what can be had of any text.
 */
public final class PlaceSentences {
    private static final Pattern PARTS =
            Pattern.compile("polygons contain (\\d{1,4}) parts?:", Pattern.CASE_INSENSITIVE);
    private static final Pattern KEYPOINTS = Pattern.compile("(\\d{1,4}) keypoints?:", Pattern.CASE_INSENSITIVE);

    private final LocationCodec codec;

    /** The sentences of one image, {@code width} x {@code height} pixels. */
    public PlaceSentences(int width, int height) {
        this.codec = new LocationCodec(width, height);
    }

    /** {@code In the bounding box of [x1, y1, x2, y2]}. */
    public String box(Box box) {
        return "In the bounding box of " + codec.box(box);
    }

    /** {@code The polygons contain 2 parts: [[x1, y1], ...] and [[x1, y1], ...]}, each of 25 points along its outline. */
    public String polygons(List<Polygon> parts) {
        if (parts.isEmpty()) {
            throw new IllegalArgumentException("a segmentation has at least one part");
        }
        List<Polygon> sampled =
                parts.stream().map(part -> part.sampled(Polygon.VILAM_POINTS)).toList();
        return "The polygons contain " + parts.size() + (parts.size() == 1 ? " part: " : " parts: ")
                + codec.polygons(sampled);
    }

    /** {@code There are 3 keypoints: [[x1, y1], ...]}. */
    public String keypoints(List<Point> points) {
        if (points.isEmpty()) {
            throw new IllegalArgumentException("a list of keypoints has at least one");
        }
        return (points.size() == 1 ? "There is 1 keypoint: " : "There are " + points.size() + " keypoints: ")
                + codec.points(points);
    }

    /**
     * The box of an answer, in pixels.
     *
     * @throws VilamException MODEL_OUTPUT_INVALID when it has none
     */
    public Box readBox(String answer) {
        return codec.readBox(answer).orElseThrow(() -> invalid(answer, "holds no box"));
    }

    /**
     * The parts of an answer, in pixels.
     *
     * @throws VilamException MODEL_OUTPUT_INVALID when it has none, breaks off, or has not as many as it says
     */
    public List<Polygon> readPolygons(String answer) {
        Segmentation read = codec.readPolygons(answer).orElseThrow(() -> invalid(answer, "holds no polygon"));
        check(answer, PARTS, read.parts().size(), read.truncated(), "parts");
        return read.parts();
    }

    /**
     * The points of an answer, in pixels and in order.
     *
     * @throws VilamException MODEL_OUTPUT_INVALID when it has none, breaks off, or has not as many as it says
     */
    public List<Point> readKeypoints(String answer) {
        Points read = codec.readPoints(answer).orElseThrow(() -> invalid(answer, "holds no list of points"));
        check(answer, KEYPOINTS, read.points().size(), read.truncated(), "points");
        return read.points();
    }

    private static void check(String answer, Pattern said, int found, boolean truncated, String what) {
        if (truncated) {
            throw invalid(answer, "breaks off after " + found + " " + what);
        }
        Matcher count = said.matcher(answer);
        if (!count.find()) {
            throw invalid(answer, "does not say how many " + what + " there are");
        }
        if (Integer.parseInt(count.group(1)) != found) {
            throw invalid(answer, String.format(Locale.ROOT, "says %s %s and has %d", count.group(1), what, found));
        }
    }

    private static VilamException invalid(String answer, String why) {
        String shown = answer.length() <= 200 ? answer : answer.substring(0, 200) + "...";
        return new VilamException(
                ErrorCode.MODEL_OUTPUT_INVALID,
                "the model's answer " + why + ": " + shown,
                "Ask again in other words, or let the model answer at greater length.");
    }
}
