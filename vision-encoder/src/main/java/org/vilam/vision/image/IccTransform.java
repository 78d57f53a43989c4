package org.vilam.vision.image;

import java.awt.color.CMMException;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.ColorConvertOp;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Colours of an embedded ICC profile to sRGB, by the JDK's colour management (Little CMS). */
final class IccTransform {
    private static final int LARGEST_PROFILE = 16 << 20;
    private static final int LATTICE = 9;

    private final ColorConvertOp convert;
    private final int components;
    private byte[] in = {};
    private byte[] out = {};

    private IccTransform(ICC_Profile profile) {
        components = profile.getNumComponents();
        convert = new ColorConvertOp(new ICC_Profile[] {profile, ICC_Profile.getInstance(ColorSpace.CS_sRGB)}, null);
    }

    /**
     * The transform of an embedded profile, or null when there is none, when it changes nothing, or (with a warning) when
     * it is broken or no profile of such colours. Grey levels are data and never transformed.
     */
    static @Nullable IccTransform of(byte @Nullable [] bytes, Samples.Colour colour, DecodeRun run) {
        if (bytes == null || bytes.length == 0 || colour == Samples.Colour.GREY) {
            return null;
        }
        try {
            int wanted = colour == Samples.Colour.CMYK ? ColorSpace.TYPE_CMYK : ColorSpace.TYPE_RGB;
            ICC_Profile profile = plausible(bytes) ? ICC_Profile.getInstance(bytes) : null;
            if (profile != null && profile.getColorSpaceType() == wanted) {
                IccTransform transform = new IccTransform(profile);
                return wanted == ColorSpace.TYPE_RGB && transform.changesNothing() ? null : transform;
            }
        } catch (CMMException | IllegalArgumentException e) {
            // said below
        }
        run.warn("icc_ignored", "The embedded colour profile is broken or of another kind; colours are taken as sRGB.");
        return null;
    }

    /** Whether the profile is as long as it says (ICC.1 section 7.2.2): the JDK allocates what it says. */
    private static boolean plausible(byte[] bytes) {
        int declared = bytes.length < 128 ? 0 : ByteBuffer.wrap(bytes).getInt(0);
        return declared >= 128 && declared <= bytes.length && bytes.length <= LARGEST_PROFILE;
    }

    /** Whether a lattice of colours comes out as it went in, up to rounding: the profile is sRGB itself. */
    private boolean changesNothing() {
        byte[] lattice = new byte[LATTICE * LATTICE * LATTICE * 3];
        int at = 0;
        for (int i = 0; i < LATTICE * LATTICE * LATTICE; i++) {
            lattice[at++] = (byte) Math.min(255, i / (LATTICE * LATTICE) * 32);
            lattice[at++] = (byte) Math.min(255, i / LATTICE % LATTICE * 32);
            lattice[at++] = (byte) Math.min(255, i % LATTICE * 32);
        }
        byte[] converted = new byte[lattice.length];
        apply(lattice, 0, converted, 0, lattice.length / 3);
        for (int i = 0; i < lattice.length; i++) {
            if (Math.abs((lattice[i] & 0xFF) - (converted[i] & 0xFF)) > 1) {
                return false;
            }
        }
        return true;
    }

    /** Converts {@code pixels} interleaved pixels into RGB; the two arrays may be the same. */
    void apply(byte[] from, int fromAt, byte[] rgb, int at, int pixels) {
        if (in.length < pixels * components) { // arrays of our own: only rasters that start at 0 take the fast path
            in = new byte[pixels * components];
            out = new byte[pixels * 3];
        }
        System.arraycopy(from, fromAt, in, 0, pixels * components);
        convert.filter(raster(in, pixels, components), raster(out, pixels, 3));
        System.arraycopy(out, 0, rgb, at, pixels * 3);
    }

    private static WritableRaster raster(byte[] bytes, int pixels, int bands) {
        int[] offsets = new int[bands];
        for (int band = 0; band < bands; band++) {
            offsets[band] = band;
        }
        return Raster.createInterleavedRaster(
                new DataBufferByte(bytes, bytes.length), pixels, 1, pixels * bands, bands, offsets, null);
    }
}
