package org.vilam.vision.image;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where a picture came from and what was done to it on the way in.
 *
 * @param format what the file's first bytes say it is
 * @param width pixels across of the upright picture
 * @param height pixels down of the upright picture
 * @param storedWidth pixels across as stored, before EXIF orientation
 * @param storedHeight pixels down as stored, before EXIF orientation
 * @param orientation EXIF orientation found and applied, 1..8 (EXIF 2.32, tag 0x0112); 1 where there is none
 * @param bitDepth bits of one stored sample: of a palette image the bits of an index, of a float image 16, 32 or 64
 * @param channels stored samples a pixel, alpha included; a palette image has 1
 * @param window the grey window applied: {@link GreyWindow.Source#FULL_RANGE} for images of 8 bits or less and for colour
 *     (of floats beyond 0..1 the percentiles of all channels); else percentiles, the file's own or the requested one.
 *     Pictures stored as negatives (TIFF white-is-zero, DICOM MONOCHROME1) are inverted after it
 * @param spacing physical pixel size of the upright picture where the file is a medical one that says so, else null
 * @param sha256 SHA-256 of the file's bytes, 64 lower-case hexadecimal digits
 * @param frames frames or pages in the file, at least 1; the picture is the first of them
 * @param warnings what a person should know, in the order found
 */
public record ImageInfo(
        ImageFormat format,
        int width,
        int height,
        int storedWidth,
        int storedHeight,
        int orientation,
        int bitDepth,
        int channels,
        GreyWindow window,
        @Nullable PixelSpacing spacing,
        String sha256,
        int frames,
        List<ImageWarning> warnings) {
    public ImageInfo {
        Objects.requireNonNull(format, "format");
        Objects.requireNonNull(window, "window");
        Objects.requireNonNull(sha256, "sha256");
        warnings = List.copyOf(warnings);
        boolean turned = orientation >= 5;
        if (orientation < 1
                || orientation > 8
                || width != (turned ? storedHeight : storedWidth)
                || height != (turned ? storedWidth : storedHeight)
                || width < 1
                || height < 1
                || bitDepth < 1
                || channels < 1
                || frames < 1) {
            throw new IllegalArgumentException("contradictory image facts: " + width + " x " + height + " from "
                    + storedWidth + " x " + storedHeight + ", orientation " + orientation + ", bit depth " + bitDepth
                    + ", channels " + channels + ", frames " + frames);
        }
    }

    /** The media type of the file's format, e.g. {@code image/jpeg}. */
    public String mediaType() {
        return format.mediaType();
    }

    /** The digest that {@link #sha256()} holds, over the bytes between position and limit; the buffer is left as it was. */
    public static String sha256Of(ByteBuffer file) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(file.duplicate());
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
