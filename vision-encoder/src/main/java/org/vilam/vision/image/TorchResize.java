package org.vilam.vision.image;

import org.vilam.vision.tensor.AxisSampling;

/** PyTorch's bilinear and bicubic interpolation with {@code align_corners=False}, in float32, on planes. */
final class TorchResize {
    private TorchResize() {}

    /** One value of the source. */
    @FunctionalInterface
    interface Pixels {
        float at(int channel, int y, int x);
    }

    /** (channels, toHeight, toWidth) row-major. */
    static float[] resize(
            Pixels pixels, int channels, int width, int height, int toWidth, int toHeight, ResampleFilter filter) {
        AxisSampling across = along(width, toWidth, filter);
        AxisSampling down = along(height, toHeight, filter);
        int taps = across.taps();
        float[] columnWeights = new float[toWidth * taps];
        double[] exact = new double[Math.max(taps, down.taps())];
        for (int x = 0; x < toWidth; x++) {
            across.weights(x, exact);
            for (int k = 0; k < across.count(x); k++) {
                columnWeights[x * taps + k] = (float) exact[k];
            }
        }
        float[] result = new float[channels * toWidth * toHeight];
        for (int y = 0; y < toHeight; y++) {
            down.weights(y, exact);
            for (int k = 0; k < down.count(y); k++) {
                float weight = (float) exact[k];
                int row = down.first(y) + k;
                for (int c = 0; c < channels; c++) {
                    int at = (c * toHeight + y) * toWidth;
                    for (int x = 0; x < toWidth; x++) {
                        int first = across.first(x);
                        int count = across.count(x);
                        float sum = 0;
                        for (int j = 0; j < count; j++) {
                            sum += columnWeights[x * taps + j] * pixels.at(c, row, first + j);
                        }
                        result[at + x] += weight * sum;
                    }
                }
            }
        }
        return result;
    }

    private static AxisSampling along(int source, int size, ResampleFilter filter) {
        double step = (double) source / size;
        return switch (filter) {
            case TORCH_BILINEAR -> AxisSampling.linear(source, size, step, false, true);
            case TORCH_BICUBIC -> AxisSampling.cubic(source, size, step, false, true);
            default -> throw new IllegalArgumentException(filter + " has no float result");
        };
    }
}
