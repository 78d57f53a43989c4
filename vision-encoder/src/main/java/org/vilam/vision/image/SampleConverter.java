package org.vilam.vision.image;

import java.awt.image.DataBufferByte;
import java.awt.image.IndexColorModel;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.vilam.vision.image.Samples.Alpha;
import org.vilam.vision.image.Samples.Colour;
import org.vilam.vision.image.Samples.Numeric;

/**
 * Makes 8-bit RGB of samples: scales or windows them, converts their colours to sRGB and lays them on the background.
 *
 * <p>Work goes in bands of rows, so that nothing but the result is as large as the picture.
 */
final class SampleConverter {
    private static final int ROWS = 64;

    private final Samples samples;
    private final DecodeRun run;
    private final int width;
    private final int bands;
    private final int colours;
    private final GreyWindow window;
    private final int lowest;
    private final byte[] levels;
    private final @Nullable IccTransform icc;

    private SampleConverter(Samples samples, DecodeRun run) {
        this.samples = samples;
        this.run = run;
        this.width = samples.width();
        this.bands = samples.raster().getNumBands();
        this.colours = samples.colour().bands;
        this.window = window();
        this.lowest = (int) samples.lowest();
        this.levels = samples.wide() ? new byte[0] : levels();
        this.icc =
                samples.alpha() == Alpha.PREMULTIPLIED ? null : IccTransform.of(samples.icc(), samples.colour(), run);
    }

    /** The picture of these samples; the raster is used up. */
    static StoredPicture convert(Samples samples, ImageHeader header, DecodeRun run) {
        SampleConverter converter = new SampleConverter(samples, run);
        byte[] rgb = converter.icc == null ? inPlace(samples) : null;
        return new StoredPicture(header, rgb == null ? converter.rgb() : rgb, converter.window);
    }

    /** Bytes that are the picture already, but for the order of red and blue, which is changed where they lie; else null. */
    private static byte @Nullable [] inPlace(Samples samples) {
        boolean plain = samples.colour() == Colour.RGB
                && samples.alpha() == Alpha.NONE
                && samples.numeric() == Numeric.UNSIGNED
                && samples.max() == 255;
        if (!plain
                || !(samples.raster().getDataBuffer() instanceof DataBufferByte buffer)
                || !(samples.raster().getSampleModel() instanceof PixelInterleavedSampleModel model)
                || model.getPixelStride() != 3
                || buffer.getData().length != (long) samples.width() * samples.height() * 3) {
            return null;
        }
        byte[] bytes = buffer.getData();
        if (Arrays.equals(model.getBandOffsets(), new int[] {2, 1, 0})) {
            for (int i = 0; i < bytes.length; i += 3) {
                byte blue = bytes[i];
                bytes[i] = bytes[i + 2];
                bytes[i + 2] = blue;
            }
            return bytes;
        }
        return Arrays.equals(model.getBandOffsets(), new int[] {0, 1, 2}) ? bytes : null;
    }

    /** The picture of palette indices; an index beyond the palette is black. */
    static StoredPicture palette(
            Raster raster, IndexColorModel palette, byte @Nullable [] profile, ImageHeader header, DecodeRun run) {
        byte[] colours = new byte[3 << raster.getSampleModel().getSampleSize(0)];
        int size = Math.min(palette.getMapSize(), colours.length / 3);
        for (int i = 0; i < size; i++) {
            colours[3 * i] = (byte) palette.getRed(i);
            colours[3 * i + 1] = (byte) palette.getGreen(i);
            colours[3 * i + 2] = (byte) palette.getBlue(i);
        }
        IccTransform icc = IccTransform.of(profile, Colour.RGB, run);
        if (icc != null) {
            icc.apply(colours, 0, colours, 0, size);
        }
        for (int i = 0; i < size * 3; i++) {
            colours[i] = (byte) blend(colours[i] & 0xFF, palette.getAlpha(i / 3), background(run, i % 3));
        }
        return palette(raster, colours, header, run);
    }

    /** As above, of opaque colours: three bytes an index. */
    static StoredPicture palette(Raster raster, byte[] colours, ImageHeader header, DecodeRun run) {
        if (run.options().window() != null) {
            warnOfWindow(run);
        }
        byte[] rgb = new byte[raster.getWidth() * raster.getHeight() * 3];
        int[] row = new int[raster.getWidth()];
        int to = 0;
        for (int y = 0; y < raster.getHeight(); y++) {
            run.checkDeadline();
            raster.getSamples(raster.getMinX(), raster.getMinY() + y, row.length, 1, 0, row);
            for (int index : row) {
                rgb[to++] = colours[3 * index];
                rgb[to++] = colours[3 * index + 1];
                rgb[to++] = colours[3 * index + 2];
            }
        }
        return new StoredPicture(header, rgb, StoredPicture.EIGHT_BITS);
    }

    /** Says that the requested window does not apply. */
    static void warnOfWindow(DecodeRun run) {
        run.warn("window_unused", "The requested grey window was not used: the image does not consist of grey levels.");
    }

    private GreyWindow window() {
        GreyWindow requested = run.options().window();
        boolean grey = samples.colour() == Colour.GREY && samples.bits() > 1;
        if (requested != null && !grey) {
            warnOfWindow(run);
        }
        if (grey && (samples.bits() > 8 || requested != null)) {
            return GreyRange.of(samples, requested, run);
        }
        if (samples.numeric() == Numeric.FLOAT) {
            return GreyRange.ofFloatColour(samples, run);
        }
        return new GreyWindow(samples.lowest(), samples.highest(), GreyWindow.Source.FULL_RANGE);
    }

    /** The 8-bit level of every possible sample of at most 16 bits, from the lowest on. */
    private byte[] levels() {
        byte[] table = new byte[1 << samples.bits()];
        for (int i = 0; i < table.length; i++) {
            table[i] = (byte) level(lowest + (double) i);
        }
        return table;
    }

    private int level(double value) {
        double level = (value - window.low()) * 255 / (window.high() - window.low());
        int rounded = level >= 255 ? 255 : level > 0 ? (int) (level + 0.5) : 0; // NaN is black
        return samples.whiteIsZero() ? 255 - rounded : rounded;
    }

    /** A sample beyond the declared number of bits is as bright as the brightest. */
    private byte level(int sample) {
        return levels[Math.min(sample - lowest, levels.length - 1)];
    }

    private byte[] rgb() {
        int height = samples.height();
        byte[] rgb = new byte[width * height * 3];
        byte[] alpha = new byte[samples.alpha() == Alpha.NONE ? 0 : ROWS * width];
        byte[] inks = new byte[samples.colour() == Colour.CMYK ? ROWS * width * 4 : 0];
        int[] ints = new int[samples.wide() ? 0 : width * bands];
        double[] doubles = new double[samples.wide() ? width * bands : 0];
        for (int top = 0; top < height; top += ROWS) {
            run.checkDeadline();
            int rows = Math.min(ROWS, height - top);
            int start = top * width * 3;
            for (int y = 0; y < rows; y++) {
                int at = start + y * width * 3;
                if (samples.wide()) {
                    samples.doubles(top + y, doubles);
                    convert(doubles, rgb, at, alpha, y * width);
                } else {
                    samples.ints(top + y, ints);
                    convert(ints, rgb, at, inks, alpha, y * width);
                }
            }
            if (samples.colour() == Colour.CMYK) {
                Cmyk.toRgb(inks, icc, rgb, start, rows * width);
            } else if (icc != null) {
                icc.apply(rgb, start, rgb, start, rows * width);
            }
            if (samples.alpha() != Alpha.NONE) {
                layOnBackground(rgb, start, alpha, 0, rows * width, samples.alpha() == Alpha.STRAIGHT, run);
            }
        }
        return rgb;
    }

    private void convert(int[] from, byte[] rgb, int at, byte[] inks, byte[] alpha, int pixel) {
        int to = at;
        switch (samples.colour()) {
            case GREY -> {
                for (int i = 0; i < from.length; i += bands, to += 3) {
                    byte level = level(from[i]);
                    rgb[to] = level;
                    rgb[to + 1] = level;
                    rgb[to + 2] = level;
                }
            }
            case RGB -> {
                for (int i = 0; i < from.length; i += bands, to += 3) {
                    rgb[to] = level(from[i]);
                    rgb[to + 1] = level(from[i + 1]);
                    rgb[to + 2] = level(from[i + 2]);
                }
            }
            case CMYK -> {
                int ink = pixel * 4;
                for (int i = 0; i < from.length; i += bands) {
                    for (int band = 0; band < 4; band++) {
                        inks[ink++] = level(from[i + band]);
                    }
                }
            }
            case CIELAB, ICCLAB -> Cielab.toRgb(samples, from, rgb, at);
        }
        if (samples.alpha() != Alpha.NONE) {
            int a = pixel;
            for (int i = colours; i < from.length; i += bands) {
                alpha[a++] = (byte) Math.min(255, (from[i] * 255L + samples.max() / 2) / samples.max());
            }
        }
    }

    private void convert(double[] from, byte[] rgb, int at, byte[] alpha, int pixel) {
        int to = at;
        for (int i = 0; i < from.length; i += bands) {
            for (int channel = 0; channel < 3; channel++) {
                rgb[to++] = (byte) level(from[i + (colours == 1 ? 0 : channel)]);
            }
        }
        if (samples.alpha() != Alpha.NONE) {
            int a = pixel;
            for (int i = colours; i < from.length; i += bands) {
                alpha[a++] = (byte) (int) (Math.max(0, Math.min(1, from[i] / samples.highest())) * 255 + 0.5);
            }
        }
    }

    /**
     * Converts 8-bit RGB to sRGB and lays it on the background, in place.
     *
     * @param alpha one byte a pixel, not premultiplied; null for opaque
     * @param profile ICC profile of the colours; null for sRGB
     */
    static void finish(byte[] rgb, byte @Nullable [] alpha, byte @Nullable [] profile, DecodeRun run) {
        IccTransform icc = IccTransform.of(profile, Colour.RGB, run);
        int pixels = rgb.length / 3;
        for (int from = 0; from < pixels; from += 1 << 16) {
            run.checkDeadline();
            int count = Math.min(1 << 16, pixels - from);
            if (icc != null) {
                icc.apply(rgb, from * 3, rgb, from * 3, count);
            }
            if (alpha != null) {
                layOnBackground(rgb, from * 3, alpha, from, count, true, run);
            }
        }
    }

    private static void layOnBackground(
            byte[] rgb, int start, byte[] alpha, int alphaStart, int pixels, boolean straight, DecodeRun run) {
        for (int channel = 0; channel < 3; channel++) {
            int under = background(run, channel);
            int at = start + channel;
            for (int i = 0; i < pixels; i++, at += 3) {
                int a = alpha[alphaStart + i] & 0xFF;
                if (a != 255) {
                    int value = rgb[at] & 0xFF;
                    rgb[at] = (byte) (straight ? blend(value, a, under) : Math.min(255, value + blend(0, a, under)));
                }
            }
        }
    }

    /** {@code value} of opacity {@code alpha} over {@code under}, all 0..255, rounded. */
    static int blend(int value, int alpha, int under) {
        return (value * alpha + under * (255 - alpha) + 127) / 255;
    }

    /** One channel of the background colour, 0 is red. */
    static int background(DecodeRun run, int channel) {
        return run.options().background() >> (16 - 8 * channel) & 0xFF;
    }
}
