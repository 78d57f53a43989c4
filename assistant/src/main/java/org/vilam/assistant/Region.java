package org.vilam.assistant;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;
import org.vilam.vision.geometry.Point;

/**
 * A place that somebody points at, in pixels of the upright picture. As JSON one of {@code {"box": [x1, y1, x2, y2]}}, {@code
 * {"point": [x, y]}}, {@code {"polygon": [[x, y], ...]}} and {@code {"object": "o1"}}.
 */
public sealed interface Region {
    /**
     * A box; parts outside the picture are cut off.
     *
     * @param box with area
     */
    record Box(org.vilam.vision.geometry.Box box) implements Region {}

    /**
     * A point: the object of an earlier turn that it lies in, or else what is around it.
     *
     * @param point within the picture
     */
    record Spot(Point point) implements Region {}

    /**
     * An outline; it stands for the box around it.
     *
     * @param polygon at least three corners
     */
    record Outline(List<Point> polygon) implements Region {
        /** Copies the list. */
        public Outline {
            polygon = List.copyOf(polygon);
        }
    }

    /**
     * An object of an earlier turn.
     *
     * @param object its id, such as {@code o1}
     */
    record Known(String object) implements Region {}

    /**
     * The region of which one is given.
     *
     * @throws VilamException INVALID_ARGUMENT when none or several are
     */
    @JsonCreator
    static Region of(
            @JsonProperty("box") org.vilam.vision.geometry.@Nullable Box box,
            @JsonProperty("point") @Nullable Point point,
            @JsonProperty("polygon") @Nullable List<Point> polygon,
            @JsonProperty("object") @Nullable String object) {
        List<Region> given = Stream.<@Nullable Region>of(
                        box == null ? null : new Box(box),
                        point == null ? null : new Spot(point),
                        polygon == null ? null : new Outline(polygon),
                        object == null ? null : new Known(object))
                .flatMap(Stream::ofNullable)
                .toList();
        if (given.size() != 1) {
            throw new VilamException(
                    ErrorCode.INVALID_ARGUMENT,
                    "a region has " + given.size() + " of box, point, polygon and object",
                    "Give each region exactly one of them.");
        }
        return given.get(0);
    }
}
