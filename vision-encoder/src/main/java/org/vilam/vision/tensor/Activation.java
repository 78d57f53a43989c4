package org.vilam.vision.tensor;

import ai.djl.ndarray.NDArray;

/** The activation functions of the networks here; each keeps the shape. */
public enum Activation {
    /** {@code x * (1 + erf(x / sqrt(2))) / 2} (Hendrycks and Gimpel 2016); "gelu" of Hugging Face. */
    GELU,
    /** GELU's tanh approximation; "gelu_new" and "gelu_pytorch_tanh" of Hugging Face. */
    GELU_TANH,
    /** {@code x * sigmoid(1.702 x)}; "quick_gelu", OpenAI CLIP's. */
    QUICK_GELU,
    /** {@code max(x, 0)}. */
    RELU,
    /** {@code x * sigmoid(x)}; LLaMA's. */
    SILU;

    private static final double QUICK_GELU_SLOPE = 1.702;

    /** Applies the function to every element; any shape, float32. */
    public NDArray apply(NDArray x) {
        return switch (this) {
            case GELU -> Operations.get().gelu(x, false);
            case GELU_TANH -> Operations.get().gelu(x, true);
            case QUICK_GELU ->
                Intermediates.freeing(() -> x.mul(ai.djl.nn.Activation.sigmoid(Constants.scale(x, QUICK_GELU_SLOPE))));
            case RELU -> ai.djl.nn.Activation.relu(x);
            case SILU -> Operations.get().silu(x);
        };
    }
}
