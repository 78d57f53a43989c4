package org.vilam.assistant.dialogue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.vilam.assistant.Picture;
import org.vilam.assistant.Region;
import org.vilam.grounding.result.FoundObject;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.geometry.Point;
import org.vilam.vision.geometry.Polygon;
import org.vilam.vision.geometry.Polygons;

/** The regions of a request as boxes within the picture. */
final class Places {
    /** Around a point where no object is known, this part of the picture's shorter side is looked at. */
    private static final double AROUND = 0.1;
    /** And no fewer pixels than these, where the picture has them. */
    private static final double LEAST = 16;

    private Places() {}

    /**
     * A place.
     *
     * @param known the object of an earlier turn that is there, or null
     */
    record Place(Box box, @Nullable FoundObject known) {}

    /**
     * @throws VilamException INVALID_ARGUMENT or GEOMETRY_INVALID naming the region that is not in the picture
     */
    static List<Place> of(List<Region> regions, Picture picture, Memory memory) {
        List<Place> places = new ArrayList<>();
        for (int i = 0; i < regions.size(); i++) {
            places.add(place(regions.get(i), "regions[" + i + "]", picture, memory));
        }
        return places;
    }

    private static Place place(Region region, String name, Picture picture, Memory memory) {
        if (region instanceof Region.Known known) {
            FoundObject object = memory.known().get(known.object());
            if (object == null) {
                throw invalid(name + ".object: there is no object " + known.object() + " in this dialogue");
            }
            return new Place(object.box(), object);
        } else if (region instanceof Region.Spot spot) {
            Point point = spot.point();
            Box whole = new Box(0, 0, picture.pixels().width(), picture.pixels().height());
            if (!whole.contains(point)) {
                throw invalid(name + ".point: " + point.x() + ", " + point.y() + " is outside the picture");
            }
            FoundObject under = under(point, memory);
            return under == null ? new Place(around(point, picture), null) : new Place(under.box(), under);
        } else if (region instanceof Region.Outline outline) {
            return boxed(Polygon.of(outline.polygon()).boundingBox(), name + ".polygon", picture, memory);
        }
        return boxed(((Region.Box) region).box(), name + ".box", picture, memory);
    }

    private static Place boxed(Box given, String name, Picture picture, Memory memory) {
        Box box = given.clamp(picture.pixels().width(), picture.pixels().height());
        if (box.width() < 1 || box.height() < 1) {
            throw invalid(name + ": less than a pixel of it is in the picture of "
                    + picture.pixels().width() + " x " + picture.pixels().height());
        }
        return new Place(box, memory.at(box));
    }

    /** The smallest object of the dialogue that covers a point. */
    private static @Nullable FoundObject under(Point point, Memory memory) {
        return memory.known().values().stream()
                .filter(o -> o.polygons().isEmpty()
                        ? o.box().contains(point)
                        : Polygons.contains(o.polygons(), point))
                .min(Comparator.comparingDouble(FoundObject::area))
                .orElse(null);
    }

    private static Box around(Point point, Picture picture) {
        int width = picture.pixels().width();
        int height = picture.pixels().height();
        double half = 0.5 * Math.max(LEAST, AROUND * Math.min(width, height));
        return new Box(point.x() - half, point.y() - half, point.x() + half, point.y() + half).clamp(width, height);
    }

    private static VilamException invalid(String message) {
        return new VilamException(
                ErrorCode.INVALID_ARGUMENT, message, "Give places in pixels of the upright picture, or an object's id.");
    }
}
