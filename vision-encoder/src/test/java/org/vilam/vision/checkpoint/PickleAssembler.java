package org.vilam.vision.checkpoint;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes pickles opcode by opcode. */
final class PickleAssembler {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** Characters up to 0xFF stand for bytes. */
    PickleAssembler raw(String latin1) {
        out.writeBytes(latin1.getBytes(StandardCharsets.ISO_8859_1));
        return this;
    }

    PickleAssembler u1(int value) {
        out.write(value);
        return this;
    }

    PickleAssembler i4(int value) {
        for (int shift = 0; shift < 32; shift += 8) {
            out.write(value >>> shift);
        }
        return this;
    }

    PickleAssembler i8(long value) {
        return i4((int) value).i4((int) (value >>> 32));
    }

    PickleAssembler text(String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        raw("X").i4(utf8.length);
        out.writeBytes(utf8);
        return this;
    }

    PickleAssembler whole(long value) {
        return raw("\u008a\b").i8(value);
    }

    PickleAssembler global(String module, String name) {
        return raw("c" + module + "\n" + name + "\n");
    }

    /** A tuple of integers. */
    PickleAssembler wholes(long... values) {
        raw("(");
        for (long value : values) {
            whole(value);
        }
        return raw("t");
    }

    /** A torch storage, by persistent identifier. */
    PickleAssembler storage(String type, String key, long elements) {
        return raw("(").text("storage")
                .global("torch", type)
                .text(key)
                .text("cpu")
                .whole(elements)
                .raw("tQ");
    }

    /** A torch tensor of one storage. */
    PickleAssembler tensor(String type, String key, long elements, long offset, long[] shape, long[] strides) {
        return global("torch._utils", "_rebuild_tensor_v2")
                .raw("(")
                .storage(type, key, elements)
                .whole(offset)
                .wholes(shape)
                .wholes(strides)
                .raw("\u0089")
                .global("collections", "OrderedDict")
                .raw(")RtR");
    }

    byte[] stop() {
        return raw(".").bytes();
    }

    byte[] bytes() {
        return out.toByteArray();
    }
}
