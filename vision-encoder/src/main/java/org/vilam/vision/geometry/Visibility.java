package org.vilam.vision.geometry;

/** Whether a keypoint's place is known, and seen. */
public enum Visibility {
    /** Not in the picture or not labelled: no place is given. */
    ABSENT(0),
    /** The place is given but covered by something. */
    OCCLUDED(1),
    /** The place is given and seen. */
    VISIBLE(2);

    private final int cocoFlag;

    Visibility(int cocoFlag) {
        this.cocoFlag = cocoFlag;
    }

    /** COCO's flag {@code v}: 0 absent, 1 occluded, 2 visible. */
    public int cocoFlag() {
        return cocoFlag;
    }
}
