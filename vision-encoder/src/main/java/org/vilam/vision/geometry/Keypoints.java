package org.vilam.vision.geometry;

import java.util.ArrayList;
import java.util.List;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

/**
 * The keypoints of one object, one for each name of its skeleton and in its order; those not known are absent.
 *
 * @param skeleton the names
 * @param points the keypoints
 */
public record Keypoints(Skeleton skeleton, List<Keypoint> points) {
    /** Checks that the keypoints are the skeleton's. */
    public Keypoints {
        points = List.copyOf(points);
        List<String> names = points.stream().map(Keypoint::name).toList();
        if (!names.equals(skeleton.names())) {
            throw new IllegalArgumentException(
                    "keypoints " + names + " are not those of the skeleton, " + skeleton.names());
        }
    }

    /**
     * From COCO's flat list {@code x, y, v, x, y, v, ...}; x and y are taken as they are, those of absent points (v =
     * 0) are dropped.
     *
     * @throws VilamException GEOMETRY_INVALID when the number of values is not three for each keypoint, a v is not 0, 1
     *     or 2, or a coordinate is no number
     */
    public static Keypoints ofCoco(Skeleton skeleton, double... xyv) {
        if (xyv.length != 3 * skeleton.size()) {
            throw invalid("keypoints have " + xyv.length + " numbers instead of " + 3 * skeleton.size());
        }
        List<Keypoint> points = new ArrayList<>(skeleton.size());
        for (int i = 0; i < skeleton.size(); i++) {
            String name = skeleton.names().get(i);
            double v = xyv[3 * i + 2];
            if (v == 0) {
                points.add(Keypoint.absent(name));
            } else if (v == 1 || v == 2) {
                points.add(new Keypoint(
                        name,
                        new Point(xyv[3 * i], xyv[3 * i + 1]),
                        v == 1 ? Visibility.OCCLUDED : Visibility.VISIBLE));
            } else {
                throw invalid("keypoint " + name + " has the visibility " + v);
            }
        }
        return new Keypoints(skeleton, points);
    }

    /** COCO's flat list {@code x, y, v, ...}; absent points as {@code 0, 0, 0}. */
    public double[] toCoco() {
        double[] xyv = new double[3 * points.size()];
        for (int i = 0; i < points.size(); i++) {
            Point p = points.get(i).point();
            if (p != null) {
                xyv[3 * i] = p.x();
                xyv[3 * i + 1] = p.y();
                xyv[3 * i + 2] = points.get(i).visibility().cocoFlag();
            }
        }
        return xyv;
    }

    /** The keypoint of this name. */
    public Keypoint get(String name) {
        int index = skeleton.names().indexOf(name);
        if (index < 0) {
            throw new IllegalArgumentException("no keypoint " + name + " among " + skeleton.names());
        }
        return points.get(index);
    }

    /** Number of keypoints that have a place, COCO's {@code num_keypoints}. */
    public int labelled() {
        return (int)
                points.stream().filter(p -> p.visibility() != Visibility.ABSENT).count();
    }

    /** The smallest box around the places; {@code [0, 0, 0, 0]} where there are none. */
    public Box boundingBox() {
        Box box = null;
        for (Keypoint keypoint : points) {
            Point p = keypoint.point();
            if (p != null) {
                Box at = Box.spanning(p, p);
                box = box == null ? at : box.hull(at);
            }
        }
        return box == null ? new Box(0, 0, 0, 0) : box;
    }

    /**
     * As the picture's mirror image shows them: {@code x' = imageWidth - x}, and left and right keypoints change names,
     * since a person's left wrist looks like a right one there.
     */
    public Keypoints mirrored(double imageWidth) {
        List<Keypoint> mirrored = new ArrayList<>(points.size());
        for (int i = 0; i < points.size(); i++) {
            Keypoint other = points.get(skeleton.mirror().get(i));
            Point p = other.point();
            Point place = p == null ? null : new Point(imageWidth - p.x(), p.y());
            mirrored.add(new Keypoint(skeleton.names().get(i), place, other.visibility()));
        }
        return new Keypoints(skeleton, mirrored);
    }

    private static VilamException invalid(String message) {
        return new VilamException(
                ErrorCode.GEOMETRY_INVALID,
                message,
                "Give keypoints as COCO does: x, y, v for each name, v = 0 absent, 1 occluded, 2 visible.");
    }
}
