package org.vilam.vision.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * Patch embedding by a stack of small convolutions (Xiao et al. 2021, "Early convolutions help transformers see better"),
 * for networks trained from scratch: 3x3 convolutions of stride 2 with doubling channels and GELU, then a 1x1 convolution.
 * The paper's batch norms are left out: the transformer's first norm follows.
 *
 * <p>Letters: B batch, C channels, N patch side in pixels, P patches (height / N times width / N), D width.
 */
public final class ConvStem {
    private static final Initializer HE = Initializer.kaimingUniform(0);

    private final String name;
    private final long channels;
    private final int patch; // N
    private final List<Convolution> halvings = new ArrayList<>();
    private final Convolution last;

    private record Convolution(NDArray weight, NDArray bias) {
        static Convolution of(ParameterScope p, long in, long out, int kernel, Initializer initializer) {
            return new Convolution(
                    p.get("weight", new Shape(out, in, kernel, kernel), initializer),
                    p.get("bias", new Shape(out), Initializer.zeros()));
        }
    }

    /**
     * A stem with the convolutions {@code 0}, {@code 1}, ... of the scope, each with {@code weight} and {@code bias}.
     *
     * @param patch a power of two from 2 up
     * @param width a multiple of patch / 2
     */
    public ConvStem(ParameterScope p, long channels, int patch, long width) {
        int steps = Integer.numberOfTrailingZeros(patch);
        if (patch < 2 || Integer.bitCount(patch) != 1 || width % (patch / 2) != 0) {
            throw new IllegalArgumentException("a convolutional stem halves: patch " + patch
                    + " must be a power of two and width " + width + " a multiple of half of it");
        }
        this.name = p.path();
        this.channels = channels;
        this.patch = patch;
        long in = channels;
        for (int i = 0; i < steps; i++) {
            long out = width >> (steps - 1 - i);
            halvings.add(Convolution.of(p.scope(i), in, out, 3, HE));
            in = out;
        }
        last = Convolution.of(p.scope(steps), width, width, 1, Linear.DEFAULT_WEIGHT);
    }

    /**
     * Embeds images.
     *
     * @param images (B, C, height, width), both sides multiples of N
     * @return (B, P, D), patches row by row from the top left
     */
    public NDArray forward(NDArray images) {
        PatchEmbed.requireGrid(name, images, channels, patch);
        return Intermediates.freeing(() -> {
            NDArray x = images;
            for (Convolution c : halvings) {
                // (B, D / 2^k, height / 2^i, width / 2^i)
                x = Activation.GELU.apply(Operations.get().conv2d(x, c.weight(), c.bias(), 2, 1, 1));
            }
            return PatchEmbed.tokens(Operations.get().conv2d(x, last.weight(), last.bias(), 1, 0, 1)); // (B, P, D)
        });
    }
}
