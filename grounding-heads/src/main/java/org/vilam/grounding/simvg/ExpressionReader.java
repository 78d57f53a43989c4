package org.vilam.grounding.simvg;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.vilam.grounding.answer.TextPieces;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

/**
 * Expressions as SimVG and C3VG read them ({@code clean_string} of SeqTR, then XLM-R's marks): in lower case, without punctuation,
 * cut to the first pieces, between {@code <s>} and {@code </s>}, and padded to one length, which their networks rely on.
 *
 * <p>Letters: B batch, T text tokens.
 */
public final class ExpressionReader {
    private static final long BEGIN = 0;
    private static final long PADDING = 1;
    private static final long END = 2;

    private final TextPieces pieces;
    private final int length;

    /**
     * A reader.
     *
     * @param length T, 3 or more
     */
    public ExpressionReader(TextPieces pieces, int length) {
        if (length < 3) {
            throw new IllegalArgumentException("a text has room for three tokens or more, got " + length);
        }
        this.pieces = pieces;
        this.length = length;
    }

    /**
     * A batch of texts; the caller closes it.
     *
     * @param ids (B, T) int64
     * @param padding (B, T) int64, 0 where a token is real, 1 where it is padding
     */
    public record Batch(NDArray ids, NDArray padding) {}

    /** A text without its punctuation, in lower case. */
    public static String clean(String text) {
        return text.toLowerCase(Locale.ROOT).replaceAll("[.,'!?\"()*#:;]", "").replaceAll("[-/]", " ");
    }

    /**
     * Reads texts.
     *
     * @throws VilamException INVALID_ARGUMENT for a text of which cleaning leaves nothing
     */
    public Batch read(NDManager manager, List<String> texts) {
        long[] ids = new long[texts.size() * length];
        long[] padding = new long[ids.length];
        for (int b = 0; b < texts.size(); b++) {
            long[] row = row(texts.get(b));
            System.arraycopy(row, 0, ids, b * length, length);
            for (int i = 0; i < length; i++) {
                padding[b * length + i] = row[i] == PADDING ? 1 : 0;
            }
        }
        Shape shape = new Shape(texts.size(), length);
        return new Batch(manager.create(ids, shape), manager.create(padding, shape));
    }

    private long[] row(String text) {
        String clean = clean(text);
        long[] found = clean.isBlank() ? new long[0] : pieces.encode(clean);
        if (found.length == 0) {
            throw new VilamException(
                    ErrorCode.INVALID_ARGUMENT,
                    "the expression has no words",
                    "Say in a few words what is to be found, such as \"the dog on the left\".");
        }
        int kept = Math.min(found.length, length - 2);
        long[] row = new long[length];
        Arrays.fill(row, PADDING);
        row[0] = BEGIN;
        System.arraycopy(found, 0, row, 1, kept);
        row[kept + 1] = END;
        return row;
    }
}
