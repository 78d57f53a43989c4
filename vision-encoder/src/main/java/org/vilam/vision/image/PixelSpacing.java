package org.vilam.vision.image;

/**
 * The physical size of a pixel of the upright image.
 *
 * @param x millimetres from one pixel's centre to its right neighbour's
 * @param y millimetres from one pixel's centre to its lower neighbour's
 */
public record PixelSpacing(double x, double y) {}
