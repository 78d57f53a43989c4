package org.vilam.web.store;

/**
 * What is on record about a picture.
 *
 * @param id sha256 of its file, 64 lower-case hexadecimal digits
 * @param width pixels across, upright
 * @param height pixels down, upright
 * @param mediaType of the file
 * @param exifOrientation found in the file, 1..8
 * @param bytes length of the file
 */
public record StoredImage(String id, int width, int height, String mediaType, int exifOrientation, long bytes) {}
