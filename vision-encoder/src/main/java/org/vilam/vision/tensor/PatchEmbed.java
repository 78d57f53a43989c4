package org.vilam.vision.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import org.jspecify.annotations.Nullable;

/**
 * Cuts an image into patches and projects each (Dosovitskiy et al. 2021, 3.1): a convolution whose kernel is its stride,
 * flattened row by row.
 *
 * <p>Letters: B batch, C channels, N patch side in pixels, P patches (height / N times width / N), D width.
 */
public final class PatchEmbed {
    private final String name;
    private final long channels;
    private final int patch; // N
    private final NDArray weight; // (D, C, N, N)
    private final @Nullable NDArray bias; // (D)

    /** An embedding with the tensors {@code weight} (D, C, N, N) and, if asked for, {@code bias} (D) of the scope. */
    public PatchEmbed(ParameterScope p, long channels, int patch, long width, boolean bias) {
        this(p, channels, patch, width, bias, Linear.DEFAULT_WEIGHT);
    }

    /** As the five-argument form, with the weight's initialiser; the bias begins as 0. */
    public PatchEmbed(ParameterScope p, long channels, int patch, long width, boolean bias, Initializer initializer) {
        this.name = p.path();
        this.channels = channels;
        this.patch = patch;
        this.weight = p.get("weight", new Shape(width, channels, patch, patch), initializer);
        this.bias = bias ? p.get("bias", new Shape(width), Initializer.zeros()) : null;
    }

    /**
     * Embeds images.
     *
     * @param images (B, C, height, width), both sides multiples of N
     * @return (B, P, D), patches row by row from the top left
     */
    public NDArray forward(NDArray images) {
        requireGrid(name, images, channels, patch);
        return Intermediates.freeing(
                () -> tokens(Operations.get().conv2d(images, weight, bias, patch, 0, 1))); // (B, P, D)
    }

    static void requireGrid(String name, NDArray images, long channels, int patch) {
        Shapes.require(name, "images", images, "B", channels, "height", "width");
        Shape shape = images.getShape();
        if (shape.get(2) % patch != 0 || shape.get(3) % patch != 0) {
            throw Shapes.mismatch(name, "images", shape.toString(), "sides that are multiples of " + patch);
        }
    }

    /** A map (B, D, rows, columns) as tokens (B, rows * columns, D), row by row. */
    public static NDArray tokens(NDArray map) {
        Shape shape = map.getShape();
        return map.reshape(shape.get(0), shape.get(1), -1).transpose(0, 2, 1); // (B, P, D)
    }
}
