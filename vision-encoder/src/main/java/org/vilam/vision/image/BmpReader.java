package org.vilam.vision.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * BMP: Windows headers of all lengths and OS/2's, 1 to 32 bits a pixel, bit masks, run-length codes, either row order.
 *
 * <p>Decoded here: the ImageIO readers fail on run-length pictures that end early, which the format allows, and on some
 * headers. Alpha counts only where a mask names it (32-bit pictures without masks leave the fourth byte undefined), and
 * not when it is zero everywhere, as writers that do not know of it leave it.
 *
 * <p>Source: Microsoft "Bitmap Storage"; variants as in Jason Summers' bmpsuite.
 */
final class BmpReader implements FormatReader {
    private static final int RGB = 0;
    private static final int RLE8 = 1;
    private static final int RLE4 = 2;
    private static final int BITFIELDS = 3;
    private static final int ALPHA_BITFIELDS = 6;

    private ByteBuffer file = ByteBuffer.allocate(0);
    private int width;
    private int height;
    private boolean topDown;
    private int bits;
    private int compression;
    private int pixelsAt;
    private byte[] palette = {};
    private final int[] masks = new int[4];

    @Override
    public StoredPicture read(byte[] bytes, DecodeRun run) {
        file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        parseHeader();
        int channels = bits <= 8 ? 1 : masks[3] != 0 ? 4 : 3;
        ImageHeader header = new ImageHeader(ImageFormat.BMP, width, height, bits < 16 ? bits : 8, channels, 1, 1);
        run.admit(header, header.pixels() * 8 + bytes.length);
        if (run.options().window() != null) {
            SampleConverter.warnOfWindow(run);
        }
        byte[] rgb = new byte[width * height * 3];
        if (compression == RLE8 || compression == RLE4) {
            byte[] indices = new BmpRunLength(file, pixelsAt, width, height, bits).decode(run);
            for (int i = 0; i < indices.length; i++) {
                paint(indices[i] & 0xFF, rgb, at(i % width, i / width));
            }
        } else {
            long stride = ((long) width * bits + 31) / 32 * 4;
            long needed = (height - 1) * stride + ((long) width * bits + 7) / 8;
            if (pixelsAt + needed > file.limit()) {
                throw DecodeErrors.corrupt("BMP", "its pixels are cut off");
            }
            for (int row = 0; row < height; row++) {
                run.checkDeadline();
                row(row, pixelsAt + (int) (row * stride), rgb);
            }
            if (masks[3] != 0) {
                layOnBackground(rgb, stride, run);
            }
        }
        return new StoredPicture(header, rgb, StoredPicture.EIGHT_BITS);
    }

    private void parseHeader() {
        int headerBytes = file.limit() < 26 ? 0 : file.getInt(14);
        if (headerBytes < 12 || 14L + headerBytes > file.limit()) {
            throw DecodeErrors.corrupt("BMP", "its header is cut off or declares " + headerBytes + " bytes");
        }
        boolean os2 = headerBytes < 16;
        width = os2 ? file.getShort(18) & 0xFFFF : file.getInt(18);
        long rows = os2 ? file.getShort(20) & 0xFFFF : file.getInt(22);
        topDown = rows < 0;
        if (width < 1 || rows == 0 || Math.abs(rows) > Integer.MAX_VALUE) {
            throw DecodeErrors.corrupt("BMP", "it declares " + width + " x " + rows + " pixels");
        }
        height = (int) Math.abs(rows);
        bits = file.getShort(os2 ? 24 : 28) & 0xFFFF;
        compression = headerBytes >= 20 ? file.getInt(30) : RGB;
        checkCoding(headerBytes);
        int masksAt = 54;
        int afterHeader = 14 + headerBytes;
        if (compression == BITFIELDS || compression == ALPHA_BITFIELDS) {
            boolean alpha = headerBytes >= 56 || compression == ALPHA_BITFIELDS;
            int count = alpha ? 4 : 3;
            if (masksAt + 4 * count > file.limit()) {
                throw DecodeErrors.corrupt("BMP", "its bit masks are cut off");
            }
            for (int i = 0; i < count; i++) {
                masks[i] = file.getInt(masksAt + 4 * i);
            }
            afterHeader = Math.max(afterHeader, masksAt + 4 * (headerBytes >= 52 ? 0 : count));
        } else if (bits == 16) {
            System.arraycopy(new int[] {0x7C00, 0x3E0, 0x1F}, 0, masks, 0, 3);
        } else if (bits >= 24) {
            System.arraycopy(new int[] {0xFF0000, 0xFF00, 0xFF}, 0, masks, 0, 3);
        }
        pixelsAt = file.getInt(10);
        if (pixelsAt < 26) {
            pixelsAt = afterHeader; // some writers leave it zero
        }
        if (bits <= 8) {
            readPalette(afterHeader, os2 ? 3 : 4, headerBytes >= 36 ? file.getInt(46) : 0);
        }
    }

    private void checkCoding(int headerBytes) {
        boolean masked = compression == BITFIELDS || compression == ALPHA_BITFIELDS;
        boolean depthFits = switch (compression) {
            case RGB -> bits == 1 || bits == 2 || bits == 4 || bits == 8 || bits == 16 || bits == 24 || bits == 32;
            case RLE8 -> bits == 8;
            case RLE4 -> bits == 4;
            case BITFIELDS, ALPHA_BITFIELDS -> bits == 16 || bits == 32;
            case 4 -> throw DecodeErrors.unsupported("BMP with a JPEG picture inside");
            case 5 -> throw DecodeErrors.unsupported("BMP with a PNG picture inside");
            default -> throw DecodeErrors.unsupported("BMP of compression " + compression);
        };
        if (!depthFits && masked && headerBytes == 64) {
            throw DecodeErrors.unsupported("OS/2 BMP with Huffman coding");
        }
        if (!depthFits) {
            throw DecodeErrors.corrupt("BMP", "it declares " + bits + " bits a pixel with compression " + compression);
        }
    }

    private void readPalette(int at, int entryBytes, int declared) {
        int colours = 1 << bits;
        palette = new byte[colours * 3]; // indices beyond the stored colours are black
        int stored = declared > 0 && declared < colours ? declared : colours;
        int room = Math.max(0, Math.min(file.limit(), pixelsAt > at ? pixelsAt : file.limit()) - at) / entryBytes;
        for (int i = 0; i < Math.min(stored, room); i++) {
            for (int channel = 0; channel < 3; channel++) {
                palette[3 * i + channel] = file.get(at + i * entryBytes + 2 - channel);
            }
        }
    }

    /** Where in the result the pixel of a stored row lies. */
    private int at(int x, int row) {
        return ((topDown ? row : height - 1 - row) * width + x) * 3;
    }

    private void paint(int index, byte[] rgb, int to) {
        rgb[to] = palette[3 * index];
        rgb[to + 1] = palette[3 * index + 1];
        rgb[to + 2] = palette[3 * index + 2];
    }

    private void row(int row, int from, byte[] rgb) {
        int to = at(0, row);
        if (bits <= 8) {
            int perByte = 8 / bits;
            int mask = (1 << bits) - 1;
            for (int x = 0; x < width; x++, to += 3) {
                int shift = 8 - bits * (x % perByte + 1);
                paint(file.get(from + x / perByte) >> shift & mask, rgb, to);
            }
        } else if (bits == 24) {
            for (int at = from; at < from + 3 * width; at += 3, to += 3) {
                rgb[to] = file.get(at + 2);
                rgb[to + 1] = file.get(at + 1);
                rgb[to + 2] = file.get(at);
            }
        } else {
            for (int x = 0; x < width; x++) {
                int pixel = pixel(from, x);
                rgb[to++] = (byte) field(pixel, masks[0]);
                rgb[to++] = (byte) field(pixel, masks[1]);
                rgb[to++] = (byte) field(pixel, masks[2]);
            }
        }
    }

    private int pixel(int row, int x) {
        return bits == 16 ? file.getShort(row + 2 * x) & 0xFFFF : file.getInt(row + 4 * x);
    }

    /** The bits under a mask, scaled to 0..255 with rounding; no mask is 0. */
    private static int field(int pixel, int mask) {
        if (mask == 0) {
            return 0;
        }
        int shift = Integer.numberOfTrailingZeros(mask);
        long full = Integer.toUnsignedLong(mask >>> shift);
        long value = Integer.toUnsignedLong((pixel & mask) >>> shift);
        return full == 255 ? (int) value : (int) ((value * 255 + full / 2) / full);
    }

    private void layOnBackground(byte[] rgb, long stride, DecodeRun run) {
        if (!anyAlpha(stride)) {
            return;
        }
        for (int row = 0; row < height; row++) {
            int from = pixelsAt + (int) (row * stride);
            int to = at(0, row);
            for (int x = 0; x < width; x++) {
                int alpha = field(pixel(from, x), masks[3]);
                for (int channel = 0; channel < 3; channel++, to++) {
                    rgb[to] = (byte)
                            SampleConverter.blend(rgb[to] & 0xFF, alpha, SampleConverter.background(run, channel));
                }
            }
        }
    }

    private boolean anyAlpha(long stride) {
        for (int row = 0; row < height; row++) {
            for (int x = 0; x < width; x++) {
                if ((pixel(pixelsAt + (int) (row * stride), x) & masks[3]) != 0) {
                    return true;
                }
            }
        }
        return false;
    }
}
