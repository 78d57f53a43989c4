package org.vilam.vision.image.dicom;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The marker segments of a JPEG stream (ITU-T T.81 annex B) without its entropy-coded data being decoded.
 *
 * @param segments all segments between SOI and EOI
 * @param process marker of the frame header, SOF0 .. SOF15
 * @param precision bits of a sample
 * @param height lines
 * @param width samples a line
 * @param components identifiers and sampling factors
 * @param scans how many scans there are
 */
record JpegStream(
        List<Segment> segments,
        int process,
        int precision,
        int height,
        int width,
        List<Component> components,
        int scans) {
    static final int SOF0 = 0xC0;
    static final int SOF1 = 0xC1;
    static final int SOF3 = 0xC3;
    static final int DHT = 0xC4;
    static final int SOI = 0xD8;
    static final int EOI = 0xD9;
    static final int SOS = 0xDA;
    static final int DRI = 0xDD;
    private static final int APP0 = 0xE0;
    private static final int APP14 = 0xEE;
    private static final int APP15 = 0xEF;
    private static final int COM = 0xFE;

    /** No sane stream has more; a bound on the memory that a stream of empty segments would take. */
    private static final int MAX_SEGMENTS = 4096;

    /**
     * @param payload what follows the length field
     * @param entropy the entropy-coded data after a scan header, restart markers included, else empty
     */
    record Segment(int marker, ByteBuffer payload, ByteBuffer entropy) {}

    record Component(int id, int horizontal, int vertical) {}

    static JpegStream parse(ByteBuffer bytes) {
        int end = bytes.limit();
        if (end < 4 || u8(bytes, 0) != 0xFF || u8(bytes, 1) != SOI) {
            throw Refusal.corrupt("a JPEG frame does not begin with the marker SOI");
        }
        List<Segment> segments = new ArrayList<>();
        int at = 2;
        while (true) {
            if (end - at < 2 || u8(bytes, at) != 0xFF) {
                throw Refusal.corrupt("a JPEG frame ends, or has stray bytes, before the marker EOI");
            }
            int marker = u8(bytes, at + 1);
            if (marker == 0xFF) {
                at++;
                continue;
            }
            at += 2;
            if (marker == EOI) {
                return withFrameHeader(segments);
            }
            if (end - at < 2 || segments.size() == MAX_SEGMENTS) {
                throw Refusal.corrupt("a JPEG frame ends inside a segment or has more than " + MAX_SEGMENTS);
            }
            int length = Bytes.u16(bytes, at, ByteOrder.BIG_ENDIAN);
            if (length < 2 || length > end - at) {
                throw Refusal.corrupt("a JPEG segment is longer than the bytes that are left");
            }
            ByteBuffer payload = bytes.slice(at + 2, length - 2);
            at += length;
            int entropyEnd = marker == SOS ? endOfEntropy(bytes, at) : at;
            segments.add(new Segment(marker, payload, bytes.slice(at, entropyEnd - at)));
            at = entropyEnd;
        }
    }

    /** The place of the next marker that is no restart marker. */
    private static int endOfEntropy(ByteBuffer bytes, int at) {
        while (at + 1 < bytes.limit()) {
            if (u8(bytes, at) == 0xFF) {
                int next = u8(bytes, at + 1);
                if (next != 0 && next != 0xFF && (next < 0xD0 || next > 0xD7)) {
                    return at;
                }
            }
            at++;
        }
        return bytes.limit();
    }

    private static JpegStream withFrameHeader(List<Segment> segments) {
        Segment header = null;
        int scans = 0;
        for (Segment segment : segments) {
            if (segment.marker == SOS) {
                scans++;
            } else if (isFrameHeader(segment.marker)) {
                if (header != null) {
                    throw Refusal.compression("a JPEG frame of several frame headers (hierarchical) is not decoded");
                }
                header = segment;
            }
        }
        if (header == null || scans == 0) {
            throw Refusal.corrupt("a JPEG frame has no frame header or no scan");
        }
        ByteBuffer payload = header.payload;
        if (payload.limit() < 6 || payload.limit() != 6 + 3 * u8(payload, 5) || payload.limit() == 6) {
            throw Refusal.corrupt("a JPEG frame header has the wrong length");
        }
        List<Component> components = new ArrayList<>();
        for (int i = 6; i < payload.limit(); i += 3) {
            int sampling = u8(payload, i + 1);
            components.add(new Component(u8(payload, i), sampling >> 4, sampling & 15));
        }
        return new JpegStream(
                segments,
                header.marker,
                u8(payload, 0),
                Bytes.u16(payload, 1, ByteOrder.BIG_ENDIAN),
                Bytes.u16(payload, 3, ByteOrder.BIG_ENDIAN),
                components,
                scans);
    }

    private static boolean isFrameHeader(int marker) {
        return marker >= SOF0 && marker <= 0xCF && marker != DHT && marker != 0xC8 && marker != 0xCC;
    }

    /** Whether the stream has a JFIF header, which only YCbCr and grey streams may have. */
    boolean jfif() {
        Segment app0 = find(APP0, "JFIF\0");
        return app0 != null;
    }

    /** The colour transform of Adobe's APP14 segment: 0 none, 1 YCbCr, 2 YCCK; -1 where there is no such segment. */
    int adobeTransform() {
        Segment app14 = find(APP14, "Adobe");
        return app14 == null || app14.payload.limit() < 12 ? -1 : u8(app14.payload, 11);
    }

    private @Nullable Segment find(int marker, String prefix) {
        for (Segment segment : segments) {
            if (segment.marker == marker && startsWith(segment.payload, prefix)) {
                return segment;
            }
        }
        return null;
    }

    private static boolean startsWith(ByteBuffer payload, String prefix) {
        for (int i = 0; i < prefix.length(); i++) {
            if (i >= payload.limit() || payload.get(i) != prefix.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Whether a component has fewer samples than another. */
    boolean subsampled() {
        Component first = components.get(0);
        return components.stream().anyMatch(c -> c.horizontal != first.horizontal || c.vertical != first.vertical);
    }

    /** The stream without application and comment segments, so that a decoder sees nothing but the picture. */
    byte[] pictureOnly() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        writeMarker(out, SOI);
        for (Segment segment : segments) {
            if ((segment.marker >= APP0 && segment.marker <= APP15) || segment.marker == COM) {
                continue;
            }
            writeMarker(out, segment.marker);
            int length = segment.payload.limit() + 2;
            out.write(length >> 8);
            out.write(length);
            write(out, segment.payload);
            write(out, segment.entropy);
        }
        writeMarker(out, EOI);
        return out.toByteArray();
    }

    private static void writeMarker(ByteArrayOutputStream out, int marker) {
        out.write(0xFF);
        out.write(marker);
    }

    private static void write(ByteArrayOutputStream out, ByteBuffer bytes) {
        byte[] copy = new byte[bytes.limit()];
        bytes.get(0, copy);
        out.write(copy, 0, copy.length);
    }

    static int u8(ByteBuffer bytes, int at) {
        return bytes.get(at) & 0xFF;
    }
}
