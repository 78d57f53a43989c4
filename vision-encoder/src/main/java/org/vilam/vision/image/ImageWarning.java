package org.vilam.vision.image;

/**
 * Something a person should know about how an image was read.
 *
 * @param code stable snake_case code, e.g. {@code first_frame_only}
 * @param message one sentence for people
 */
public record ImageWarning(String code, String message) {}
