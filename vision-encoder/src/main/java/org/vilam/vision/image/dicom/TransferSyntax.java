package org.vilam.vision.image.dicom;

import org.jspecify.annotations.Nullable;

/** The transfer syntaxes whose pixel data are read (PS3.5 annex A); all others are refused by name. */
enum TransferSyntax {
    IMPLICIT_LITTLE("1.2.840.10008.1.2", Encoding.IMPLICIT_LITTLE, PixelCoding.NATIVE),
    EXPLICIT_LITTLE("1.2.840.10008.1.2.1", Encoding.EXPLICIT_LITTLE, PixelCoding.NATIVE),
    ENCAPSULATED_UNCOMPRESSED("1.2.840.10008.1.2.1.98", Encoding.EXPLICIT_LITTLE, PixelCoding.ENCAPSULATED),
    DEFLATED("1.2.840.10008.1.2.1.99", Encoding.EXPLICIT_LITTLE, PixelCoding.NATIVE),
    EXPLICIT_BIG("1.2.840.10008.1.2.2", Encoding.EXPLICIT_BIG, PixelCoding.NATIVE),
    JPEG_BASELINE("1.2.840.10008.1.2.4.50", Encoding.EXPLICIT_LITTLE, PixelCoding.JPEG),
    JPEG_EXTENDED("1.2.840.10008.1.2.4.51", Encoding.EXPLICIT_LITTLE, PixelCoding.JPEG),
    JPEG_LOSSLESS("1.2.840.10008.1.2.4.57", Encoding.EXPLICIT_LITTLE, PixelCoding.JPEG),
    JPEG_LOSSLESS_SV1("1.2.840.10008.1.2.4.70", Encoding.EXPLICIT_LITTLE, PixelCoding.JPEG),
    RLE("1.2.840.10008.1.2.5", Encoding.EXPLICIT_LITTLE, PixelCoding.RLE);

    /** How the pixel data of a frame are coded. */
    enum PixelCoding {
        /** One run of samples. */
        NATIVE,
        /** Samples in fragments. */
        ENCAPSULATED,
        RLE,
        /** ISO 10918-1 streams; which process is said by the stream itself. */
        JPEG
    }

    final String uid;
    final Encoding encoding;
    final PixelCoding coding;

    TransferSyntax(String uid, Encoding encoding, PixelCoding coding) {
        this.uid = uid;
        this.encoding = encoding;
        this.coding = coding;
    }

    /** The syntax of this UID, or null where it is none of those read. */
    static @Nullable TransferSyntax of(String uid) {
        for (TransferSyntax syntax : values()) {
            if (syntax.uid.equals(uid)) {
                return syntax;
            }
        }
        return null;
    }

    /** The syntax that a data set of this encoding has when the file does not say. */
    static TransferSyntax of(Encoding encoding) {
        return switch (encoding) {
            case IMPLICIT_LITTLE -> IMPLICIT_LITTLE;
            case EXPLICIT_LITTLE -> EXPLICIT_LITTLE;
            case EXPLICIT_BIG -> EXPLICIT_BIG;
        };
    }
}
