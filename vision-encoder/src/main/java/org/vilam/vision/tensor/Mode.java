package org.vilam.vision.tensor;

/**
 * Whether a forward pass is for training, where dropout and drop path act, or for inference, where they do nothing.
 *
 * <p>It says nothing about gradients; those are recorded or not by the thread, see {@code GradientScope}.
 */
public final class Mode {
    /** Nothing is random. */
    public static final Mode INFERENCE = new Mode(null);

    private final @org.jspecify.annotations.Nullable SeededRandom random;

    private Mode(@org.jspecify.annotations.Nullable SeededRandom random) {
        this.random = random;
    }

    /**
     * Training whose randomness depends on the seed and the order of calls alone. For one forward pass on one thread; a run
     * that makes the seed of each step from its own seed and the step's number continues bit for bit after a restart.
     */
    public static Mode training(long seed) {
        return new Mode(new SeededRandom(seed));
    }

    /** True for training. */
    public boolean isTraining() {
        return random != null;
    }

    /**
     * The source of this pass's randomness.
     *
     * @throws IllegalStateException in inference
     */
    public SeededRandom random() {
        if (random == null) {
            throw new IllegalStateException("inference draws no random numbers");
        }
        return random;
    }
}
