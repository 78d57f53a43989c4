package org.vilam.vision.image;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Set;
import java.util.TreeSet;
import org.vilam.vision.image.Samples.Colour;

/**
 * Writes a TIFF file's header and first directory anew, of the fields that say how pixels are coded and nothing else.
 *
 * <p>Grey and palette indices are declared as black-is-zero and L*a*b* as RGB, so that the library hands out the samples as
 * they are stored.
 */
final class TiffRewriter {
    private static final int BITS_PER_SAMPLE = 258;
    private static final int PHOTOMETRIC = 262;
    private static final int SAMPLES_PER_PIXEL = 277;
    private static final Set<Integer> CODING = Set.of(
            256, 257, 258, 259, 266, 273, 277, 278, 279, 284, 292, 293, 317, 320, 322, 323, 324, 325, 338, 339, 347,
            512, 513, 514, 515, 517, 518, 519, 520, 521, 529, 530, 531, 532);

    private final TiffPage page;
    private final TiffDirectory directory;

    TiffRewriter(TiffPage page) {
        this.page = page;
        this.directory = page.directory;
    }

    /** A header that points to a directory behind the file. */
    byte[] header(int fileLength) {
        boolean big = directory.isBig();
        ByteBuffer header = ByteBuffer.allocate(big ? 16 : 8).order(directory.order());
        byte order = (byte) (directory.order() == ByteOrder.LITTLE_ENDIAN ? 'I' : 'M');
        header.put(order).put(order).putShort((short) (big ? 43 : 42));
        if (big) {
            header.putShort((short) 8).putShort((short) 0).putLong(fileLength);
        } else {
            header.putInt(fileLength);
        }
        return header.array();
    }

    /** The directory; values that lie elsewhere stay where they are in the file. */
    byte[] directory() {
        TreeSet<Integer> tags = new TreeSet<>(CODING);
        tags.removeIf(tag -> directory.count(tag) < 1 || directory.count(tag) > TiffPage.MOST_TILES);
        for (int lengths : new int[] {279, 325}) {
            if (directory.count(lengths) < page.tiles()) {
                tags.remove(lengths);
            }
        }
        tags.addAll(Set.of(PHOTOMETRIC, SAMPLES_PER_PIXEL, BITS_PER_SAMPLE));
        boolean big = directory.isBig();
        ByteBuffer count = ByteBuffer.allocate(big ? 8 : 2).order(directory.order());
        if (big) {
            count.putLong(tags.size());
        } else {
            count.putShort((short) tags.size());
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(count.array());
        for (int tag : tags) {
            TiffDirectory.Entry entry = directory.find(tag);
            if (tag == PHOTOMETRIC) {
                out.writeBytes(field(tag, photometric()));
            } else if (entry == null) { // left out by the writer, and not to be guessed a second time
                out.writeBytes(field(tag, tag == BITS_PER_SAMPLE ? page.bits : page.samplesPerPixel));
            } else {
                out.writeBytes(directory.raw(entry));
            }
        }
        out.writeBytes(new byte[8]); // no further directory
        return out.toByteArray();
    }

    private int photometric() {
        Colour colour = page.colour;
        boolean lab = colour == Colour.CIELAB || colour == Colour.ICCLAB;
        return colour == null || colour == Colour.GREY ? 1 : lab ? 2 : page.photometric;
    }

    private byte[] field(int tag, int value) {
        ByteBuffer field = ByteBuffer.allocate(directory.isBig() ? 20 : 12).order(directory.order());
        field.putShort((short) tag).putShort((short) 3);
        if (directory.isBig()) {
            field.putLong(1);
        } else {
            field.putInt(1);
        }
        field.putShort((short) value);
        return field.array();
    }
}
