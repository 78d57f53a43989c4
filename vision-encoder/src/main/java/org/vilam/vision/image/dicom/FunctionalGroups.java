package org.vilam.vision.image.dicom;

import java.util.List;

/** Where an enhanced multi-frame object keeps what single-frame objects keep at the top (PS3.3 section C.7.6.16). */
final class FunctionalGroups {
    private FunctionalGroups() {}

    /** The data set in which the elements of {@code macro} stand for the first frame: its own, the shared one, or the root. */
    static DataSet ofFirstFrame(DataSet root, Tag macro) {
        for (Tag groups : List.of(Tag.PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE, Tag.SHARED_FUNCTIONAL_GROUPS_SEQUENCE)) {
            List<DataSet> frames = root.items(groups);
            if (!frames.isEmpty() && !frames.get(0).items(macro).isEmpty()) {
                return frames.get(0).items(macro).get(0);
            }
        }
        return root;
    }
}
