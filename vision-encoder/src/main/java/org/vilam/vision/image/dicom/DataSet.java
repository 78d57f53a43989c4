package org.vilam.vision.image.dicom;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The kept elements of a data set or of an item of a sequence. */
final class DataSet {
    /** Longer values of a text representation are taken as malformed; the longest legal ones here are multi-valued DS. */
    private static final int MAX_TEXT = 1 << 16;

    /** Nothing measured is greater; whatever is would make later sums infinite. */
    private static final double MAX_NUMBER = 1e100;

    private static final Pattern DECIMAL = Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d{1,4})?");

    private final Map<Tag, DataElement> elements = new EnumMap<>(Tag.class);

    /** Keeps an element; of two with one tag, which PS3.5 section 7.1 forbids, the first counts. */
    void put(DataElement element) {
        elements.putIfAbsent(element.tag(), element);
    }

    @Nullable
    DataElement get(Tag tag) {
        return elements.get(tag);
    }

    boolean hasPixelData() {
        return pixelData() != null;
    }

    /** The element that holds the samples, or null. */
    @Nullable
    DataElement pixelData() {
        for (Tag tag : List.of(Tag.PIXEL_DATA, Tag.FLOAT_PIXEL_DATA, Tag.DOUBLE_PIXEL_DATA)) {
            DataElement element = elements.get(tag);
            if (element != null) {
                return element;
            }
        }
        return null;
    }

    /** Whether the element is there with a value that is not all padding. */
    boolean has(Tag tag) {
        DataElement element = elements.get(tag);
        if (element == null || !element.value().hasRemaining()) {
            return false;
        }
        return !isText(element.vr()) || !String.valueOf(text(tag)).isEmpty();
    }

    /** The items of a sequence; none where it is absent. */
    List<DataSet> items(Tag tag) {
        DataElement element = elements.get(tag);
        return element == null ? List.of() : element.items();
    }

    /** A text value without padding, null where the element is absent or too long. */
    @Nullable
    String text(Tag tag) {
        DataElement element = elements.get(tag);
        if (element == null || element.value().remaining() > MAX_TEXT) {
            return null;
        }
        ByteBuffer value = element.value();
        byte[] text = new byte[value.remaining()];
        value.get(0, text);
        // Padding is a space or, in UIDs and by mistake elsewhere, a NUL (PS3.5 section 6.2).
        return new String(text, StandardCharsets.ISO_8859_1).replace('\0', ' ').strip();
    }

    /**
     * The numbers of an element, whatever numeric representation it was written in.
     *
     * @return null where the element is absent, empty or malformed
     */
    double @Nullable [] numbers(Tag tag) {
        DataElement element = elements.get(tag);
        if (element == null || !element.value().hasRemaining()) {
            return null;
        }
        double[] numbers = isText(element.vr()) ? decimals(tag) : binaries(element);
        if (numbers != null) {
            for (double number : numbers) {
                if (!(Math.abs(number) <= MAX_NUMBER)) {
                    return null;
                }
            }
        }
        return numbers;
    }

    private double @Nullable [] decimals(Tag tag) {
        String text = text(tag);
        if (text == null || text.isEmpty()) {
            return null;
        }
        String[] parts = text.split("\\\\", -1);
        double[] numbers = new double[parts.length];
        for (int i = 0; i < parts.length; i++) {
            String part = parts[i].strip();
            if (!DECIMAL.matcher(part).matches()) {
                return null;
            }
            numbers[i] = Double.parseDouble(part);
        }
        return numbers;
    }

    private static double @Nullable [] binaries(DataElement element) {
        ByteBuffer value = element.value();
        Vr vr = element.vr();
        int size = switch (vr) {
            case US, SS, OW -> 2;
            case UL, SL, FL -> 4;
            case FD -> 8;
            default -> 0;
        };
        if (size == 0 || value.remaining() % size != 0 || value.remaining() > MAX_TEXT) {
            return null;
        }
        double[] numbers = new double[value.remaining() / size];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = switch (vr) {
                case SS -> value.getShort(i * size);
                case UL -> value.getInt(i * size) & 0xFFFFFFFFL;
                case SL -> value.getInt(i * size);
                case FL -> value.getFloat(i * size);
                case FD -> value.getDouble(i * size);
                default -> value.getShort(i * size) & 0xFFFF;
            };
        }
        return numbers;
    }

    /** A whole number that must be there. */
    int required(Tag tag) {
        double[] numbers = numbers(tag);
        if (numbers == null || numbers[0] != Math.rint(numbers[0]) || Math.abs(numbers[0]) > Integer.MAX_VALUE) {
            throw Refusal.corrupt(tag + (has(tag) ? " is not a whole number" : " is missing"));
        }
        return (int) numbers[0];
    }

    /** As {@link #required}, with a value for an element that is absent or empty. */
    int optional(Tag tag, int otherwise) {
        return has(tag) ? required(tag) : otherwise;
    }

    private static boolean isText(Vr vr) {
        return switch (vr) {
            case US, SS, UL, SL, FL, FD, OB, OW, OD, OF, OL, OV, SQ, UN, UV, SV, AT -> false;
            default -> true;
        };
    }
}
