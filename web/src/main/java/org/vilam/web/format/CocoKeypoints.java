package org.vilam.web.format;

import java.util.ArrayList;
import java.util.List;
import org.vilam.grounding.result.FoundObject;
import org.vilam.grounding.result.FoundObject.NamedPoint;
import org.vilam.vision.geometry.Keypoint;
import org.vilam.vision.geometry.Keypoints;
import org.vilam.vision.geometry.Point;
import org.vilam.vision.geometry.Skeleton;

/** The named points of an object as COCO's list of 17; names that COCO does not know are left out. */
final class CocoKeypoints {
    private CocoKeypoints() {}

    static Keypoints of(FoundObject object) {
        List<Keypoint> points = new ArrayList<>();
        for (String name : Skeleton.COCO_PERSON.names()) {
            points.add(object.keypoints().stream()
                    .filter(point -> point.name().equals(name))
                    .findFirst()
                    .map(CocoKeypoints::keypoint)
                    .orElseGet(() -> Keypoint.absent(name)));
        }
        return new Keypoints(Skeleton.COCO_PERSON, points);
    }

    private static Keypoint keypoint(NamedPoint point) {
        Double x = point.x();
        Double y = point.y();
        return x == null || y == null
                ? Keypoint.absent(point.name())
                : new Keypoint(point.name(), new Point(x, y), point.visibility());
    }
}
