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
    /** A residual block begins close to adding nothing. */
    private static final Initializer BRANCH = Initializer.normal(0.01);

    private final String name;
    private final long channels;
    private final int patch; // N
    private final List<Convolution> halvings = new ArrayList<>();
    private final List<List<Block>> residuals = new ArrayList<>();
    private final Convolution last;

    private record Convolution(NDArray weight, NDArray bias) {
        static Convolution of(ParameterScope p, long in, long out, int kernel, Initializer initializer) {
            return new Convolution(
                    p.get("weight", new Shape(out, in, kernel, kernel), initializer),
                    p.get("bias", new Shape(out), Initializer.zeros()));
        }

        NDArray forward(NDArray x, int stride, int padding, Mode mode) {
            return mode.isMixed()
                    ? Operations.get().mixedConv2d(x, weight, bias, stride, padding, 1)
                    : Operations.get().conv2d(x, weight, bias, stride, padding, 1);
        }
    }

    private record Block(Convolution first, Convolution second) {
        NDArray forward(NDArray x, Mode mode) {
            return x.add(second.forward(Activation.GELU.apply(first.forward(x, 1, 1, mode)), 1, 1, mode));
        }
    }

    /**
     * A stem with the convolutions {@code 0}, {@code 1}, ... of the scope, each with {@code weight} and {@code bias}.
     *
     * @param patch a power of two from 2 up
     * @param width a multiple of patch / 2
     */
    public ConvStem(ParameterScope p, long channels, int patch, long width) {
        this(p, channels, patch, width, List.of());
    }

    /**
     * As the four-argument form, with residual blocks {@code blocks.i.k} of two 3x3 convolutions each (He et al. 2016, without
     * norms), so that small shapes are seen before they fall into one patch.
     *
     * @param blocks how many follow each halving, finest first; those left out at the end are 0
     */
    public ConvStem(ParameterScope p, long channels, int patch, long width, List<Integer> blocks) {
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
            long out = channels(patch, width, i);
            halvings.add(Convolution.of(p.scope(i), in, out, 3, HE));
            List<Block> after = new ArrayList<>();
            for (int k = 0; k < (i < blocks.size() ? blocks.get(i) : 0); k++) {
                ParameterScope s = p.scope("blocks").scope(i).scope(k);
                after.add(new Block(
                        Convolution.of(s.scope(0), out, out, 3, HE), Convolution.of(s.scope(1), out, out, 3, BRANCH)));
            }
            residuals.add(after);
            in = out;
        }
        last = Convolution.of(p.scope(steps), width, width, 1, HE);
    }

    /**
     * What the stem makes of images.
     *
     * @param maps after each halving (B, D / 2^k, height / 2^i, width / 2^i), finest first: what heads use that need more detail
     *     than a patch
     * @param tokens (B, P, D), patches row by row from the top left
     */
    public record Output(List<NDArray> maps, NDArray tokens) {
        /** Copies the list. */
        public Output {
            maps = List.copyOf(maps);
        }
    }

    /** Channels of the map after the halving {@code i}, counted from 0. */
    public static long channels(int patch, long width, int i) {
        return width >> (Integer.numberOfTrailingZeros(patch) - 1 - i);
    }

    /**
     * Embeds images.
     *
     * @param images (B, C, height, width), both sides multiples of N
     * @return (B, P, D), patches row by row from the top left
     */
    public NDArray forward(NDArray images) {
        return Intermediates.freeing(() -> forwardMaps(images, Mode.INFERENCE).tokens());
    }

    /** As {@link #forward}, keeping the maps on the way. */
    public Output forwardMaps(NDArray images, Mode mode) {
        PatchEmbed.requireGrid(name, images, channels, patch);
        List<NDArray> maps = new ArrayList<>();
        NDArray x = images;
        for (int i = 0; i < halvings.size(); i++) {
            Convolution halving = halvings.get(i);
            List<Block> after = residuals.get(i);
            NDArray map = x;
            x = Intermediates.freeing(() -> {
                NDArray y = Activation.GELU.apply(halving.forward(map, 2, 1, mode));
                for (Block block : after) {
                    y = block.forward(y, mode);
                }
                return y;
            });
            maps.add(x); // (B, D / 2^k, height / 2^i, width / 2^i)
        }
        NDArray coarsest = x;
        NDArray tokens = Intermediates.freeing(() -> PatchEmbed.tokens(last.forward(coarsest, 1, 0, mode)));
        return new Output(maps, tokens); // (B, P, D)
    }
}
