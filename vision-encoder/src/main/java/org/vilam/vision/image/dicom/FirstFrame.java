package org.vilam.vision.image.dicom;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.vilam.vision.image.ImageWarning;

/** Brings the first frame of whatever coding to plain samples. */
final class FirstFrame {
    private FirstFrame() {}

    /**
     * Decodes the first frame.
     *
     * @param format its layout; its size has been checked against the limits
     * @param frames how many frames the file says it has
     * @param warnings what is found on the way is added here
     */
    static StoredSamples decode(
            TransferSyntax syntax, DataElement pixelData, PixelFormat format, int frames, List<ImageWarning> warnings) {
        Fragments fragments = pixelData.fragments();
        if (syntax.coding == TransferSyntax.PixelCoding.NATIVE) {
            if (fragments != null) {
                throw Refusal.corrupt("the pixel data are in fragments, which the transfer syntax "
                        + UidNames.describe(syntax.uid) + " does not have");
            }
            return uncompressed(pixelData.value(), pixelData.vr(), format, frames, warnings);
        }
        if (fragments == null) {
            throw Refusal.corrupt("the pixel data are not in fragments, as the transfer syntax "
                    + UidNames.describe(syntax.uid) + " demands");
        }
        ByteBuffer frame = fragments.firstFrame(frames, syntax.coding == TransferSyntax.PixelCoding.JPEG);
        return switch (syntax.coding) {
            case RLE -> RleDecoder.decode(frame, format);
            case JPEG -> JpegDecoder.decode(frame, syntax, format, warnings);
            default -> uncompressed(frame, Vr.OB, format, 1, warnings);
        };
    }

    /** How many frames of this layout {@code length} bytes hold, at least 1; for files whose own count cannot be read. */
    static int countNative(PixelFormat format, int length) {
        long frameBits = frameBits(format, format.photometric().subsampled());
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE, length * 8L / frameBits));
    }

    private static long frameBits(PixelFormat format, boolean chromaShared) {
        return format.pixels() * (chromaShared ? 2 : format.samples()) * format.bitsAllocated();
    }

    private static StoredSamples uncompressed(
            ByteBuffer value, Vr vr, PixelFormat format, int frames, List<ImageWarning> warnings) {
        boolean chromaShared = format.photometric().subsampled();
        int length = value.remaining();
        // Some writers say 422 and store the chrominances of every pixel all the same: then the length gives them away.
        if (chromaShared && length >= format.frameBytes() * frames) {
            chromaShared = false;
            warnings.add(new ImageWarning(
                    "photometric_contradicted",
                    Tag.PHOTOMETRIC_INTERPRETATION + " says " + format.photometric()
                            + ", but chrominances are stored for every pixel."));
        }
        if (chromaShared && format.columns() % 2 != 0) {
            throw Refusal.corrupt(format.photometric() + " needs an even number of columns, not " + format.columns());
        }
        long bits = frameBits(format, chromaShared);
        long needed = (bits + 7) / 8;
        if (length < needed) {
            throw Refusal.corrupt(
                    "a frame has " + needed + " bytes, but there are " + length + " of " + Tag.PIXEL_DATA);
        }
        long all = (bits * frames + 7) / 8;
        if (length < all || length > all + 1) {
            warnings.add(new ImageWarning(
                    "pixel_data_length",
                    "The pixel data have " + length + " bytes where " + frames + " frame(s) need " + all + "."));
        }
        // In big endian files 8-bit samples of representation OW stand in 16-bit words, bytes swapped (PS3.5 section
        // A.3).
        boolean swapped = value.order() == ByteOrder.BIG_ENDIAN && vr == Vr.OW && format.bitsAllocated() <= 8;
        return new StoredSamples(format, swapped ? swap(value, (int) needed) : value, chromaShared);
    }

    private static ByteBuffer swap(ByteBuffer words, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            // An odd last byte has its partner in the padding; where that is missing it stands for itself.
            bytes[i] = words.get((i ^ 1) < words.limit() ? i ^ 1 : i);
        }
        return ByteBuffer.wrap(bytes);
    }
}
