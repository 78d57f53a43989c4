package org.vilam.vision.tensor;

import org.jspecify.annotations.Nullable;

/**
 * Whether a forward pass is for training, where dropout and drop path act, or for inference, where they do nothing.
 *
 * <p>It says nothing about gradients; those are recorded or not by the thread, see {@link GradientScope}.
 */
public final class Mode {
    /** Nothing is random, and everything is float32. */
    public static final Mode INFERENCE = new Mode(null, false);

    private final @Nullable SeededRandom random;
    private final boolean mixed;

    private Mode(@Nullable SeededRandom random, boolean mixed) {
        this.random = random;
        this.mixed = mixed;
    }

    /**
     * Training whose randomness depends on the seed and the order of calls alone. For one forward pass on one thread; a run
     * that makes the seed of each step from its own seed and the step's number continues bit for bit after a restart.
     */
    public static Mode training(long seed) {
        return new Mode(new SeededRandom(seed), false);
    }

    /**
     * This mode in mixed precision: linear layers and attention round to bfloat16 ({@link Operations#mixedLinear},
     * {@link Operations#mixedAttention}), weights and everything else stay float32. About twice as fast in training on
     * processors that multiply bfloat16.
     */
    public Mode mixed() {
        return new Mode(random, true);
    }

    /** True for training. */
    public boolean isTraining() {
        return random != null;
    }

    /** True for mixed precision. */
    public boolean isMixed() {
        return mixed;
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
