package org.vilam.vision.image;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import org.vilam.vision.geometry.CoordinateTransform;

/**
 * How a picture of any shape is brought into the network's frame.
 *
 * <p>All but {@link #SQUASH} keep the aspect ratio: with {@code r} the largest factor at which the picture fits (frame side /
 * long side for a square frame; small pictures grow), its sides become the rounded products with r, at least 1 pixel, and the
 * rest of the frame is padding.
 */
public enum FitMode {
    /** Each side to the frame's own; aspect ratio ignored. InstructBLIP, ViLaM, BEiT-3, SimVG, C3VG. */
    SQUASH,
    /**
     * Centred (the odd pixel of padding goes right and below), sides rounded half up. Coordinates follow the pixels: each axis
     * is scaled by its rounded side over its old one.
     */
    LETTERBOX,
    /** As {@link #LETTERBOX} with the picture in the top left corner, padding right and below. */
    CORNER,
    /**
     * As {@link #LETTERBOX}, but sides are rounded half to even (Python {@code round}) and coordinates are multiplied by r
     * itself on both axes, as {@code resize_according_to_long_side} of TransVG, HiVG and OneRef does ({@code
     * datasets/transforms.py}): boxes there may lie up to half a pixel off the resized picture's edge.
     */
    TRANSVG;

    /** The spelling in {@code preprocessor.json}. */
    @JsonValue
    public String json() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Where a picture lands in a frame. */
    Placement place(int width, int height, int frameWidth, int frameHeight) {
        if (this == SQUASH) {
            return scaled(width, height, frameWidth, frameHeight, 0, 0);
        }
        double ratio = Math.min((double) frameWidth / width, (double) frameHeight / height);
        int toWidth = side(width * ratio, frameWidth);
        int toHeight = side(height * ratio, frameHeight);
        if (this == CORNER) {
            return scaled(width, height, toWidth, toHeight, 0, 0);
        }
        // TransVG writes round(free / 2 - 0.1), which is this floor for every whole number.
        int left = (frameWidth - toWidth) / 2;
        int top = (frameHeight - toHeight) / 2;
        return this == LETTERBOX
                ? scaled(width, height, toWidth, toHeight, left, top)
                : new Placement(toWidth, toHeight, left, top, new CoordinateTransform(ratio, ratio, left, top));
    }

    private int side(double exact, int frame) {
        double rounded = this == TRANSVG ? Math.rint(exact) : Math.floor(exact + 0.5);
        return (int) Math.min(Math.max(rounded, 1), frame);
    }

    private static Placement scaled(int width, int height, int toWidth, int toHeight, int left, int top) {
        return new Placement(
                toWidth,
                toHeight,
                left,
                top,
                new CoordinateTransform((double) toWidth / width, (double) toHeight / height, left, top));
    }

    /**
     * The resized picture inside the frame.
     *
     * @param width pixels across after resizing
     * @param height pixels down after resizing
     * @param left padding columns before it
     * @param top padding rows above it
     * @param transform image pixels to frame pixels
     */
    record Placement(int width, int height, int left, int top, CoordinateTransform transform) {}
}
