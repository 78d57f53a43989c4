package org.vilam.grounding.parity;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import org.vilam.vision.parity.FilledWeights;
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

    /**
     * Pictures as network inputs, {@code (value / 255 - mean) / std} with ImageNet's mean and standard deviation.
     *
     * @param images (B, 3, height, width), 0..255
     * @return the same shape
     */
    public static NDArray normalised(ParityPack.Tensor images, NDManager manager) {
        float[] mean = {0.485f, 0.456f, 0.406f};
        float[] std = {0.229f, 0.224f, 0.225f};
        int pixels = Math.toIntExact(images.shape()[2] * images.shape()[3]);
        float[] out = images.floats();
        for (int i = 0; i < out.length; i++) {
            int channel = i / pixels % 3;
            out[i] = (out[i] / 255 - mean[channel]) / std[channel];
        }
        return Constants.of(manager, out, new Shape(images.shape()));
    }

    /** An input of a head, from the pack's file or by its rule ({@code inputs_by_rule}). */
    public static NDArray input(ParityPack pack, String key, NDManager manager) {
        JsonNode rule = pack.caseJson().path("inputs_by_rule").get(key);
        if (rule == null) {
            return new PackArrays(pack, manager).get(key);
        }
        long[] sides = new long[rule.get("shape").size()];
        for (int i = 0; i < sides.length; i++) {
            sides[i] = rule.get("shape").get(i).asLong();
        }
        Shape shape = new Shape(sides);
        // A matrix with one column has fan-in 1, so its values are r * sqrt(3), as the rule asks.
        float[] values = FilledWeights.values(rule.get("key").asText(), new Shape(shape.size(), 1), "matrix");
        return Constants.of(manager, values, shape);
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
