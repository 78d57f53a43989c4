package org.vilam.web.format;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.vilam.grounding.result.FoundObject;
import org.vilam.grounding.result.FoundObject.NamedPoint;
import org.vilam.grounding.result.GroundingResult;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.geometry.Point;
import org.vilam.vision.geometry.Polygon;
import org.vilam.vision.geometry.Rle;
import org.vilam.vision.geometry.Visibility;
import org.vilam.vision.image.RgbImage;
import org.vilam.web.image.EncodedImage;

/** A result with one object of each kind, on a grey picture of 40 x 20. */
final class Samples {
    static final int WIDTH = 40;
    static final int HEIGHT = 20;

    /** A name that would be markup, code or a path if someone forgot to escape it. */
    static final String HOSTILE = "a \"b\" <c> & 'd': ../e\n";

    /** In two parts, a triangle and a square. */
    static final FoundObject PARTS = object(
            "o1",
            "dog",
            0.9,
            new Box(2, 2, 16, 10),
            List.of(Polygon.ofFlat(2, 2, 8, 2, 2, 8), Polygon.ofFlat(12, 6, 16, 6, 16, 10, 12, 10)),
            List.of());

    /** A frame: a square with a hole. */
    static final FoundObject FRAME = object(
            "o2",
            "frame",
            0.8,
            new Box(20, 4, 30, 14),
            List.of(new Polygon(
                    List.of(new Point(20, 4), new Point(30, 4), new Point(30, 14), new Point(20, 14)),
                    List.of(List.of(new Point(23, 7), new Point(27, 7), new Point(27, 11), new Point(23, 11))))),
            List.of());

    /** A box with keypoints. */
    static final FoundObject PERSON = object(
            "o3",
            "person",
            null,
            new Box(30.5, 2.25, 38.5, 18),
            List.of(),
            List.of(
                    new NamedPoint("nose", 34.0, 4.0, Visibility.VISIBLE, 1),
                    new NamedPoint("left_wrist", 36.5, 10.0, Visibility.OCCLUDED, 1),
                    new NamedPoint("right_wrist", null, null, Visibility.ABSENT, 1)));

    /** A box under a hostile name. */
    static final FoundObject NASTY = object("o4", HOSTILE, 0.55, new Box(0, 12, 10, 20), List.of(), List.of());

    private Samples() {}

    static FoundObject object(
            String id,
            String label,
            @Nullable Double score,
            Box box,
            List<Polygon> outline,
            List<NamedPoint> keypoints) {
        double area = outline.isEmpty()
                ? box.area()
                : outline.stream().mapToDouble(Polygon::area).sum();
        Rle mask = outline.isEmpty() ? null : Rle.ofPolygons(WIDTH, HEIGHT, outline);
        return new FoundObject(id, 1, label, "the " + label, score, box, outline, mask, keypoints, area, null);
    }

    static AnnotatedImage image(FoundObject... objects) {
        GroundingResult result = new GroundingResult(
                "gr_1",
                "all",
                GroundingResult.TaskSource.INFERRED,
                "find all " + HOSTILE,
                objects.length == 0 ? GroundingResult.Status.NO_TARGET : GroundingResult.Status.OK,
                0.97,
                new GroundingResult.Image("ab".repeat(32), WIDTH, HEIGHT, "ab".repeat(32), "image/png", 1),
                GroundingResult.Coordinates.PIXELS,
                "Here: " + HOSTILE,
                List.of(),
                List.of(objects),
                List.of(),
                List.of(),
                new GroundingResult.Model("mini", "1", "cd".repeat(32), "cpu", 0),
                Map.of("total", 1L));
        return new AnnotatedImage(result, Samples::grey);
    }

    static AnnotatedImage all() {
        return image(PARTS, FRAME, PERSON, NASTY);
    }

    private static EncodedImage grey() {
        byte[] rgb = new byte[3 * WIDTH * HEIGHT];
        Arrays.fill(rgb, (byte) 100);
        return EncodedImage.png(new RgbImage(WIDTH, HEIGHT, rgb));
    }
}
