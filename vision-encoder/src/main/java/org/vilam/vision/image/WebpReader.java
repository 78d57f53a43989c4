package org.vilam.vision.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.vilam.vision.image.webp.WebpPicture;

/**
 * WebP: the container (RFC 9649 section 2) and what is in it beside the picture data: orientation, colour profile, frames.
 *
 * <p>Of an animation the first frame is read, at its place on the canvas. Sizes stated by picture data must be those of
 * the canvas or frame. Lengths of the container as a whole are not believed, those of chunks are.
 */
final class WebpReader implements FormatReader {
    private static final int ANIMATION = 0x02;
    private static final int ALPHA = 0x10;
    /** Planes and RGB, without the result's RGB. */
    private static final int LOSSY_BYTES_A_PIXEL = 2;

    private static final int LOSSLESS_BYTES_A_PIXEL = 9;
    /** Most that the look-up tables of lossless codes may take, and how much a byte of file can make of them. */
    private static final long LOSSLESS_TABLE_BYTES = 64L << 20;

    private static final int LOSSLESS_TABLE_BYTES_A_BYTE = 256;

    private ByteBuffer file = ByteBuffer.allocate(0);
    private int flags;
    private boolean extended;
    private int canvasWidth;
    private int canvasHeight;
    private int frames;
    private @Nullable Canvas place;
    private @Nullable ByteBuffer lossy;
    private @Nullable ByteBuffer lossless;
    private @Nullable ByteBuffer alpha;
    private @Nullable ByteBuffer exif;
    private @Nullable ByteBuffer profile;

    @Override
    public StoredPicture read(byte[] bytes, DecodeRun run) throws IOException {
        file = ByteBuffer.wrap(bytes);
        walk(12, bytes.length, true);
        Canvas frame = place;
        if (frame == null || (lossy == null && lossless == null)) {
            throw DecodeErrors.corrupt("WEBP", "it holds no picture, or one that is cut off");
        }
        ImageHeader header = new ImageHeader(
                ImageFormat.WEBP,
                canvasWidth,
                canvasHeight,
                8,
                (flags & ALPHA) != 0 ? 4 : 3,
                Math.max(1, frames),
                ExifOrientation.of(exif, run));
        run.admit(header, memoryBytes(header, bytes.length));
        if (run.options().window() != null) {
            SampleConverter.warnOfWindow(run);
        }
        WebpPicture picture = lossy != null
                ? WebpPicture.lossy(lossy, alpha, frame.width(), frame.height(), run::checkDeadline)
                : WebpPicture.lossless(
                        Objects.requireNonNull(lossless), frame.width(), frame.height(), run::checkDeadline);
        SampleConverter.finish(picture.rgb(), picture.alpha(), icc(), run);
        return new StoredPicture(header, frame.paint(picture.rgb(), header, run), StoredPicture.EIGHT_BITS);
    }

    private long memoryBytes(ImageHeader header, long fileBytes) {
        long tables = lossless == null && alpha == null
                ? 0
                : Math.min(LOSSLESS_TABLE_BYTES, fileBytes * LOSSLESS_TABLE_BYTES_A_BYTE);
        long pixel = 6L
                + (lossless == null ? LOSSY_BYTES_A_PIXEL : 0)
                + (lossless == null && alpha == null ? 0 : LOSSLESS_BYTES_A_PIXEL);
        return header.pixels() * pixel + tables + 2 * fileBytes;
    }

    private byte @Nullable [] icc() {
        if (profile == null) {
            return null;
        }
        byte[] icc = new byte[profile.remaining()];
        profile.duplicate().get(icc);
        return icc;
    }

    /** Takes in the chunks between two places; {@code top} outside of a frame. */
    private void walk(int from, int to, boolean top) {
        int at = from;
        while (at + 8 <= to) {
            ByteBuffer fields = file.slice(at, 8).order(ByteOrder.LITTLE_ENDIAN);
            String type = StandardCharsets.ISO_8859_1.decode(fields.slice(0, 4)).toString();
            long length = Integer.toUnsignedLong(fields.getInt(4));
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
        }
    }

    private void canvas(ByteBuffer data) {
        if (data.limit() < 10) {
            throw DecodeErrors.corrupt("WEBP", "its VP8X chunk is " + data.limit() + " bytes long");
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
        boolean before = lossy == null && lossless == null;
        switch (type) {
            case "ICCP" -> profile = profile == null ? data : profile;
            case "EXIF" -> exif = exif == null ? data : exif;
            case "ANMF" -> frame(data, at);
            case "ALPH" -> {
                if (before && extended) {
                    alpha = data;
                    flags |= ALPHA;
                }
            }
            case "VP8 " -> {
                if (before) {
                    lossy = data;
                    boolean whole = data.limit() >= 10;
                    size(whole ? data.getShort(6) & 0x3FFF : 0, whole ? data.getShort(8) & 0x3FFF : 0);
                }
            }
            case "VP8L" -> {
                if (before) {
                    lossless = data;
                    int bits = data.limit() >= 5 ? data.getInt(1) : 0;
                    flags |= extended ? 0 : (bits >> 24) & ALPHA;
                    size(1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF));
                }
            }
            default -> {}
        }
    }

    private void frame(ByteBuffer data, int at) {
        if ((flags & ANIMATION) == 0 || frames++ > 0) {
            return;
        }
        if (data.limit() < 16) {
            throw DecodeErrors.corrupt("WEBP", "its first frame is cut off");
        }
        Canvas frame = new Canvas(2 * u24(data, 0), 2 * u24(data, 3), 1 + u24(data, 6), 1 + u24(data, 9));
        if (frame.left() + frame.width() > canvasWidth || frame.top() + frame.height() > canvasHeight) {
            throw DecodeErrors.corrupt("WEBP", "its first frame hangs over the canvas");
        }
        place = frame;
        walk(at + 16, at + data.limit(), false);
    }

    /** The first picture's own size: of a plain file the canvas, else it must be that of its place. */
    private void size(int width, int height) {
        if (!extended) {
            canvasWidth = width;
            canvasHeight = height;
            place = new Canvas(0, 0, width, height);
        }
        if (place == null || place.width() != width || place.height() != height) {
            throw DecodeErrors.corrupt("WEBP", "its picture data contradict its header");
        }
    }

    private static int u24(ByteBuffer data, int at) {
        return (data.get(at) & 0xFF) | (data.get(at + 1) & 0xFF) << 8 | (data.get(at + 2) & 0xFF) << 16;
    }
}
