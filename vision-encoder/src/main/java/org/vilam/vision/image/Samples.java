package org.vilam.vision.image;

import java.awt.image.ColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Decoded samples and what they mean, before they become 8-bit RGB.
 *
 * <p>Colour bands come first, then alpha if there is one; further bands are ignored.
 *
 * @param raster one sample a band and pixel
 * @param max the value of full intensity of unsigned samples; ignored for the other numeric kinds
 * @param whiteIsZero the picture is shown inverted, as a negative
 * @param icc the colours' ICC profile, empty for sRGB
 */
@SuppressWarnings("ArrayRecordComponent") // passed on to be converted, never compared
record Samples(
        Raster raster,
        Colour colour,
        Alpha alpha,
        Numeric numeric,
        int bits,
        long max,
        boolean whiteIsZero,
        byte[] icc) {
    private static final byte[] SRGB = {};

    /** What the colour bands are. */
    enum Colour {
        GREY(1),
        RGB(3),
        CMYK(4),
        /** TIFF CIELAB: a* and b* signed (TIFF 6.0 section 23). */
        CIELAB(3),
        /** TIFF ICCLAB: a* and b* offset by 128 (TIFF Technical Note, Adobe Photoshop 1995). */
        ICCLAB(3);

        final int bands;

        Colour(int bands) {
            this.bands = bands;
        }
    }

    /** How the alpha band, if any, relates to the colours. */
    enum Alpha {
        NONE,
        STRAIGHT,
        PREMULTIPLIED
    }

    /** How a sample is to be read as a number. */
    enum Numeric {
        UNSIGNED,
        SIGNED,
        FLOAT
    }

    Samples {
        Objects.requireNonNull(raster, "raster");
        int needed = colour.bands + (alpha == Alpha.NONE ? 0 : 1);
        if (raster.getNumBands() < needed) {
            throw new IllegalArgumentException(raster.getNumBands() + " bands, but " + colour + " needs " + needed);
        }
    }

    /** Plain unsigned samples that fill their {@code bits}. */
    static Samples unsigned(Raster raster, Colour colour, Alpha alpha, int bits) {
        return new Samples(raster, colour, alpha, Numeric.UNSIGNED, bits, (1L << bits) - 1, false, SRGB);
    }

    /** The samples of an image read by a library, of grey or RGB colour and no palette. */
    static Samples of(Raster raster, ColorModel model) {
        Colour colour = model.getNumColorComponents() == 1 ? Colour.GREY : Colour.RGB;
        Alpha alpha =
                !model.hasAlpha() ? Alpha.NONE : model.isAlphaPremultiplied() ? Alpha.PREMULTIPLIED : Alpha.STRAIGHT;
        return unsigned(raster, colour, alpha, raster.getSampleModel().getSampleSize(0));
    }

    Samples withIcc(byte @Nullable [] profile) {
        return new Samples(raster, colour, alpha, numeric, bits, max, whiteIsZero, profile(profile));
    }

    /** A profile as this record keeps it. */
    static byte[] profile(byte @Nullable [] icc) {
        return icc == null ? SRGB : icc;
    }

    int width() {
        return raster.getWidth();
    }

    int height() {
        return raster.getHeight();
    }

    /** True when samples are read as {@link #doubles}, false when {@link #ints} holds them all. */
    boolean wide() {
        return numeric == Numeric.FLOAT || bits > 16;
    }

    /** The lowest value of the sample type. */
    double lowest() {
        return numeric == Numeric.SIGNED ? -Math.scalb(1.0, bits - 1) : 0;
    }

    /** The highest value of the sample type: full intensity. */
    double highest() {
        return switch (numeric) {
            case UNSIGNED -> max;
            case SIGNED -> Math.scalb(1.0, bits - 1) - 1;
            case FLOAT -> 1;
        };
    }

    /** Row {@code y}, all bands interleaved, of samples of at most 16 bits. */
    void ints(int y, int[] into) {
        int bands = raster.getNumBands();
        if (raster.getSampleModel() instanceof PixelInterleavedSampleModel model
                && raster.getDataBuffer() instanceof DataBufferByte buffer
                && raster.getSampleModelTranslateX() == 0
                && raster.getSampleModelTranslateY() == 0) {
            byte[] data = buffer.getData();
            int[] offsets = model.getBandOffsets();
            int stride = model.getPixelStride();
            int row = buffer.getOffset() + y * model.getScanlineStride();
            for (int band = 0; band < bands; band++) {
                int from = row + offsets[band];
                for (int to = band; to < width() * bands; to += bands, from += stride) {
                    into[to] = data[from] & 0xFF;
                }
            }
        } else {
            raster.getPixels(raster.getMinX(), raster.getMinY() + y, width(), 1, into);
        }
        if (numeric == Numeric.SIGNED && bits <= 8) {
            for (int i = 0; i < width() * bands; i++) {
                into[i] = (byte) into[i];
            }
        }
    }

    /** Row {@code y}, all bands interleaved, of samples of any kind. */
    void doubles(int y, double[] into) {
        raster.getPixels(raster.getMinX(), raster.getMinY() + y, width(), 1, into);
        if (numeric == Numeric.UNSIGNED && raster.getTransferType() == DataBuffer.TYPE_INT) {
            for (int i = 0; i < width() * raster.getNumBands(); i++) {
                into[i] = into[i] < 0 ? into[i] + 0x1p32 : into[i];
            }
        }
    }
}
