package org.vilam.vision.image;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The markers of one JPEG stream (ITU-T T.81 annex B), walked from start to end of image without decoding.
 *
 * <p>Knowing what the stream will ask for beforehand keeps 12-bit, lossless and absurd ones away from the decoder, which
 * runs in native code and cannot be interrupted between two reads. The decoder is shown the header written anew, of tables
 * and frame only: what is in application segments cannot harm it.
 */
final class JpegHeader {
    private static final byte[] EXIF = "Exif\0\0".getBytes(StandardCharsets.ISO_8859_1);
    private static final byte[] ICC = "ICC_PROFILE\0".getBytes(StandardCharsets.ISO_8859_1);
    private static final byte[] ADOBE = "Adobe".getBytes(StandardCharsets.ISO_8859_1);
    private static final byte[] JFIF = "JFIF\0".getBytes(StandardCharsets.ISO_8859_1);

    private final byte[] file;
    private final int end;
    private final TreeMap<Integer, byte[]> iccParts = new TreeMap<>();
    private final BitSet scanned = new BitSet(256);
    private final ByteArrayOutputStream tables = new ByteArrayOutputStream();

    int frameMarker;
    int precision;
    int width;
    int height;
    int[] componentIds = {};
    int scans;
    /** Where the first scan begins. */
    int firstScan;

    boolean ended;
    boolean jfif;
    /** The transform of the Adobe marker (0 none, 1 YCbCr, 2 YCCK), -1 without one. */
    int adobeTransform = -1;

    @Nullable
    ByteBuffer exif;

    /** Walks the stream that begins at {@code start} and ends before {@code end} at the latest. */
    JpegHeader(byte[] file, int start, int end) {
        this.file = file;
        this.end = end;
        int at = start + 2; // after start of image
        while (at >= 0 && !ended) {
            at = segment(at);
        }
    }

    /** Takes in the segment at or after {@code at} and returns where it ends, -1 at the end of the stream. */
    private int segment(int at) {
        int from = at;
        while (from + 1 < end && !(file[from] == (byte) 0xFF && file[from + 1] != 0 && file[from + 1] != (byte) 0xFF)) {
            from++;
        }
        if (from + 1 >= end) {
            return -1;
        }
        int marker = file[from + 1] & 0xFF;
        int body = from + 2;
        if (marker == 0xD9) {
            ended = true;
            return body;
        }
        if (marker == 0x01 || (marker >= 0xD0 && marker <= 0xD8)) {
            return body; // no parameters
        }
        if (body + 2 > end) {
            return -1;
        }
        int next = body + u16(body);
        if (next < body + 2 || next > end) {
            return -1;
        }
        switch (marker) {
            case 0xC4, 0xCC, 0xDB, 0xDD -> keep(from, next); // tables and restart interval
            case 0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF, 0xF7 -> {
                keep(from, next);
                frame(marker, body + 2, next);
            }
            case 0xDA -> scan(from, body + 2, next);
            case 0xE0 -> jfif |= begins(body + 2, next, JFIF);
            case 0xE1 -> exif(body + 2, next);
            case 0xE2 -> icc(body + 2, next);
            case 0xEE -> adobe(body + 2, next);
            default -> {}
        }
        return next;
    }

    private void keep(int from, int next) {
        if (scans == 0) {
            tables.write(file, from, next - from);
        }
    }

    private void frame(int marker, int at, int next) {
        if (frameMarker != 0 || next - at < 6) {
            return;
        }
        frameMarker = marker;
        precision = file[at] & 0xFF;
        height = u16(at + 1);
        width = u16(at + 3);
        componentIds = new int[Math.min(file[at + 5] & 0xFF, (next - at - 6) / 3)];
        for (int i = 0; i < componentIds.length; i++) {
            componentIds[i] = file[at + 6 + 3 * i] & 0xFF;
        }
    }

    private void scan(int from, int at, int next) {
        if (scans++ == 0) {
            firstScan = from;
        }
        for (int i = 0; at < next && i < (file[at] & 0xFF) && at + 1 + 2 * i < next; i++) {
            scanned.set(file[at + 1 + 2 * i] & 0xFF);
        }
    }

    private void exif(int at, int next) {
        if (exif == null && begins(at, next, EXIF)) {
            exif = ByteBuffer.wrap(file, at, next - at).slice();
        }
    }

    private void icc(int at, int next) {
        int data = at + ICC.length + 2;
        if (begins(at, next, ICC) && data <= next) {
            byte[] part = Arrays.copyOfRange(file, data, next);
            iccParts.putIfAbsent(file[at + ICC.length] & 0xFF, part);
        }
    }

    private void adobe(int at, int next) {
        if (begins(at, next, ADOBE) && next - at >= 12) {
            adobeTransform = file[at + 11] & 0xFF;
        }
    }

    private boolean begins(int at, int next, byte[] text) {
        return next - at >= text.length && Arrays.equals(file, at, at + text.length, text, 0, text.length);
    }

    private int u16(int at) {
        return (file[at] & 0xFF) << 8 | (file[at + 1] & 0xFF);
    }

    int components() {
        return componentIds.length;
    }

    boolean progressive() {
        return frameMarker == 0xC2 || frameMarker == 0xCA;
    }

    boolean arithmetic() {
        return frameMarker >= 0xC9;
    }

    /** Whether three components are red, green and blue, by the rules of libjpeg (jdapimin.c). */
    private boolean rgb() {
        if (jfif || adobeTransform >= 0) {
            return !jfif && adobeTransform == 0;
        }
        return Arrays.equals(componentIds, new int[] {'R', 'G', 'B'});
    }

    /**
     * The stream's beginning up to its first scan: tables, frame, and an Adobe marker that says how the components are
     * coded, which the decoder would else guess from what is left out here. Four components are declared as plain.
     */
    byte[] cleanHead() {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        head.writeBytes(new byte[] {(byte) 0xFF, (byte) 0xD8});
        if (components() >= 3) {
            head.writeBytes(new byte[] {(byte) 0xFF, (byte) 0xEE, 0, 14});
            head.writeBytes(ADOBE);
            head.writeBytes(new byte[] {0, 100, 0, 0, 0, 0, (byte) (components() == 3 && !rgb() ? 1 : 0)});
        }
        head.writeBytes(tables.toByteArray());
        return head.toByteArray();
    }

    /** Whether every component comes in some scan. */
    boolean allScanned() {
        for (int id : componentIds) {
            if (!scanned.get(id)) {
                return false;
            }
        }
        return true;
    }

    /** The embedded ICC profile (ICC.1 annex B.4), its parts put together; null when there is none. */
    byte @Nullable [] icc() {
        if (iccParts.isEmpty()) {
            return null;
        }
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        iccParts.values().forEach(whole::writeBytes);
        return whole.toByteArray();
    }

    /**
     * Refuses what is no JPEG image or of a process that is not decoded.
     *
     * @param format what to call the file, e.g. JPEG or TIFF
     */
    void check(String format) {
        if (frameMarker == 0) {
            throw DecodeErrors.corrupt(format, "the JPEG stream has no frame header");
        }
        switch (frameMarker) {
            case 0xC0, 0xC1, 0xC2, 0xC9, 0xCA -> {}
            case 0xF7 -> throw DecodeErrors.unsupported("JPEG-LS");
            case 0xC3, 0xCB -> throw DecodeErrors.unsupported("lossless JPEG");
            default -> throw DecodeErrors.unsupported("hierarchical JPEG");
        }
        if (precision != 8) {
            throw DecodeErrors.unsupported(
                    precision + "-bit JPEG", "Convert it to 16-bit PNG or TIFF, which keep all its grey levels.");
        }
        if (components() != 1 && components() != 3 && components() != 4) {
            throw DecodeErrors.unsupported("JPEG of " + components() + " components");
        }
        if (height == 0 || width == 0) {
            throw DecodeErrors.corrupt(format, "the JPEG stream declares " + width + " x " + height + " pixels");
        }
        if (scans > 500) { // each is another pass over the picture; real ones have about ten
            throw DecodeErrors.tooLarge(
                    "the JPEG stream has " + scans + " scans", "Save the image again as an ordinary JPEG.");
        }
        if (scans == 0 || !allScanned()) {
            throw DecodeErrors.corrupt(format, "the JPEG stream ends before its picture data");
        }
    }

    /** What decoding takes: samples, of several scans all coefficients in native memory, and RGB twice to turn it. */
    long memoryBytes() {
        long pixels = (long) width * height;
        long coefficients = progressive() || scans > 1 ? 2 * pixels * components() : 0;
        return pixels * components() + coefficients + 6 * pixels;
    }
}
