package org.vilam.vision.image;

/** A picture's place on the larger canvas that its file declares. */
record Canvas(int left, int top, int width, int height) {
    /**
     * Lays a frame of this place and size on a canvas of the background colour.
     *
     * @param frame {@code height * width * 3} bytes
     * @param header the canvas
     */
    byte[] paint(byte[] frame, ImageHeader header, DecodeRun run) {
        if (width == header.width() && height == header.height()) {
            return frame;
        }
        byte[] rgb = new byte[header.width() * header.height() * 3];
        for (int channel = 0; channel < 3; channel++) {
            byte under = (byte) SampleConverter.background(run, channel);
            for (int i = channel; i < rgb.length; i += 3) {
                rgb[i] = under;
            }
        }
        for (int y = 0; y < height; y++) {
            int to = ((top + y) * header.width() + left) * 3;
            System.arraycopy(frame, y * width * 3, rgb, to, width * 3);
        }
        return rgb;
    }
}
