package org.vilam.vision.checkpoint;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

/** The errors of weight files, worded alike. */
final class Refusals {
    private static final String COPY_AGAIN = "Copy or download the file again and compare its size and checksum.";

    private static final int MAX_DETAIL = 600;
    private static final Pattern CONTROLS = Pattern.compile("\\p{Cntrl}");

    private Refusals() {}

    /** Text from a file, fit for a message: of bounded length and without control characters. */
    static String legible(String text) {
        String bounded = text.length() <= MAX_DETAIL ? text : text.substring(0, MAX_DETAIL) + "...";
        return CONTROLS.matcher(bounded).replaceAll("?");
    }

    /** A file that is damaged or contradicts itself. */
    static VilamException corrupt(Path file, String detail) {
        return new VilamException(ErrorCode.CHECKPOINT_CORRUPT, file + ": " + legible(detail), COPY_AGAIN);
    }

    static VilamException corrupt(Path file, String detail, Throwable cause) {
        return new VilamException(ErrorCode.CHECKPOINT_CORRUPT, file + ": " + legible(detail), COPY_AGAIN, cause);
    }

    /** A file that may be sound but that this program does not read. */
    static VilamException unsupported(Path file, String detail, String hint) {
        return new VilamException(ErrorCode.CHECKPOINT_UNSUPPORTED, file + ": " + legible(detail), hint);
    }

    static VilamException unreadable(Path file, IOException cause) {
        String why = cause instanceof NoSuchFileException ? "no such file" : String.valueOf(cause.getMessage());
        return new VilamException(
                ErrorCode.FILE_UNREADABLE,
                file + ": " + why,
                "Check the path and that this program may read the file.",
                cause);
    }

    /** A tensor whose bytes do not fit one Java buffer. */
    static VilamException tooLarge(Path file, String tensor, long bytes) {
        return unsupported(
                file,
                "tensor " + tensor + " has " + bytes + " bytes; one tensor may have up to " + Integer.MAX_VALUE,
                "Store it in a smaller type or split it into several tensors.");
    }

    static IllegalArgumentException noTensor(String name) {
        return new IllegalArgumentException("no tensor named " + name);
    }
}
