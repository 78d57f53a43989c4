package org.vilam.web.http;

import org.vilam.vision.error.ErrorCode;

/** The one table from error codes to HTTP statuses. */
public final class ProblemStatus {
    private ProblemStatus() {}

    /** The HTTP status of a code. */
    public static int of(ErrorCode code) {
        return switch (code) {
            case INVALID_ARGUMENT, GEOMETRY_INVALID -> 400;
            case FORBIDDEN -> 403;
            case NOT_FOUND -> 404;
            case CONFLICT -> 409;
            case IMAGE_TOO_LARGE, REQUEST_TOO_LARGE -> 413;
            case IMAGE_UNSUPPORTED -> 415;
            case IMAGE_CORRUPT, IMAGE_TIMEOUT -> 422;
            case BUSY -> 503;
            // Files, weights and tensors are this machine's business: the caller cannot mend them by another request.
            case FILE_UNREADABLE,
                    CHECKPOINT_UNSUPPORTED,
                    CHECKPOINT_CORRUPT,
                    CHECKPOINT_REFUSED,
                    CHECKPOINT_MISMATCH,
                    MODEL_INVALID,
                    MODEL_OUTPUT_INVALID,
                    TENSOR_MISMATCH -> 500;
        };
    }
}
