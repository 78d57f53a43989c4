package org.vilam.vision.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.vilam.vision.error.VilamException;

/** The bytes of a pickle; every length is checked against what is left before memory is taken for it. */
final class PickleInput {
    private static final int MAX_LINE = 4096;

    private final Path file;
    private final ByteBuffer bytes;

    PickleInput(Path file, ByteBuffer bytes) {
        this.file = file;
        this.bytes = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Bytes consumed so far. */
    int position() {
        return bytes.position();
    }

    int u1() {
        return need(1).get() & 0xFF;
    }

    int u2() {
        return need(2).getShort() & 0xFFFF;
    }

    int i4() {
        return need(4).getInt();
    }

    long u4() {
        return i4() & 0xFFFFFFFFL;
    }

    long i8() {
        return need(8).getLong();
    }

    double bigEndianDouble() {
        return Double.longBitsToDouble(Long.reverseBytes(i8()));
    }

    byte[] bytes(long length) {
        byte[] out = new byte[(int) checked(length)];
        bytes.get(out);
        return out;
    }

    String utf8(long length) {
        byte[] raw = bytes(length);
        String text = decode(raw);
        if (text == null) {
            throw corrupt("a text that is not UTF-8");
        }
        return text;
    }

    /** The text of UTF-8 bytes, or null where they are none. */
    static @Nullable String decode(byte[] utf8) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(utf8))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    /** The ASCII text up to a line feed, which is consumed. */
    String line() {
        StringBuilder line = new StringBuilder();
        for (int c = u1(); c != '\n'; c = u1()) {
            if (line.length() == MAX_LINE) {
                throw corrupt("a line of over " + MAX_LINE + " characters");
            }
            line.append((char) c);
        }
        return line.toString();
    }

    private long checked(long length) {
        if (length < 0 || length > bytes.remaining()) {
            throw corrupt(
                    "a length of " + Long.toUnsignedString(length) + " where " + bytes.remaining() + " bytes are left");
        }
        return length;
    }

    private ByteBuffer need(int count) {
        if (bytes.remaining() < count) {
            throw corrupt("it ends in the middle");
        }
        return bytes;
    }

    Path file() {
        return file;
    }

    VilamException corrupt(String detail) {
        return Refusals.corrupt(file, "pickle, byte " + bytes.position() + ": " + detail);
    }
}
