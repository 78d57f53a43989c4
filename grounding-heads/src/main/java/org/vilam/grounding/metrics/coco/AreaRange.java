package org.vilam.grounding.metrics.coco;

/** COCO's object sizes, by square pixels of the annotation; both ends belong to the range. */
public enum AreaRange {
    /** Every object. */
    ALL(0, 1e10),
    /** Up to 32 x 32 pixels. */
    SMALL(0, 32 * 32),
    /** From 32 x 32 to 96 x 96 pixels. */
    MEDIUM(32 * 32, 96 * 96),
    /** From 96 x 96 pixels. */
    LARGE(96 * 96, 1e10);

    private final double least;
    private final double most;

    AreaRange(double least, double most) {
        this.least = least;
        this.most = most;
    }

    boolean contains(double area) {
        return area >= least && area <= most;
    }
}
