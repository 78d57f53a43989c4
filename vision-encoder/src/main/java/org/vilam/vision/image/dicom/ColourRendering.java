package org.vilam.vision.image.dicom;

import org.vilam.vision.image.RgbImage;

/** Colour samples and palette indices to 8-bit RGB. */
final class ColourRendering {
    private ColourRendering() {}

    static RgbImage of(StoredSamples samples, DataSet root) {
        PixelFormat format = samples.format();
        byte[] rgb = switch (format.photometric()) {
            case PALETTE_COLOR -> palette(samples, root);
            case RGB -> direct(samples);
            case YBR_PARTIAL_422 -> ybr(samples, true);
            default -> ybr(samples, false);
        };
        return new RgbImage(format.columns(), format.rows(), rgb);
    }

    private static byte[] direct(StoredSamples samples) {
        byte[] rgb = new byte[3 * samples.pixels()];
        int bits = samples.format().bitsStored();
        double scale = 255.0 / ((1L << bits) - 1);
        for (int i = 0, at = 0; i < samples.pixels(); i++) {
            for (int c = 0; c < 3; c++) {
                long value = samples.integer(i, c);
                rgb[at++] = (byte) (bits == 8 ? value : (long) (value * scale + 0.5));
            }
        }
        return rgb;
    }

    /** PS3.3 section C.7.6.3.1.2, its equations solved for red, green and blue. */
    private static byte[] ybr(StoredSamples samples, boolean partialRange) {
        byte[] rgb = new byte[3 * samples.pixels()];
        for (int i = 0; i < samples.pixels(); i++) {
            double y = samples.integer(i, 0);
            double cb = samples.integer(i, 1) - 128;
            double cr = samples.integer(i, 2) - 128;
            if (partialRange) {
                // ITU-R BT.601 studio range: Y 16..235, Cb and Cr 16..240.
                y = (y - 16) * 255 / 219;
                cb = cb * 255 / 224;
                cr = cr * 255 / 224;
            }
            rgb[3 * i] = clamp(y + 1.402 * cr);
            rgb[3 * i + 1] = clamp(y - 0.344136 * cb - 0.714136 * cr);
            rgb[3 * i + 2] = clamp(y + 1.772 * cb);
        }
        return rgb;
    }

    private static byte clamp(double value) {
        return (byte) Math.max(0, Math.min(255, Math.floor(value + 0.5)));
    }

    private static byte[] palette(StoredSamples samples, DataSet root) {
        boolean signed = samples.format().signed();
        LookupTable red = palette(root, Tag.RED_DESCRIPTOR, Tag.RED_DATA, Tag.SEGMENTED_RED_DATA, signed);
        LookupTable green = palette(root, Tag.GREEN_DESCRIPTOR, Tag.GREEN_DATA, Tag.SEGMENTED_GREEN_DATA, signed);
        LookupTable blue = palette(root, Tag.BLUE_DESCRIPTOR, Tag.BLUE_DATA, Tag.SEGMENTED_BLUE_DATA, signed);
        // Intensities of 16 bits count by their upper byte; but tables that say 16 bits and hold 8-bit values are
        // common.
        int greatest = Math.max(red.greatest(), Math.max(green.greatest(), blue.greatest()));
        int bits = Math.max(red.bits(), Math.max(green.bits(), blue.bits()));
        int shift = greatest <= 255 ? 0 : bits - 8;
        byte[] rgb = new byte[3 * samples.pixels()];
        for (int i = 0; i < samples.pixels(); i++) {
            double index = samples.grey(i);
            rgb[3 * i] = (byte) (red.at(index) >> shift);
            rgb[3 * i + 1] = (byte) (green.at(index) >> shift);
            rgb[3 * i + 2] = (byte) (blue.at(index) >> shift);
        }
        return rgb;
    }

    private static LookupTable palette(DataSet root, Tag descriptor, Tag data, Tag segmented, boolean signed) {
        return root.has(segmented) && !root.has(data)
                ? LookupTable.readSegmented(root, descriptor, segmented, signed)
                : LookupTable.read(root, descriptor, data, signed);
    }
}
