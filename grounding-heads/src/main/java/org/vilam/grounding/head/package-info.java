/**
 * The assistant's own heads over a fused encoder: one box from the CLS token's look at the patches ({@link
 * org.vilam.grounding.head.TokenHead}), a set of boxes from queries ({@link org.vilam.grounding.head.QueryHead}), and a closer
 * look at regions for refined boxes, masks, keypoints and region features ({@link org.vilam.grounding.head.RegionHead}).
 *
 * <p>The token branch beside a query decoder is SimVG's (Dai et al. 2024, 3.2); the closer look is Mask R-CNN's (He et al.
 * 2017). Boxes here are parts 0..1 of the network input's sides.
 */
@NullMarked
package org.vilam.grounding.head;

import org.jspecify.annotations.NullMarked;
