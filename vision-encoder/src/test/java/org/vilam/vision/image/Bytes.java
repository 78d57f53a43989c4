package org.vilam.vision.image;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes binary files in tests. */
final class Bytes {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Bytes raw(int... bytes) {
        for (int b : bytes) {
            out.write(b);
        }
        return this;
    }

    Bytes raw(byte[] bytes) {
        out.writeBytes(bytes);
        return this;
    }

    Bytes text(String text) {
        return raw(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    Bytes zeros(int count) {
        return raw(new byte[count]);
    }

    Bytes le16(int... values) {
        for (int v : values) {
            raw(v, v >> 8);
        }
        return this;
    }

    Bytes le32(int... values) {
        for (int v : values) {
            raw(v, v >> 8, v >> 16, v >> 24);
        }
        return this;
    }

    Bytes be16(int... values) {
        for (int v : values) {
            raw(v >> 8, v);
        }
        return this;
    }

    Bytes be32(int... values) {
        for (int v : values) {
            raw(v >> 24, v >> 16, v >> 8, v);
        }
        return this;
    }

    int size() {
        return out.size();
    }

    byte[] done() {
        return out.toByteArray();
    }
}
