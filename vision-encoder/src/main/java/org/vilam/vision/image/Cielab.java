package org.vilam.vision.image;

/**
 * CIE L*a*b* of white point D50 (the ICC connection space, what Photoshop and libtiff assume) to sRGB.
 *
 * <p>The matrix goes from XYZ under D50 to linear sRGB by Bradford adaptation (brucelindbloom.com, "RGB/XYZ Matrices").
 */
final class Cielab {
    private static final double[] D50 = {0.96422, 1, 0.82521};
    private static final double[][] TO_LINEAR = {
        {3.1338561, -1.6168667, -0.4906146}, {-0.9787684, 1.9161415, 0.0334540}, {0.0719453, -0.2289914, 1.4052427}
    };
    private static final byte[] GAMMA = gamma();

    private Cielab() {}

    private static byte[] gamma() {
        byte[] table = new byte[1 << 16];
        for (int i = 0; i < table.length; i++) {
            double linear = i / (table.length - 1.0);
            double encoded = linear <= 0.0031308 ? 12.92 * linear : 1.055 * Math.pow(linear, 1 / 2.4) - 0.055;
            table[i] = (byte) Math.round(255 * encoded);
        }
        return table;
    }

    /** Converts one row of 8- or 16-bit samples; {@code rgb} is written from {@code at} on. */
    static void toRgb(Samples samples, int[] from, byte[] rgb, int at) {
        int bands = samples.raster().getNumBands();
        boolean signed = samples.colour() == Samples.Colour.CIELAB;
        boolean deep = samples.bits() == 16;
        double fullL = !deep ? 255 : signed ? 65535 : 65280;
        int to = at;
        for (int i = 0; i < from.length; i += bands) {
            double l = (from[i] & 0xFFFF) * 100 / fullL;
            double a = chroma(from[i + 1], deep, signed);
            double b = chroma(from[i + 2], deep, signed);
            double fy = (l + 16) / 116;
            double x = D50[0] * cube(fy + a / 500);
            double y = D50[1] * cube(fy);
            double z = D50[2] * cube(fy - b / 200);
            for (double[] line : TO_LINEAR) {
                double linear = line[0] * x + line[1] * y + line[2] * z;
                rgb[to++] = GAMMA[(int) (Math.max(0, Math.min(1, linear)) * (GAMMA.length - 1) + 0.5)];
            }
        }
    }

    private static double chroma(int sample, boolean deep, boolean signed) {
        if (deep) {
            return signed ? (short) sample / 256.0 : sample / 256.0 - 128;
        }
        return signed ? (byte) sample : sample - 128;
    }

    private static double cube(double f) {
        return f > 6.0 / 29 ? f * f * f : 3 * (6.0 / 29) * (6.0 / 29) * (f - 4.0 / 29);
    }
}
