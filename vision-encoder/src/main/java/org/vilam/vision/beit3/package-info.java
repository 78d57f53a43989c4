/**
 * BEiT-3, the multiway encoder of images and text (Wang et al. 2022, "Image as a foreign language").
 *
 * <p>One stack of transformer layers attends over patches and words together, while every projection, norm and feed-forward
 * network exists twice, for vision and for language. Names and numbers follow torchscale's {@code Encoder} as SimVG, C3VG and
 * OneRef use it.
 */
@NullMarked
package org.vilam.vision.beit3;

import org.jspecify.annotations.NullMarked;
