/**
 * Places in an image: boxes, polygons, masks, run-length codes and keypoints.
 *
 * <p>One coordinate system for all of them: pixels of the upright full-resolution image, origin at the top left corner
 * of the top left pixel, x to the right, y down, boxes {@code [x1, y1, x2, y2]} half-open. Other conventions are
 * converted at the edges of the program only.
 */
@NullMarked
package org.vilam.vision.geometry;

import org.jspecify.annotations.NullMarked;
