/**
 * COCO's average precision of boxes, masks and keypoints, equal to pycocotools 2.0.
 *
 * <p>{@link org.vilam.grounding.metrics.coco.CocoEvaluation} takes truths and detections image by image;
 * {@link org.vilam.grounding.metrics.coco.Oks} is the similarity of keypoints. What pycocotools reports as -1 is an empty
 * {@link java.util.OptionalDouble} here.
 */
@NullMarked
package org.vilam.grounding.metrics.coco;

import org.jspecify.annotations.NullMarked;
