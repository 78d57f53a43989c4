package org.vilam.vision.image.dicom;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** The three ways elements of a data set are written (PS3.5 section 7.1 and annex A). */
enum Encoding {
    IMPLICIT_LITTLE(false, ByteOrder.LITTLE_ENDIAN),
    EXPLICIT_LITTLE(true, ByteOrder.LITTLE_ENDIAN),
    EXPLICIT_BIG(true, ByteOrder.BIG_ENDIAN);

    final boolean explicit;
    final ByteOrder order;

    Encoding(boolean explicit, ByteOrder order) {
        this.explicit = explicit;
        this.order = order;
    }

    /**
     * How the element at {@code at} appears to be written, or null where fewer than 8 bytes are left or its length does not
     * fit. The first element of a data set decides for the whole: its group number is small, so the order of its two bytes
     * shows the byte order.
     */
    static @Nullable Encoding sniff(ByteBuffer bytes, int at) {
        long left = (long) bytes.limit() - at;
        if (left < 8) {
            return null;
        }
        boolean big = (bytes.get(at) & 0xFF) < (bytes.get(at + 1) & 0xFF);
        Vr vr = Vr.at(bytes, at + 4);
        if (vr != null) {
            Encoding encoding = big ? EXPLICIT_BIG : EXPLICIT_LITTLE;
            return vr.longForm || Bytes.u16(bytes, at + 6, encoding.order) <= left - 8 ? encoding : null;
        }
        long length = Bytes.u32(bytes, at + 4, ByteOrder.LITTLE_ENDIAN);
        return !big && (length <= left - 8 || length == Bytes.UNDEFINED) ? IMPLICIT_LITTLE : null;
    }
}
