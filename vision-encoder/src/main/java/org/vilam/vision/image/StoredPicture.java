package org.vilam.vision.image;

/**
 * A decoded picture, not yet upright.
 *
 * @param rgb {@code header.height() * header.width() * 3} bytes, row by row as stored
 * @param window the grey window applied
 */
@SuppressWarnings("ArrayRecordComponent") // handed on to be turned upright, never compared
record StoredPicture(ImageHeader header, byte[] rgb, GreyWindow window) {
    static final GreyWindow EIGHT_BITS = new GreyWindow(0, 255, GreyWindow.Source.FULL_RANGE);
}
