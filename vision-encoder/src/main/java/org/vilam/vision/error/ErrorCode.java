package org.vilam.vision.error;

/** What went wrong, in a form programs can rely on; the text of a {@link VilamException} may change, a code never does. */
public enum ErrorCode {
    /** A value given by the caller is outside what the called operation states. */
    INVALID_ARGUMENT,
    /** A file or folder is not there, cannot be read or cannot be written. */
    FILE_UNREADABLE,

    /** What the request names (an image, session, turn, job, model or address) is not there. */
    NOT_FOUND,
    /** The request does not fit the state of what it names. */
    CONFLICT,
    /** The program does not do this for this caller. */
    FORBIDDEN,
    /** The request is longer than the limit. */
    REQUEST_TOO_LARGE,
    /** There is too much to do already; the same request may succeed later. */
    BUSY,

    /** The bytes are no image format this program knows, or a variant of one it does not decode. */
    IMAGE_UNSUPPORTED,
    /** The bytes claim to be an image but cannot be decoded. */
    IMAGE_CORRUPT,
    /** The file, the picture's size or its number of pages is over the limit. */
    IMAGE_TOO_LARGE,
    /** Decoding took longer than the limit allows. */
    IMAGE_TIMEOUT,

    /** A run-length code, polygon or box does not describe a valid region. */
    GEOMETRY_INVALID,

    /** The bytes are no weight file of a known format. */
    CHECKPOINT_UNSUPPORTED,
    /** A weight file is damaged or contradicts itself. */
    CHECKPOINT_CORRUPT,
    /** A weight file asks for code to be run, which is never done. */
    CHECKPOINT_REFUSED,
    /** Weights do not fit the network: missing, unexpected or wrongly shaped tensors. */
    CHECKPOINT_MISMATCH,
    /** A model folder lacks a file, or a file of it is damaged or differs from its recorded sha256. */
    MODEL_INVALID,

    /** A model answered in a form that cannot be understood. */
    MODEL_OUTPUT_INVALID,

    /** A tensor's shape or type is not what the operation states. */
    TENSOR_MISMATCH,
}
