/**
 * Reads one picture out of a DICOM file: data set, pixel data, grey-level transformation.
 *
 * <p>Written after DICOM PS3.5 (encoding) and PS3.3 C.7.6.3, C.11.1 and C.11.2 (pixels, modality and VOI transformation).
 * The parser holds only the elements named in {@link org.vilam.vision.image.dicom.Tag} and steps over all others, so nothing
 * that identifies a patient is ever in memory as text, in a message or in a result.
 */
@NullMarked
package org.vilam.vision.image.dicom;

import org.jspecify.annotations.NullMarked;
