package org.vilam.vision.image.dicom;

import org.jspecify.annotations.Nullable;

/** Photometric interpretations that are read (PS3.3 section C.7.6.3.1.2). */
enum Photometric {
    MONOCHROME1("MONOCHROME1", 1),
    MONOCHROME2("MONOCHROME2", 1),
    PALETTE_COLOR("PALETTE COLOR", 1),
    RGB("RGB", 3),
    YBR_FULL("YBR_FULL", 3),
    YBR_FULL_422("YBR_FULL_422", 3),
    YBR_PARTIAL_422("YBR_PARTIAL_422", 3);

    private final String term;

    /** Samples per pixel. */
    final int samples;

    Photometric(String term, int samples) {
        this.term = term;
        this.samples = samples;
    }

    static @Nullable Photometric of(String term) {
        for (Photometric photometric : values()) {
            if (photometric.term.equals(term)) {
                return photometric;
            }
        }
        return null;
    }

    boolean grey() {
        return this == MONOCHROME1 || this == MONOCHROME2;
    }

    /** Whether samples are luminance and two chrominances. */
    boolean ybr() {
        return samples == 3 && this != RGB;
    }

    /** Whether two pixels of a row share their chrominances in native pixel data. */
    boolean subsampled() {
        return this == YBR_FULL_422 || this == YBR_PARTIAL_422;
    }

    @Override
    public String toString() {
        return term;
    }
}
