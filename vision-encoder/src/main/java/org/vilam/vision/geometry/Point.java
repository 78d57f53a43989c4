package org.vilam.vision.geometry;

/**
 * A place in an image, in the coordinates of the package page.
 *
 * @param x pixels from the left edge
 * @param y pixels from the top edge
 */
public record Point(double x, double y) {}
