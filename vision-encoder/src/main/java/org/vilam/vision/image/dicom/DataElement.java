package org.vilam.vision.image.dicom;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One element that was kept.
 *
 * @param tag what it is
 * @param vr how its value is written; that of the tag where the file does not say or says UN
 * @param value a view of the value in the file's byte order; empty for sequences and fragments
 * @param items of a sequence, at most {@link DataSetParser#MAX_ITEMS}
 * @param fragments of encapsulated pixel data, else null
 */
record DataElement(
        Tag tag,
        Vr vr,
        ByteBuffer value,
        List<DataSet> items,
        @Nullable Fragments fragments) {}
