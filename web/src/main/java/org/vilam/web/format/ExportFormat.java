package org.vilam.web.format;

import java.util.List;

/** A file format that results can be written in. */
interface ExportFormat {
    /** Writes one file for all the images. */
    Exported write(List<AnnotatedImage> images);
}
