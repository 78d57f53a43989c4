package org.vilam.training.scene;

/** Whether a statement holds of an object: yes, no, or too close for people to agree (Kleene's three values). */
enum Truth {
    NO,
    UNSURE,
    YES;

    static Truth of(boolean value) {
        return value ? YES : NO;
    }

    Truth and(Truth other) {
        return compareTo(other) < 0 ? this : other;
    }

    Truth not() {
        return switch (this) {
            case YES -> NO;
            case NO -> YES;
            case UNSURE -> UNSURE;
        };
    }

    /** YES from {@code high} upwards, NO below {@code low}, UNSURE between. */
    static Truth atLeast(double value, double low, double high) {
        return value >= high ? YES : value < low ? NO : UNSURE;
    }
}
