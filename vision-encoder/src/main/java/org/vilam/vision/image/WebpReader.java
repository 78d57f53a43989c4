package org.vilam.vision.image;

import java.awt.image.BufferedImage;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * WebP by TwelveMonkeys' reader, after a walk over its chunks (RFC 9649 section 2).
 *
 * <p>The reader builds its tables from the sizes inside the picture data and believes them; here they must be those of
 * the canvas or frame. It is shown the container without colour profile and metadata, which it need not parse: orientation
 * and profile are applied here. It lacks uncompressed alpha, which is filled in. Of an animation the first frame is read,
 * at its place on the canvas.
 */
final class WebpReader implements FormatReader {
    private static final int ANIMATION = 0x02;
    private static final int ALPHA = 0x10;
    /** Measured: TwelveMonkeys keeps every 4 x 4 block of a lossy picture as objects, about 50 bytes a pixel. */
    private static final int LOSSY_BYTES_A_PIXEL = 56;
    /** A group of five lookup tables of at least 256 ints; a group takes at least 20 bits of the file. */
    private static final int LOSSLESS_GROUP_BYTES = 6 * 1024;

    private ByteBuffer file = ByteBuffer.allocate(0);
    private int flags;
    private boolean extended;
    private int canvasWidth;
    private int canvasHeight;
    private int frames;
    private int end;
    private @Nullable Canvas place;
    private boolean picture;
    private boolean lossless;
    private int codedBytes;
    private @Nullable ByteBuffer alpha;
    private @Nullable ByteBuffer exif;
    private @Nullable ByteBuffer profile;

    @Override
    public StoredPicture read(byte[] bytes, DecodeRun run) throws IOException {
        file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        walk(12, bytes.length, true);
        Canvas frame = place;
        if (!picture || frame == null) {
            throw DecodeErrors.corrupt("WebP", "it holds no picture, or one that is cut off");
        }
        boolean transparent = (flags & ALPHA) != 0;
        ImageHeader header = new ImageHeader(
                ImageFormat.WEBP,
                canvasWidth,
                canvasHeight,
                8,
                transparent ? 4 : 3,
                Math.max(1, frames),
                ExifOrientation.of(exif, run));
        run.admit(header, memoryBytes(header, frame) + bytes.length);
        try (LibraryReader library =
                new LibraryReader(LibraryReader.WEBP, new GuardedInput(head(bytes), bytes, new byte[0], run), run)) {
            BufferedImage image = library.read();
            if (alpha != null && (alpha.get(0) & 3) == 0) {
                fillAlpha(image.getAlphaRaster(), alpha);
            }
            Samples samples =
                    Samples.of(image.getRaster(), image.getColorModel()).withIcc(icc());
            StoredPicture whole = SampleConverter.convert(samples, header, run);
            return new StoredPicture(header, frame.paint(whole.rgb(), header, run), whole.window());
        }
    }

    private long memoryBytes(ImageHeader header, Canvas frame) {
        long pixels = (long) frame.width() * frame.height();
        long groups = Math.min(1 << 16, codedBytes * 8L / 20);
        return header.pixels() * 6
                + (lossless ? pixels * 8 : pixels * LOSSY_BYTES_A_PIXEL)
                + (lossless || alpha != null ? groups * LOSSLESS_GROUP_BYTES : 0);
    }

    private byte @Nullable [] icc() {
        if (profile == null) {
            return null;
        }
        byte[] icc = new byte[profile.remaining()];
        profile.duplicate().get(icc);
        return icc;
    }

    /** The file's first bytes as the reader is to see them: a container of true length, with no metadata. */
    private byte[] head(byte[] bytes) {
        byte[] head = java.util.Arrays.copyOf(bytes, extended ? 30 : 12);
        ByteBuffer fields = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
        fields.putInt(4, end - 8);
        if (extended) {
            fields.putInt(20, flags & (ANIMATION | ALPHA));
        }
        return head;
    }

    /** Takes in the chunks between two places; {@code top} outside of a frame. */
    private void walk(int from, int to, boolean top) {
        int at = from;
        while (at + 8 <= to) {
            String type = StandardCharsets.ISO_8859_1.decode(file.slice(at, 4)).toString();
            long length = Integer.toUnsignedLong(file.getInt(at + 4));
            if (at + 8 + length > to) {
                return; // cut off: what comes before may still hold the picture
            }
            ByteBuffer data = file.slice(at + 8, (int) length).order(ByteOrder.LITTLE_ENDIAN);
            if (top && at == 12 && type.equals("VP8X")) {
                canvas(data);
            } else {
                chunk(type, data, at + 8);
            }
            at = (int) Math.min(to, at + 8 + length + (length & 1));
            if (top) {
                end = at;
            }
        }
    }

    private void canvas(ByteBuffer data) {
        if (data.limit() != 10) {
            throw DecodeErrors.corrupt("WebP", "its VP8X chunk is " + data.limit() + " bytes long");
        }
        extended = true;
        flags = data.get(0);
        canvasWidth = 1 + u24(data, 4);
        canvasHeight = 1 + u24(data, 7);
        if ((flags & ANIMATION) == 0) {
            place = new Canvas(0, 0, canvasWidth, canvasHeight);
        }
    }

    private void chunk(String type, ByteBuffer data, int at) {
        switch (type) {
            case "ICCP" -> profile = profile == null ? data : profile;
            case "EXIF" -> exif = exif == null ? data : exif;
            case "ANMF" -> frame(data, at);
            case "ALPH" -> {
                if (!picture && extended && data.limit() > 0) {
                    alpha = data;
                    flags |= ALPHA;
                    codedBytes += data.limit();
                }
            }
            case "VP8 " -> {
                boolean keyFrame = data.limit() >= 10
                        && (data.get(0) & 1) == 0
                        && data.get(3) == (byte) 0x9D
                        && data.get(4) == 1
                        && data.get(5) == 0x2A;
                picture(
                        keyFrame,
                        data,
                        keyFrame ? data.getShort(6) & 0x3FFF : 0,
                        keyFrame ? data.getShort(8) & 0x3FFF : 0);
            }
            case "VP8L" -> {
                boolean signed = data.limit() >= 5 && data.get(0) == 0x2F;
                int bits = signed ? data.getInt(1) : 0;
                if (!picture && signed) {
                    lossless = true;
                    flags |= !extended && (bits & 1 << 28) != 0 ? ALPHA : 0;
                }
                picture(signed, data, 1 + (bits & 0x3FFF), 1 + (bits >>> 14 & 0x3FFF));
            }
            default -> {}
        }
    }

    private void frame(ByteBuffer data, int at) {
        if ((flags & ANIMATION) == 0 || frames++ > 0) {
            return;
        }
        if (data.limit() < 16) {
            throw DecodeErrors.corrupt("WebP", "its first frame is cut off");
        }
        Canvas frame = new Canvas(2 * u24(data, 0), 2 * u24(data, 3), 1 + u24(data, 6), 1 + u24(data, 9));
        if (frame.left() + frame.width() > canvasWidth || frame.top() + frame.height() > canvasHeight) {
            throw DecodeErrors.corrupt("WebP", "its first frame hangs over the canvas");
        }
        place = frame;
        walk(at + 16, at + data.limit(), false);
    }

    /** The first picture's data: the size they state must be that of their place. */
    private void picture(boolean valid, ByteBuffer data, int width, int height) {
        if (picture) {
            return;
        }
        if (!extended) {
            canvasWidth = width;
            canvasHeight = height;
            place = new Canvas(0, 0, width, height);
        }
        if (!valid || place == null || place.width() != width || place.height() != height) {
            throw DecodeErrors.corrupt("WebP", "its picture data contradict its header");
        }
        picture = true;
        codedBytes += data.limit();
    }

    /** Alpha stored plainly, with its prediction undone (RFC 9649 section 2.7.1.2). */
    private static void fillAlpha(@Nullable WritableRaster raster, ByteBuffer data) {
        int filter = data.get(0) >> 2 & 3;
        int width = raster == null ? 0 : raster.getWidth();
        int height = raster == null ? 0 : raster.getHeight();
        if (raster == null || data.limit() - 1 < width * height) {
            throw DecodeErrors.corrupt("WebP", "its alpha plane is cut off");
        }
        int[] above = new int[width];
        int[] row = new int[width];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int left = x > 0 ? row[x - 1] : y > 0 ? above[0] : 0;
                int up = y > 0 ? above[x] : left;
                int corner = x > 0 && y > 0 ? above[x - 1] : 0;
                int predicted = switch (filter) {
                    case 1 -> left;
                    case 2 -> up;
                    case 3 ->
                        x == 0
                                ? (y > 0 ? above[0] : 0)
                                : y == 0 ? left : Math.max(0, Math.min(255, left + up - corner));
                    default -> 0;
                };
                row[x] = (data.get(1 + y * width + x) + predicted) & 0xFF;
            }
            raster.setSamples(0, y, width, 1, 0, row);
            int[] swap = above;
            above = row;
            row = swap;
        }
    }

    private static int u24(ByteBuffer data, int at) {
        return (data.get(at) & 0xFF) | (data.get(at + 1) & 0xFF) << 8 | (data.get(at + 2) & 0xFF) << 16;
    }
}
