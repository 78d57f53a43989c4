package org.vilam.grounding.metrics;

import org.vilam.vision.geometry.Box;

/** How two boxes are compared when sets of boxes are matched. */
public enum BoxOverlap {
    /** Intersection over union, as the papers define the scores. */
    IOU {
        @Override
        double of(Box a, Box b) {
            return a.iou(b);
        }
    },
    /** Generalised IoU, never above IoU: what the released evaluators of gRefCOCO (its MDETR variant) and SimVG compute. */
    GIOU {
        @Override
        double of(Box a, Box b) {
            return a.giou(b);
        }
    };

    abstract double of(Box a, Box b);
}
