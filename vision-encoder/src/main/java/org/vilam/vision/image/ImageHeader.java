package org.vilam.vision.image;

/**
 * What a file declares about itself before any pixel is decoded; the components mean what they mean in {@link ImageInfo}.
 *
 * @param width pixels across as stored
 * @param height pixels down as stored
 */
record ImageHeader(ImageFormat format, int width, int height, int bitDepth, int channels, int frames, int orientation) {
    long pixels() {
        return (long) width * height;
    }
}
