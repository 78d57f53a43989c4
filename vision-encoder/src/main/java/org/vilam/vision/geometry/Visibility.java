package org.vilam.vision.geometry;

/** Whether a keypoint's place is known, and seen; in COCO's order, whose flag {@code v} is the ordinal. */
public enum Visibility {
    /** Not in the picture or not labelled: no place is given (COCO v = 0). */
    ABSENT,
    /** The place is given but covered by something (COCO v = 1). */
    OCCLUDED,
    /** The place is given and seen (COCO v = 2). */
    VISIBLE
}
