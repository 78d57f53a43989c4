package org.vilam.vision.image.webp;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import javax.imageio.IIOException;
import org.jspecify.annotations.Nullable;

/**
 * One decoded picture of a WebP file.
 *
 * @param rgb {@code height * width * 3} bytes
 * @param alpha {@code height * width} bytes, not premultiplied; null for an opaque picture
 */
@SuppressWarnings("ArrayRecordComponent") // read by the decoder alone, never compared
public record WebpPicture(byte[] rgb, byte @Nullable [] alpha) {
    /**
     * Decodes the payload of a VP8 chunk and, if there is one, of the ALPH chunk before it.
     *
     * @param width the picture's width, which the payload must state too
     * @param height likewise
     * @param checkpoint called now and then; may throw to end the decode
     * @throws IOException when the data are damaged or end early
     */
    public static WebpPicture lossy(
            ByteBuffer vp8, @Nullable ByteBuffer alpha, int width, int height, Runnable checkpoint) throws IOException {
        byte[] rgb = Vp8Decoder.decode(bytes(vp8), checkpoint);
        if (rgb.length != width * height * 3) {
            throw new IIOException("the VP8 data are of another size than the picture");
        }
        return new WebpPicture(rgb, alpha == null ? null : alpha(bytes(alpha), width, height, checkpoint));
    }

    /**
     * Decodes the payload of a VP8L chunk.
     *
     * @param width the picture's width, which the payload must state too
     * @param height likewise
     * @param checkpoint called now and then; may throw to end the decode
     * @throws IOException when the data are damaged or end early
     */
    public static WebpPicture lossless(ByteBuffer vp8l, int width, int height, Runnable checkpoint) throws IOException {
        byte[] data = bytes(vp8l);
        if (data.length < 5) {
            throw new EOFException("the VP8L header is cut off");
        }
        int size = (data[1] & 0xFF) | (data[2] & 0xFF) << 8 | (data[3] & 0xFF) << 16 | (data[4] & 0xFF) << 24;
        if (data[0] != 0x2F
                || (size & 0x3FFF) + 1 != width
                || (size >> 14 & 0x3FFF) + 1 != height
                || size >>> 29 != 0) {
            throw new IIOException("the VP8L header contradicts the picture");
        }
        int[] pixels = Vp8lDecoder.decode(data, 5, width, height, checkpoint);
        byte[] rgb = new byte[pixels.length * 3];
        byte[] alpha = (size & 1 << 28) == 0 ? null : new byte[pixels.length];
        for (int i = 0, to = 0; i < pixels.length; i++) {
            int pixel = pixels[i];
            rgb[to++] = (byte) (pixel >> 16);
            rgb[to++] = (byte) (pixel >> 8);
            rgb[to++] = (byte) pixel;
            if (alpha != null) {
                alpha[i] = (byte) (pixel >> 24);
            }
        }
        return new WebpPicture(rgb, alpha);
    }

    /** An alpha plane (RFC 9649 section 2.7.1.2): plain or as the green of a lossless picture, then predicted. */
    private static byte[] alpha(byte[] data, int width, int height, Runnable checkpoint) throws IOException {
        int coding = data.length == 0 ? 2 : data[0] & 3;
        byte[] plane;
        if (coding == 1) {
            plane = Vp8lDecoder.green(data, 1, width, height, checkpoint);
        } else if (coding == 0 && data.length > width * height) {
            plane = Arrays.copyOfRange(data, 1, 1 + width * height);
        } else {
            throw new EOFException("the alpha plane is cut off or of an unknown kind");
        }
        int filter = data[0] >> 2 & 3;
        for (int y = 0, at = 0; filter != 0 && y < height; y++) {
            for (int x = 0; x < width; x++, at++) {
                plane[at] += (byte) predicted(plane, at, x, y, width, filter);
            }
        }
        return plane;
    }

    private static int predicted(byte[] plane, int at, int x, int y, int width, int filter) {
        if (x == 0 || y == 0) {
            return x > 0 ? plane[at - 1] : y > 0 ? plane[at - width] : 0;
        }
        int left = plane[at - 1] & 0xFF;
        int above = plane[at - width] & 0xFF;
        return switch (filter) {
            case 1 -> left;
            case 2 -> above;
            default -> Math.max(0, Math.min(255, left + above - (plane[at - width - 1] & 0xFF)));
        };
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
