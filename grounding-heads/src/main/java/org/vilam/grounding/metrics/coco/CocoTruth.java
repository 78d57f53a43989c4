package org.vilam.grounding.metrics.coco;

/**
 * An annotated object.
 *
 * @param <R> box, run-length code or labelled keypoints
 * @param region where it is
 * @param category its class
 * @param area square pixels, COCO's {@code area} (that of the mask, also where boxes are scored)
 * @param crowd the region holds many objects: a detection inside it is neither right nor wrong
 * @param ignored leave it and what matches it out of the score, like a crowd that matches once (an annotation marked difficult;
 *     pycocotools replaces its own ignore flag by iscrowd)
 */
public record CocoTruth<R>(R region, int category, double area, boolean crowd, boolean ignored) {
    /** An object that counts. */
    public CocoTruth(R region, int category, double area) {
        this(region, category, area, false, false);
    }
}
