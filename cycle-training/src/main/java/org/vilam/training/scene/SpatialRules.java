package org.vilam.training.scene;

import java.util.List;
import org.vilam.training.scene.Meaning.Place;
import org.vilam.training.scene.Meaning.Relation;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.geometry.Mask;

/** Where things lie in a picture and to one another: what all would say, what none would, and what is too close to call. */
final class SpatialRules {
    /** Two places closer than this share of the diagonal cannot be told apart by order. */
    private static final double PLACE_MARGIN = 0.04;

    private final double width;
    private final double height;
    private final double margin;
    private final List<SceneObject> objects;

    SpatialRules(Scene scene) {
        objects = scene.objects();
        width = scene.image().width();
        height = scene.image().height();
        margin = PLACE_MARGIN * Math.hypot(width, height);
    }

    /** The distance in pixels that makes a difference. */
    double margin() {
        return margin;
    }

    /** Whether the object lies in a part of the picture. */
    Truth placed(SceneObject o, Place place) {
        double x = o.centreX() / width;
        double y = o.centreY() / height;
        Truth left = Truth.atLeast(-x, -0.55, -0.42);
        Truth right = Truth.atLeast(x, 0.45, 0.58);
        Truth top = Truth.atLeast(-y, -0.55, -0.42);
        Truth bottom = Truth.atLeast(y, 0.45, 0.58);
        return switch (place) {
            case LEFT -> left;
            case RIGHT -> right;
            case TOP -> top;
            case BOTTOM -> bottom;
            case TOP_LEFT -> top.and(left);
            case TOP_RIGHT -> top.and(right);
            case BOTTOM_LEFT -> bottom.and(left);
            case BOTTOM_RIGHT -> bottom.and(right);
            case CENTRE -> Truth.atLeast(-Math.max(Math.abs(x - 0.5), Math.abs(y - 0.5)), -0.24, -0.14);
        };
    }

    /** Whether the object stands in a relation to the anchor; not for those that rank a whole class. */
    Truth stands(SceneObject o, SceneObject a, Relation relation) {
        return switch (relation) {
            case LEFT_OF -> beside(a.centreX() - o.centreX(), a.centreY() - o.centreY());
            case RIGHT_OF -> beside(o.centreX() - a.centreX(), o.centreY() - a.centreY());
            case ABOVE -> beside(a.centreY() - o.centreY(), a.centreX() - o.centreX());
            case BELOW -> beside(o.centreY() - a.centreY(), o.centreX() - a.centreX());
            case INSIDE -> inside(o, a);
            case AROUND -> stands(a, o, Relation.INSIDE);
            case IN_FRONT_OF -> o.depth() > a.depth() ? hides(a, o) : Truth.NO;
            case BEHIND -> o.depth() < a.depth() ? hides(o, a) : Truth.NO;
            case NEAREST, FARTHEST -> throw new IllegalArgumentException(relation + " ranks the whole class");
        };
    }

    /**
     * On the stated side: clearly so when the sideways part is smaller, clearly not when on the other side or level with the
     * anchor and well away from it.
     */
    private Truth beside(double along, double across) {
        if (along <= -margin || (Math.abs(along) < margin && Math.abs(across) >= 3 * margin)) {
            return Truth.NO;
        }
        return along >= margin && Math.abs(across) <= along ? Truth.YES : Truth.UNSURE;
    }

    /** Within the box, clearly smaller, and with the anchor's pixels on all sides: its body or a ring around. */
    private Truth inside(SceneObject o, SceneObject a) {
        Truth boxes =
                Truth.atLeast(share(o.whole(), a.whole()), 0.1, 0.97).and(Truth.atLeast(a.size() / o.size(), 1.0, 1.5));
        return boxes == Truth.NO ? boxes : boxes.and(Truth.atLeast(sides(o, a.mask()), 4, 8));
    }

    /** In how many of eight directions from the object's centre the mask lies. */
    private int sides(SceneObject o, Mask mask) {
        int found = 0;
        for (int i = 0; i < 8; i++) {
            double dx = Math.cos(i * Math.PI / 4);
            double dy = Math.sin(i * Math.PI / 4);
            boolean hit = false;
            double x = o.centreX();
            double y = o.centreY();
            while (!hit && x >= 0 && y >= 0 && x < width && y < height) {
                hit = mask.get((int) x, (int) y);
                x += dx;
                y += dy;
            }
            found += hit ? 1 : 0;
        }
        return found;
    }

    /** Whether the upper hides part of the lower; unclear where something else might have, or the picture's edge cut it. */
    private Truth hides(SceneObject hidden, SceneObject over) {
        double overlap = intersection(hidden.whole(), over.whole()) / area(hidden.whole());
        if (overlap <= 0) {
            return Truth.NO;
        }
        Box whole = hidden.whole();
        boolean cut = whole.x1() < 0 || whole.y1() < 0 || whole.x2() > width || whole.y2() > height;
        boolean others = objects.stream()
                .anyMatch(o -> o.depth() > hidden.depth() && o.id() != over.id() && intersection(o.whole(), whole) > 0);
        Truth hides = Truth.atLeast(1 - hidden.visible(), 0.0, 0.12);
        return cut || others ? hides.and(Truth.UNSURE) : hides;
    }

    /** Whether the object lies on the way from one to the other. */
    Truth between(SceneObject o, SceneObject p, SceneObject q) {
        double dx = q.centreX() - p.centreX();
        double dy = q.centreY() - p.centreY();
        double length = Math.hypot(dx, dy);
        if (length < 2 * margin) {
            return Truth.UNSURE;
        }
        double along = ((o.centreX() - p.centreX()) * dx + (o.centreY() - p.centreY()) * dy) / (length * length);
        double off = Math.abs((o.centreX() - p.centreX()) * dy - (o.centreY() - p.centreY()) * dx) / length;
        if (along < -0.05 || along > 1.05 || off > 0.6 * length) {
            return Truth.NO;
        }
        return along >= 0.15 && along <= 0.85 && off <= 0.2 * length ? Truth.YES : Truth.UNSURE;
    }

    /** Between the two centres. */
    static double distance(SceneObject a, SceneObject b) {
        return Math.hypot(a.centreX() - b.centreX(), a.centreY() - b.centreY());
    }

    /** Between the two boxes, 0 where they touch. */
    static double gap(SceneObject first, SceneObject second) {
        Box a = first.whole();
        Box b = second.whole();
        double dx = Math.max(0, Math.max(a.x1() - b.x2(), b.x1() - a.x2()));
        double dy = Math.max(0, Math.max(a.y1() - b.y2(), b.y1() - a.y2()));
        return Math.hypot(dx, dy);
    }

    private static double intersection(Box a, Box b) {
        double w = Math.min(a.x2(), b.x2()) - Math.max(a.x1(), b.x1());
        double h = Math.min(a.y2(), b.y2()) - Math.max(a.y1(), b.y1());
        return w > 0 && h > 0 ? w * h : 0;
    }

    private static double area(Box box) {
        return (box.x2() - box.x1()) * (box.y2() - box.y1());
    }

    private static double share(Box inner, Box outer) {
        return intersection(inner, outer) / area(inner);
    }
}
