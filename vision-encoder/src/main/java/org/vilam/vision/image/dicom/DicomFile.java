package org.vilam.vision.image.dicom;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;
import org.vilam.vision.image.DecodeLimits;

/**
 * A DICOM file (PS3.10 section 7) taken apart, with or without preamble and file meta information.
 *
 * @param syntax how the pixel data are coded
 * @param dataSet the kept elements up to and with the pixel data
 * @param sopClass UID of what kind of object the file is, null where it does not say
 * @param inflatedBytes length of the data set after inflation, 0 where it was not deflated
 */
record DicomFile(
        TransferSyntax syntax, DataSet dataSet, @Nullable String sopClass, int inflatedBytes) {
    private static final int PREAMBLE = 128;
    private static final byte[] MAGIC = "DICM".getBytes(StandardCharsets.US_ASCII);

    /** Whether these bytes begin as a DICOM file does: {@code DICM} after the preamble, or two elements in sequence. */
    static boolean looksLikeDicom(ByteBuffer bytes) {
        if (start(bytes) > 0) {
            return true;
        }
        // Without the magic the first element must be of the groups a bare data set begins with, and lead to a larger
        // tag.
        Encoding encoding = Encoding.sniff(bytes, 0);
        if (encoding == null) {
            return false;
        }
        int tag = Bytes.tag(bytes, 0, encoding.order);
        if (tag >>> 16 != 0x0002 && tag >>> 16 != 0x0008) {
            return false;
        }
        Vr vr = encoding.explicit ? Vr.at(bytes, 4) : null;
        long next = 8;
        if (vr == null) {
            next += Bytes.u32(bytes, 4, encoding.order);
        } else if (!vr.longForm) {
            next += Bytes.u16(bytes, 6, encoding.order);
        } else if (bytes.limit() >= 12) {
            next += 4 + Bytes.u32(bytes, 8, encoding.order);
        }
        if (next > bytes.limit() - 8L || Encoding.sniff(bytes, (int) next) == null) {
            return false;
        }
        int second = Bytes.tag(bytes, (int) next, encoding.order);
        return second > tag && second >>> 16 <= 0x0028;
    }

    /** Where the first element stands. */
    private static int start(ByteBuffer bytes) {
        if (hasMagic(bytes, PREAMBLE)) {
            return PREAMBLE + MAGIC.length;
        }
        return hasMagic(bytes, 0) ? MAGIC.length : 0;
    }

    private static boolean hasMagic(ByteBuffer bytes, int at) {
        return bytes.limit() >= at + MAGIC.length
                && bytes.slice(at, MAGIC.length).equals(ByteBuffer.wrap(MAGIC));
    }

    /**
     * Parses the file; nothing is decoded yet.
     *
     * @throws org.vilam.vision.error.VilamException {@code IMAGE_UNSUPPORTED} for a transfer syntax that is not read,
     *     {@code IMAGE_CORRUPT} for contradictory lengths, {@code IMAGE_TOO_LARGE} for a deflated data set that is larger
     *     than a file may be
     */
    static DicomFile open(ByteBuffer bytes, DecodeLimits limits) {
        DataSetParser parser = new DataSetParser(bytes, start(bytes));
        DataSet meta = parser.fileMeta();
        String uid = meta.text(Tag.TRANSFER_SYNTAX);
        TransferSyntax syntax = uid == null || uid.isEmpty() ? null : TransferSyntax.of(uid);
        if (syntax == null && uid != null && !uid.isEmpty()) {
            throw Refusal.transferSyntax(uid);
        }
        int inflatedBytes = 0;
        if (syntax == TransferSyntax.DEFLATED) {
            ByteBuffer inflated = inflate(bytes, parser.position(), limits);
            inflatedBytes = inflated.limit();
            parser = new DataSetParser(inflated, 0);
            bytes = inflated;
        }
        // What the bytes show counts more than what the header claims: files that say implicit and are explicit exist.
        Encoding seen = Encoding.sniff(bytes, parser.position());
        if (syntax == null) {
            if (seen == null) {
                throw Refusal.corrupt("the data set begins with no valid element");
            }
            syntax = TransferSyntax.of(seen);
        }
        Encoding encoding = seen != null && seen.explicit != syntax.encoding.explicit ? seen : syntax.encoding;
        DataSet dataSet = parser.dataSet(encoding);
        String sopClass = dataSet.text(Tag.SOP_CLASS);
        return new DicomFile(
                syntax, dataSet, sopClass == null ? meta.text(Tag.MEDIA_STORAGE_SOP_CLASS) : sopClass, inflatedBytes);
    }

    /** Inflates the data set (PS3.5 section A.5: RFC 1951 without a zlib header) up to what a file may be long. */
    private static ByteBuffer inflate(ByteBuffer bytes, int from, DecodeLimits limits) {
        // The growing buffer and its final copy are both in memory for a moment.
        long bound = Math.min(Math.min(limits.maxFileBytes(), limits.maxMemoryBytes() / 3), Integer.MAX_VALUE - 16);
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(bytes.slice(from, bytes.limit() - from));
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            byte[] chunk = new byte[1 << 16];
            while (!inflater.finished()) {
                int n = inflater.inflate(chunk);
                if (n == 0 && !inflater.finished()) {
                    throw Refusal.corrupt("the deflated data set ends before its last block");
                }
                out.write(chunk, 0, n);
                if (out.size() > bound) {
                    throw Refusal.tooLarge("the deflated data set unpacks to more than " + bound + " bytes");
                }
            }
            return ByteBuffer.wrap(out.toByteArray());
        } catch (DataFormatException e) {
            throw Refusal.corrupt("the deflated data set is damaged", e);
        } finally {
            inflater.end();
        }
    }
}
