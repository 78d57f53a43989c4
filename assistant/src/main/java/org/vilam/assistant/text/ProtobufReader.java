package org.vilam.assistant.text;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.vilam.vision.error.VilamException;

/**
 * The fields of one protobuf message, one after the other.
 *
 * @see <a href="https://protobuf.dev/programming-guides/encoding/">the encoding</a>
 */
final class ProtobufReader {
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED32 = 5;

    private final ByteBuffer in;
    private final String name;
    private int field;
    private int wire;

    /**
     * @param message from its position to its limit; left as it is
     * @param name what to call the file in error messages
     */
    ProtobufReader(ByteBuffer message, String name) {
        this.in = message.slice().order(ByteOrder.LITTLE_ENDIAN);
        this.name = name;
    }

    /** Goes to the next field; false at the end. What was not read of the one before must have been skipped. */
    boolean next() {
        if (!in.hasRemaining()) {
            return false;
        }
        long tag = varint();
        if (tag <= 7 || tag >>> 32 != 0) {
            throw damaged("a field numbered " + (tag >>> 3));
        }
        field = (int) (tag >>> 3);
        wire = (int) tag & 7;
        return true;
    }

    /** The number of the field. */
    int field() {
        return field;
    }

    /** The field as an integer, bool or enum. */
    long integer() {
        require(VARINT);
        return varint();
    }

    /** The field as an integer of 32 bits. */
    int int32() {
        return (int) integer();
    }

    /** The field as a float. */
    float float32() {
        require(FIXED32);
        try {
            return in.getFloat();
        } catch (BufferUnderflowException e) {
            throw cutOff();
        }
    }

    /** The field as bytes: a text, a message, or just bytes. */
    ByteBuffer bytes() {
        require(BYTES);
        long length = varint();
        if (length < 0 || length > in.remaining()) {
            throw cutOff();
        }
        ByteBuffer bytes = in.slice(in.position(), (int) length);
        in.position(in.position() + (int) length);
        return bytes;
    }

    /** The field as text. */
    String text() {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes()).toString();
        } catch (CharacterCodingException e) {
            throw damaged("field " + field + " is no UTF-8");
        }
    }

    /** The field as a message. */
    ProtobufReader message() {
        return new ProtobufReader(bytes(), name);
    }

    /** Leaves the field out. */
    void skip() {
        switch (wire) {
            case VARINT -> varint();
            case FIXED64 -> advance(Long.BYTES);
            case FIXED32 -> advance(Integer.BYTES);
            case BYTES -> bytes();
            default -> throw damaged("field " + field + " of an unknown kind " + wire);
        }
    }

    private void advance(int count) {
        if (in.remaining() < count) {
            throw cutOff();
        }
        in.position(in.position() + count);
    }

    private long varint() {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            if (!in.hasRemaining()) {
                throw cutOff();
            }
            byte b = in.get();
            value |= (long) (b & 0x7F) << shift;
            if (b >= 0) {
                return value;
            }
        }
        throw damaged("a number of more than 64 bits");
    }

    private void require(int expected) {
        if (wire != expected) {
            throw damaged("field " + field + " is of kind " + wire + ", not " + expected);
        }
    }

    private VilamException cutOff() {
        return damaged("it is cut off");
    }

    VilamException damaged(String detail) {
        return TokenTable.damaged(name, detail, null);
    }
}
