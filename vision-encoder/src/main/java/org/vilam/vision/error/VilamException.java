package org.vilam.vision.error;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An error that a person or a calling program can act on.
 *
 * <p>The message says what is wrong and names the field, file or tensor; {@link #hint()} says what to do next. Everything
 * this project throws on bad input is of this type; any other exception is a defect of ours.
 */
public final class VilamException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final String hint;

    /**
     * @param code the stable code
     * @param message what is wrong, naming the offending field, file or tensor
     * @param hint the next step, one sentence
     */
    public VilamException(ErrorCode code, String message, String hint) {
        this(code, message, hint, null);
    }

    /** As the three-argument form, with the exception that led here. */
    public VilamException(ErrorCode code, String message, String hint, @Nullable Throwable cause) {
        super(message, cause);
        this.code = Objects.requireNonNull(code, "code");
        this.hint = Objects.requireNonNull(hint, "hint");
    }

    /** The stable code of this error. */
    public ErrorCode code() {
        return code;
    }

    /** What to do next, one sentence. */
    public String hint() {
        return hint;
    }
}
