package org.vilam.vision.checkpoint;

/** The steps that reading the pickles of one file may take; it bounds their time and, as each step takes little, memory. */
final class PickleAllowance {
    /** One tensor takes about 35 steps, one number of a list one or two. */
    static final int MAX_STEPS = 4_000_000;

    private long left = MAX_STEPS;

    void spend(long steps, PickleInput in) {
        left -= steps;
        if (left < 0) {
            throw Refusals.unsupported(
                    in.file(),
                    "its pickle takes more than " + MAX_STEPS + " steps",
                    "Load it once in PyTorch and save only the state dict.");
        }
    }
}
