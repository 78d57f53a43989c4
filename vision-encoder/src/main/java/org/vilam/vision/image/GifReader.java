package org.vilam.vision.image;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.IOException;

/**
 * GIF by the JDK's reader: the first frame, at its place on the logical screen.
 *
 * <p>The blocks are walked first (GIF89a specification), since a frame may be smaller than the screen or hang over it (the
 * screen then grows, as in browsers), and frames are counted. Uncovered places show the background the caller chose.
 */
final class GifReader implements FormatReader {
    private int left;
    private int top;
    private int frameWidth;
    private int frameHeight;
    private int bits;
    private int frames;

    @Override
    public StoredPicture read(byte[] file, DecodeRun run) throws IOException {
        if (file.length < 13) {
            throw DecodeErrors.corrupt("GIF", "the file is cut off in its header");
        }
        walk(file, run.limits().maxFrames());
        if (frames == 0) {
            throw DecodeErrors.corrupt("GIF", "it holds no picture");
        }
        if (frameWidth == 0 || frameHeight == 0) {
            throw DecodeErrors.corrupt("GIF", "its first frame is " + frameWidth + " x " + frameHeight + " pixels");
        }
        int width = Math.max(u16(file, 6), left + frameWidth);
        int height = Math.max(u16(file, 8), top + frameHeight);
        ImageHeader header = new ImageHeader(ImageFormat.GIF, width, height, bits, 1, frames, 1);
        run.admit(header, header.pixels() * 7 + file.length);
        try (LibraryReader library = new LibraryReader(LibraryReader.GIF, new GuardedInput(file, run), run)) {
            BufferedImage image = library.read();
            StoredPicture frame = SampleConverter.palette(
                    image.getRaster(), (IndexColorModel) image.getColorModel(), null, header, run);
            Canvas place = new Canvas(left, top, frameWidth, frameHeight);
            return new StoredPicture(header, place.paint(frame.rgb(), header, run), frame.window());
        }
    }

    private void walk(byte[] file, int mostFrames) {
        int at = 13 + colourTable(file[10]);
        while (at < file.length && frames <= mostFrames) {
            int block = file[at];
            if (block == 0x2C && at + 10 <= file.length) {
                if (frames++ == 0) {
                    left = u16(file, at + 1);
                    top = u16(file, at + 3);
                    frameWidth = u16(file, at + 5);
                    frameHeight = u16(file, at + 7);
                    int table = (file[at + 9] & 0x80) != 0 ? file[at + 9] : file[10];
                    bits = (table & 0x80) != 0 ? (table & 7) + 1 : 8;
                }
                at = afterSubBlocks(file, at + 11 + colourTable(file[at + 9]));
            } else if (block == 0x21) {
                at = afterSubBlocks(file, at + 2);
            } else {
                return; // the trailer, or nothing a GIF has
            }
        }
    }

    private static int colourTable(byte packed) {
        return (packed & 0x80) != 0 ? 3 << ((packed & 7) + 1) : 0;
    }

    private static int afterSubBlocks(byte[] file, int from) {
        int at = from;
        while (at < file.length && file[at] != 0) {
            at += 1 + (file[at] & 0xFF);
        }
        return at + 1;
    }

    private static int u16(byte[] file, int at) {
        return (file[at] & 0xFF) | (file[at + 1] & 0xFF) << 8;
    }
}
