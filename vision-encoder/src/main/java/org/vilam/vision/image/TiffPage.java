package org.vilam.vision.image;

import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.vilam.vision.image.Samples.Alpha;
import org.vilam.vision.image.Samples.Colour;
import org.vilam.vision.image.Samples.Numeric;

/** What the first page of a TIFF file declares, checked. */
final class TiffPage {
    static final int WHITE_IS_ZERO = 0;
    static final int PALETTE = 3;
    static final int YCBCR = 6;
    static final int JPEG = 7;
    private static final int OLD_JPEG = 6;
    static final int MOST_TILES = 1 << 20;

    final TiffDirectory directory;
    final int width;
    final int height;
    final int compression;
    final int photometric;
    final int samplesPerPixel;
    final int bits;
    final Numeric numeric;
    final Alpha alpha;
    final @Nullable Colour colour;
    final int tileWidth;
    final int tileHeight;
    final boolean planar;

    TiffPage(TiffDirectory directory) throws IOException {
        this.directory = directory;
        width = size(256);
        height = size(257);
        compression = (int) directory.value(259, 1);
        refuseByCompression(compression);
        samplesPerPixel = (int) directory.value(277, unsaidSamples());
        if (samplesPerPixel < 1 || samplesPerPixel > 512) {
            throw DecodeErrors.corrupt("TIFF", "it declares " + samplesPerPixel + " samples a pixel");
        }
        bits = (int) uniform(258, jpegCoded() ? 8 : 1, "bits a sample");
        long format = uniform(339, 1, "sample formats");
        if (format < 1 || format > 4) {
            throw DecodeErrors.unsupported("TIFF of complex numbers");
        }
        numeric = format == 2 ? Numeric.SIGNED : format == 3 ? Numeric.FLOAT : Numeric.UNSIGNED;
        photometric = photometric();
        colour = colour();
        alpha = alpha();
        checkCombination();
        planar = directory.value(284, 1) == 2;
        tileWidth = directory.find(322) == null ? width : side(322);
        tileHeight = directory.find(323) == null ? Math.min(height, rowsPerStrip()) : side(323);
    }

    /** Samples a pixel of a file that does not say: as many as it has depths, else as its colours need. */
    private int unsaidSamples() throws IOException {
        if (directory.count(258) > 1) {
            return (int) Math.min(4, directory.count(258));
        }
        long colours = directory.value(262, 1);
        return colours == 2 || colours == YCBCR || colours == 8 || colours == 9 ? 3 : colours == 5 ? 4 : 1;
    }

    private int size(int tag) throws IOException {
        return (int) Math.min(Integer.MAX_VALUE, directory.values(tag, 1)[0]);
    }

    private int side(int tag) throws IOException {
        long side = directory.value(tag, 0);
        if (side < 1 || side > 1 << 20) {
            throw DecodeErrors.corrupt("TIFF", "it declares tiles of " + side + " pixels");
        }
        return (int) side;
    }

    private int rowsPerStrip() throws IOException {
        long rows = directory.value(278, Integer.MAX_VALUE);
        return rows < 1 || rows > Integer.MAX_VALUE ? Integer.MAX_VALUE : (int) rows;
    }

    /** The one value that all samples share. */
    private long uniform(int tag, long otherwise, String what) throws IOException {
        TiffDirectory.Entry entry = directory.find(tag);
        if (entry == null) {
            return otherwise;
        }
        long[] values = directory.values(tag, (int) Math.max(1, Math.min(samplesPerPixel, entry.count())));
        for (long value : values) {
            if (value != values[0]) {
                throw DecodeErrors.unsupported("TIFF with channels of different " + what);
            }
        }
        return values[0];
    }

    private static void refuseByCompression(int compression) {
        String name = switch (compression) {
            case 1, 2, 3, 4, 5, OLD_JPEG, JPEG, 8, 32773, 32946, 50013 -> null;
            case 34661 -> "JBIG";
            case 34712, 33003, 33005 -> "JPEG 2000";
            case 34676, 34677 -> "SGI LogLuv";
            case 34887 -> "LERC";
            case 34925 -> "LZMA";
            case 50000 -> "Zstandard";
            case 50001 -> "WebP";
            case 50002 -> "JPEG XL";
            default -> "kind " + compression;
        };
        if (name != null) {
            throw DecodeErrors.unsupported(
                    "TIFF with compression of " + name,
                    "Save it again uncompressed or with LZW, Deflate, PackBits, CCITT or JPEG compression.");
        }
    }

    /** The photometric interpretation, guessed as libtiff-based programs do when it is missing. */
    private int photometric() throws IOException {
        if (directory.find(50706) != null) {
            throw DecodeErrors.unsupported(
                    "camera raw (DNG)", "Develop the photo in an image program and export it as JPEG or TIFF.");
        }
        if (directory.find(262) != null) {
            return (int) directory.value(262, 1);
        }
        long colours = samplesPerPixel - directory.count(338);
        if (compression >= 2 && compression <= 4) {
            return WHITE_IS_ZERO;
        }
        if (directory.find(320) != null) {
            return PALETTE;
        }
        return colours == 3 ? (compression == JPEG || compression == OLD_JPEG ? YCBCR : 2) : colours == 4 ? 5 : 1;
    }

    /** What the samples are; null for palette indices. */
    private @Nullable Colour colour() throws IOException {
        return switch (photometric) {
            case WHITE_IS_ZERO, 1, 4 -> Colour.GREY;
            case 2, YCBCR -> Colour.RGB;
            case PALETTE -> null;
            case 5 -> {
                if (directory.value(332, 1) != 1) {
                    throw DecodeErrors.unsupported("TIFF of inks other than CMYK");
                }
                yield Colour.CMYK;
            }
            case 8 -> Colour.CIELAB;
            case 9 -> Colour.ICCLAB;
            case 10 -> throw DecodeErrors.unsupported("TIFF of ITU L*a*b* colour");
            case 32803, 34892 -> throw DecodeErrors.unsupported("camera raw in TIFF");
            case 32844, 32845 -> throw DecodeErrors.unsupported("TIFF of SGI LogLuv colour");
            default -> throw DecodeErrors.corrupt("TIFF", "its photometric interpretation is " + photometric);
        };
    }

    /** The first extra sample if it is alpha; a fourth sample of RGB that nothing is said about is taken for one. */
    private Alpha alpha() throws IOException {
        int colours = colours();
        if (samplesPerPixel <= colours) {
            return Alpha.NONE;
        }
        if (directory.count(338) == 0) {
            return colour == Colour.RGB && samplesPerPixel == 4 ? Alpha.STRAIGHT : Alpha.NONE;
        }
        long kind = directory.value(338, 0);
        return kind == 1 ? Alpha.PREMULTIPLIED : kind == 2 ? Alpha.STRAIGHT : Alpha.NONE;
    }

    private int colours() {
        return colour == null ? 1 : colour.bands;
    }

    /** Refuses what the library would choke on, by name. */
    private void checkCombination() throws IOException {
        if (samplesPerPixel < colours()) {
            throw DecodeErrors.corrupt(
                    "TIFF", "it has " + samplesPerPixel + " samples a pixel, too few for its colours");
        }
        boolean fits = switch (numeric) {
            case UNSIGNED -> unsignedFits();
            case SIGNED ->
                (bits == 8 || bits == 16 || bits == 32)
                        && (colour == Colour.GREY || (colour == Colour.CIELAB && bits < 32));
            case FLOAT -> (bits == 16 || bits == 32 || bits == 64) && (colour == Colour.GREY || photometric == 2);
        };
        boolean jpegFits = !jpegCoded() || samplesPerPixel == (colour == null ? 0 : colour.bands);
        if (!jpegFits || (jpegCoded() && samplesPerPixel > 1 && directory.value(284, 1) == 2)) {
            throw DecodeErrors.unsupported("TIFF with JPEG compression of alpha, a palette or single planes");
        }
        if (!fits || (bits < 8 && samplesPerPixel > 1)) {
            throw DecodeErrors.unsupported("TIFF of " + samplesPerPixel + " x " + bits + " bits, " + numeric + ", with "
                    + (colour == null ? "a palette" : colour + " colour"));
        }
    }

    private boolean unsignedFits() {
        boolean whole = bits == 8 || bits == 16;
        if (colour == null) {
            return whole || bits == 1 || bits == 2 || bits == 4;
        }
        return switch (colour) {
            case GREY ->
                whole
                        || bits == 1
                        || bits == 2
                        || bits == 4
                        || bits == 10
                        || bits == 12
                        || bits == 14
                        || bits == 24
                        || bits == 32;
            // The library packs RGB of 2 and 4 bits in the wrong byte order.
            case RGB -> whole || (photometric == 2 && (bits == 10 || bits == 12 || bits == 14 || bits == 32));
            case CMYK, CIELAB, ICCLAB -> whole;
        };
    }

    boolean jpegCoded() {
        return compression == JPEG || compression == OLD_JPEG;
    }

    /** Strips or tiles of one plane, or of all planes of a planar file. */
    long tiles() {
        long across = (width + tileWidth - 1L) / tileWidth;
        long down = (height + tileHeight - 1L) / tileHeight;
        return across * down * (planar ? samplesPerPixel : 1);
    }

    /** Where strips or tiles begin; empty for old-style JPEG that says it elsewhere. */
    long[] tileOffsets() throws IOException {
        int tag = directory.find(324) != null ? 324 : 273;
        if (tiles() > MOST_TILES || directory.count(tag) > MOST_TILES) {
            throw DecodeErrors.tooLarge(
                    "the TIFF image is cut into more than " + MOST_TILES + " tiles",
                    "Save it again with larger tiles.");
        }
        if (directory.find(tag) == null && compression == OLD_JPEG) {
            return new long[0];
        }
        return directory.values(tag, (int) tiles());
    }

    /** How long they are, or empty when the file does not say. */
    long[] tileLengths() throws IOException {
        int tag = directory.find(324) != null ? 325 : 279;
        return directory.count(tag) < tiles() ? new long[0] : directory.values(tag, (int) tiles());
    }

    /** Heap the decode takes beside the result: the page's samples, twice when they are copied, and one tile. */
    long memoryBytes() {
        int sampleBytes = bits <= 8 ? 1 : bits <= 16 && numeric != Numeric.FLOAT ? 2 : bits == 64 ? 8 : 4;
        int copies = numeric == Numeric.FLOAT ? 2 : 1;
        long page = (long) width * height * samplesPerPixel * sampleBytes * copies;
        long tile = (long) tileWidth * (jpegCoded() ? tileHeight : 1) * samplesPerPixel * sampleBytes * 4;
        return page + tile;
    }

    /** The colours of a palette page, three bytes an index; values of 8 bits are taken for what they are. */
    byte[] palette() throws IOException {
        int size = 1 << bits;
        int stored = (int) Math.min(size, directory.count(320) / 3);
        if (stored == 0) {
            throw DecodeErrors.corrupt("TIFF", "its palette is missing");
        }
        long[] map = directory.values(320, stored * 3);
        boolean shallow = Arrays.stream(map).allMatch(value -> value < 256);
        byte[] colours = new byte[size * 3];
        for (int i = 0; i < stored * 3; i++) {
            colours[i % stored * 3 + i / stored] = (byte) (shallow ? map[i] : map[i] >> 8);
        }
        return colours;
    }
}
