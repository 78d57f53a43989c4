package org.vilam.vision.checkpoint;

import java.math.BigInteger;
import java.util.regex.Pattern;

/** The numbers of pickles, in the forms of protocol 0 (lines of text) and 2 (little-endian bytes). */
final class PickleNumbers {
    // Longer ones do not occur, and printing them takes time that grows with the square of their length.
    private static final int MAX_INTEGER_BYTES = 512;
    private static final Pattern INTEGER = Pattern.compile("[+-]?\\d{1,1200}");
    private static final Pattern DECIMAL = Pattern.compile("[+-]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d+)?");

    private PickleNumbers() {}

    /** A two's complement integer of any length. */
    static Pickled littleEndian(PickleInput in, long length) {
        if (length > MAX_INTEGER_BYTES) {
            throw in.corrupt("an integer of " + length + " bytes");
        }
        byte[] bytes = in.bytes(length);
        for (int i = 0, j = bytes.length - 1; i < j; i++, j--) {
            byte swap = bytes[i];
            bytes[i] = bytes[j];
            bytes[j] = swap;
        }
        return whole(bytes.length == 0 ? BigInteger.ZERO : new BigInteger(bytes));
    }

    /** The argument of INT, which also writes the booleans, as 00 and 01. */
    static Pickled integerLine(PickleInput in) {
        String line = in.line();
        return switch (line) {
            case "00" -> new Pickled.Flag(false);
            case "01" -> new Pickled.Flag(true);
            default -> integer(line, in);
        };
    }

    /** The argument of LONG. */
    static Pickled longLine(PickleInput in) {
        String line = in.line();
        return integer(line.endsWith("L") ? line.substring(0, line.length() - 1) : line, in);
    }

    /** A memo number. */
    static int indexLine(PickleInput in) {
        String line = in.line();
        if (integer(line, in) instanceof Pickled.Whole whole && whole.value() == (int) whole.value()) {
            return (int) whole.value();
        }
        throw in.corrupt("'" + line + "' where a memo number belongs");
    }

    /** The argument of FLOAT. */
    static double decimalLine(PickleInput in) {
        String line = in.line();
        return switch (line) {
            case "nan", "-nan" -> Double.NaN;
            case "inf" -> Double.POSITIVE_INFINITY;
            case "-inf" -> Double.NEGATIVE_INFINITY;
            default -> {
                // Java alone would also take hexadecimal digits and a trailing d or f.
                if (!DECIMAL.matcher(line).matches()) {
                    throw in.corrupt("'" + line + "' where a number belongs");
                }
                yield Double.parseDouble(line);
            }
        };
    }

    private static Pickled integer(String digits, PickleInput in) {
        if (!INTEGER.matcher(digits).matches()) {
            throw in.corrupt("'" + digits + "' where an integer belongs");
        }
        return whole(new BigInteger(digits));
    }

    private static Pickled whole(BigInteger value) {
        return value.bitLength() < Long.SIZE ? new Pickled.Whole(value.longValue()) : new Pickled.BigWhole(value);
    }
}
