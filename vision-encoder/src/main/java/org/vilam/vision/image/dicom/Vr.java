package org.vilam.vision.image.dicom;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Value representations (PS3.5 section 6.2, table 6.2-1). */
enum Vr {
    AE,
    AS,
    AT,
    CS,
    DA,
    DS,
    DT,
    FD,
    FL,
    IS,
    LO,
    LT,
    OB(true),
    OD(true),
    OF(true),
    OL(true),
    OV(true),
    OW(true),
    PN,
    SH,
    SL,
    SQ(true),
    SS,
    ST,
    SV(true),
    TM,
    UC(true),
    UI,
    UL,
    UN(true),
    UR(true),
    US,
    UT(true),
    UV(true);

    /** Whether the explicit form has two reserved bytes and a 32-bit length (PS3.5 section 7.1.2). */
    final boolean longForm;

    Vr() {
        this(false);
    }

    Vr(boolean longForm) {
        this.longForm = longForm;
    }

    /** The representation whose two letters stand at {@code at}, or null where there is none. */
    static @Nullable Vr at(ByteBuffer bytes, int at) {
        int first = bytes.get(at);
        int second = bytes.get(at + 1);
        for (Vr vr : VALUES) {
            if (vr.name().charAt(0) == first && vr.name().charAt(1) == second) {
                return vr;
            }
        }
        return null;
    }

    private static final Vr[] VALUES = values();
}
