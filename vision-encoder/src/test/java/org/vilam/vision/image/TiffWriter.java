package org.vilam.vision.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes TIFF and BigTIFF files for tests: strips or tiles as given, then one directory a page. */
final class TiffWriter {
    static final int SHORT = 3;
    static final int LONG = 4;
    static final int UNDEFINED = 7;

    @SuppressWarnings("ArrayRecordComponent") // written, never compared
    private record Field(int type, long[] values) {}

    private final ByteOrder order;
    private final boolean big;
    private final Map<Integer, Field> fields = new TreeMap<>();
    private final List<byte[]> blocks = new ArrayList<>();
    private boolean tiled;
    private int pages = 1;

    TiffWriter(ByteOrder order, boolean big) {
        this.order = order;
        this.big = big;
    }

    /** Little-endian TIFF of this size, uncompressed. */
    static TiffWriter of(int width, int height) {
        return new TiffWriter(ByteOrder.LITTLE_ENDIAN, false).size(width, height);
    }

    TiffWriter size(int width, int height) {
        return tag(256, LONG, width).tag(257, LONG, height).tag(278, LONG, height);
    }

    /** {@code bits} and {@code format} (1 unsigned, 2 signed, 3 float) of each of {@code samples} samples a pixel. */
    TiffWriter samples(int photometric, int samples, int bits, int format) {
        long[] each = new long[samples];
        java.util.Arrays.fill(each, bits);
        long[] formats = new long[samples];
        java.util.Arrays.fill(formats, format);
        return tag(262, SHORT, photometric)
                .tag(277, SHORT, samples)
                .tag(258, SHORT, each)
                .tag(339, SHORT, formats);
    }

    TiffWriter tag(int tag, int type, long... values) {
        fields.put(tag, new Field(type, values));
        return this;
    }

    TiffWriter bytes(int tag, byte[] bytes) {
        long[] values = new long[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            values[i] = bytes[i] & 0xFF;
        }
        return tag(tag, UNDEFINED, values);
    }

    TiffWriter pages(int count) {
        pages = count;
        return this;
    }

    TiffWriter tiles(int width, int height, byte[]... tiles) {
        tiled = true;
        blocks.addAll(List.of(tiles));
        return tag(322, LONG, width).tag(323, LONG, height);
    }

    TiffWriter strips(int rows, byte[]... strips) {
        blocks.addAll(List.of(strips));
        return tag(278, LONG, rows);
    }

    byte[] write(byte[] strip) {
        blocks.add(strip);
        return write();
    }

    byte[] write() {
        int headerBytes = big ? 16 : 8;
        Bytes data = new Bytes();
        long[] offsets = new long[blocks.size()];
        long[] counts = new long[blocks.size()];
        for (int i = 0; i < offsets.length; i++) {
            offsets[i] = (long) headerBytes + data.size();
            counts[i] = blocks.get(i).length;
            data.raw(blocks.get(i));
        }
        if (fields.get(tiled ? 324 : 273) == null) {
            tag(tiled ? 324 : 273, LONG, offsets).tag(tiled ? 325 : 279, LONG, counts);
        }
        Map<Integer, byte[]> values = new TreeMap<>();
        fields.forEach((tag, field) -> values.put(tag, encode(field)));
        int inline = big ? 8 : 4;
        Map<Integer, Long> places = new TreeMap<>();
        values.forEach((tag, value) -> {
            if (value.length > inline) {
                places.put(tag, (long) headerBytes + data.size());
                data.raw(value);
            }
        });
        long first = (long) headerBytes + data.size();
        for (int page = 0; page < pages; page++) {
            int bytes = (big ? 16 : 6) + fields.size() * (big ? 20 : 12);
            long next = page == pages - 1 ? 0 : first + (long) (page + 1) * bytes;
            data.raw(directory(values, places, next));
        }
        return new Bytes().raw(header(first)).raw(data.done()).done();
    }

    private byte[] header(long first) {
        ByteBuffer header = ByteBuffer.allocate(big ? 16 : 8).order(order);
        byte mark = (byte) (order == ByteOrder.LITTLE_ENDIAN ? 'I' : 'M');
        header.put(mark).put(mark).putShort((short) (big ? 43 : 42));
        if (big) {
            header.putShort((short) 8).putShort((short) 0).putLong(first);
        } else {
            header.putInt((int) first);
        }
        return header.array();
    }

    private byte[] directory(Map<Integer, byte[]> values, Map<Integer, Long> places, long next) {
        ByteBuffer out = ByteBuffer.allocate((big ? 16 : 6) + values.size() * (big ? 20 : 12))
                .order(order);
        if (big) {
            out.putLong(values.size());
        } else {
            out.putShort((short) values.size());
        }
        values.forEach((tag, value) -> {
            Field field = java.util.Objects.requireNonNull(fields.get(tag));
            out.putShort((short) (int) tag).putShort((short) field.type());
            number(out, field.values().length);
            Long place = places.get(tag);
            if (place == null) {
                out.put(value).position(out.position() + (big ? 8 : 4) - value.length);
            } else {
                number(out, place);
            }
        });
        number(out, next);
        return out.array();
    }

    private void number(ByteBuffer out, long value) {
        if (big) {
            out.putLong(value);
        } else {
            out.putInt((int) value);
        }
    }

    private byte[] encode(Field field) {
        int bytes = field.type() == LONG ? 4 : field.type() == SHORT ? 2 : 1;
        ByteBuffer out = ByteBuffer.allocate(field.values().length * bytes).order(order);
        for (long value : field.values()) {
            switch (bytes) {
                case 4 -> out.putInt((int) value);
                case 2 -> out.putShort((short) value);
                default -> out.put((byte) value);
            }
        }
        return out.array();
    }
}
