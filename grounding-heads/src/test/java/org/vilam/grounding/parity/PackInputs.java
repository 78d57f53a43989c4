package org.vilam.grounding.parity;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.vilam.vision.parity.ParityPack;
import org.vilam.vision.tensor.Constants;

/** Inputs of whole models as packs store them. */
public final class PackInputs {
    private PackInputs() {}

    /**
     * Pictures as network inputs, {@code (value - mean) / std}.
     *
     * @param images (B, height, width, 3), 0..255
     * @return (B, 3, height, width)
     */
    public static NDArray normalised(ParityPack.Tensor images, float[] mean, float[] std, NDManager manager) {
        long[] sides = images.shape();
        int pixels = Math.toIntExact(sides[1] * sides[2]);
        double[] values = images.values();
        float[] out = new float[values.length];
        for (int i = 0; i < out.length; i++) {
            int image = i / (3 * pixels);
            int pixel = i / 3 % pixels;
            int channel = i % 3;
            out[(image * 3 + channel) * pixels + pixel] = ((float) values[i] - mean[channel]) / std[channel];
        }
        return Constants.of(manager, out, new Shape(sides[0], 3, sides[1], sides[2]));
    }

    /** Integers as int64. */
    public static NDArray integers(ParityPack.Tensor tensor, NDManager manager) {
        long[] out = new long[tensor.values().length];
        for (int i = 0; i < out.length; i++) {
            out[i] = (long) tensor.values()[i];
        }
        try (NDArray borrowed = manager.create(out, new Shape(tensor.shape()))) {
            return borrowed.duplicate();
        }
    }
}
