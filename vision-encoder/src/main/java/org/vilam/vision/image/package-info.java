/**
 * The one door through which pixels enter: decoding, EXIF orientation, DICOM, limits and resampling.
 *
 * <p>Nothing else in the project decodes an image. Every picture that leaves this package is 8-bit RGB, upright, and says
 * how it got there (format, orientation, grey-level window, warnings).
 */
@NullMarked
package org.vilam.vision.image;

import org.jspecify.annotations.NullMarked;
