package org.vilam.vision.tensor;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The blocks' formulas once more, in double and with plain loops, to compare them with. Arrays are row-major.
 */
final class Reference {
    private Reference() {}

    /** x (rows, in), weight (out, in), bias (out) or null. */
    static double[] linear(double[] x, int in, double[] weight, double @Nullable [] bias) {
        int rows = x.length / in;
        int out = weight.length / in;
        double[] y = new double[rows * out];
        for (int r = 0; r < rows; r++) {
            for (int o = 0; o < out; o++) {
                double sum = bias == null ? 0 : bias[o];
                for (int i = 0; i < in; i++) {
                    sum += x[r * in + i] * weight[o * in + i];
                }
                y[r * out + o] = sum;
            }
        }
        return y;
    }

    static double[] layerNorm(double[] x, double[] weight, double[] bias, double eps) {
        int width = weight.length;
        double[] y = new double[x.length];
        for (int from = 0; from < x.length; from += width) {
            double[] row = Arrays.copyOfRange(x, from, from + width);
            double mean = Arrays.stream(row).sum() / width;
            double variance =
                    Arrays.stream(row).map(v -> (v - mean) * (v - mean)).sum() / width;
            for (int i = 0; i < width; i++) {
                y[from + i] = (row[i] - mean) / Math.sqrt(variance + eps) * weight[i] + bias[i];
            }
        }
        return y;
    }

    static double[] rmsNorm(double[] x, double[] weight, double eps) {
        int width = weight.length;
        double[] y = new double[x.length];
        for (int from = 0; from < x.length; from += width) {
            double squares = 0;
            for (int i = 0; i < width; i++) {
                squares += x[from + i] * x[from + i];
            }
            for (int i = 0; i < width; i++) {
                y[from + i] = x[from + i] / Math.sqrt(squares / width + eps) * weight[i];
            }
        }
        return y;
    }

    /** The error function by Simpson's rule on its integral; error below 1e-12. */
    static double erf(double x) {
        int steps = 2000;
        double h = x / steps;
        double sum = 1 + Math.exp(-x * x);
        for (int i = 1; i < steps; i++) {
            sum += (i % 2 == 1 ? 4 : 2) * Math.exp(-(i * h) * (i * h));
        }
        return 2 / Math.sqrt(Math.PI) * sum * h / 3;
    }

    static double activation(Activation activation, double x) {
        return switch (activation) {
            case GELU -> x * (1 + erf(x / Math.sqrt(2))) / 2;
            case GELU_TANH -> x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x))) / 2;
            case QUICK_GELU -> x / (1 + Math.exp(-1.702 * x));
            case RELU -> Math.max(x, 0);
            case SILU -> x / (1 + Math.exp(-x));
        };
    }

    static double[] activation(Activation activation, double[] x) {
        return Arrays.stream(x).map(v -> activation(activation, v)).toArray();
    }

    static double[] add(double[] a, double[] b) {
        double[] y = a.clone();
        for (int i = 0; i < y.length; i++) {
            y[i] += b[i];
        }
        return y;
    }

    /** What is added to the score of a query for a key. */
    @FunctionalInterface
    interface Mask {
        double at(int batch, int head, int query, int key);
    }

    /**
     * Attention of projected tokens.
     *
     * @param q (batch, tokens, heads * width)
     * @param k (batch, keys, groups * width)
     * @param v the same
     * @return (batch, tokens, heads * width)
     */
    static double[] attention(
            double[] q, double[] k, double[] v, int batch, int heads, int groups, int width, Mask mask) {
        int tokens = q.length / (batch * heads * width);
        int keys = k.length / (batch * groups * width);
        double[] y = new double[q.length];
        for (int b = 0; b < batch; b++) {
            for (int h = 0; h < heads; h++) {
                int g = h * groups / heads;
                for (int t = 0; t < tokens; t++) {
                    double[] weights = new double[keys];
                    double most = Double.NEGATIVE_INFINITY;
                    for (int s = 0; s < keys; s++) {
                        double score = 0;
                        for (int i = 0; i < width; i++) {
                            score += q[((b * tokens + t) * heads + h) * width + i]
                                    * k[((b * keys + s) * groups + g) * width + i];
                        }
                        weights[s] = score / Math.sqrt(width) + mask.at(b, h, t, s);
                        most = Math.max(most, weights[s]);
                    }
                    double sum = 0;
                    for (int s = 0; s < keys; s++) {
                        weights[s] = Math.exp(weights[s] - most);
                        sum += weights[s];
                    }
                    for (int s = 0; s < keys; s++) {
                        for (int i = 0; i < width; i++) {
                            y[((b * tokens + t) * heads + h) * width + i] +=
                                    weights[s] / sum * v[((b * keys + s) * groups + g) * width + i];
                        }
                    }
                }
            }
        }
        return y;
    }

    /**
     * Turns pairs of features as complex numbers.
     *
     * @param x (batch, tokens, heads * width)
     */
    static double[] rotary(double[] x, int[][] positions, int heads, int width, boolean neighbours) {
        double[] y = new double[x.length];
        int tokens = positions[0].length;
        for (int b = 0; b < positions.length; b++) {
            for (int t = 0; t < tokens; t++) {
                for (int h = 0; h < heads; h++) {
                    int at = ((b * tokens + t) * heads + h) * width;
                    for (int i = 0; i < width / 2; i++) {
                        double angle = positions[b][t] * Math.pow(10000, -2.0 * i / width);
                        int re = at + (neighbours ? 2 * i : i);
                        int im = at + (neighbours ? 2 * i + 1 : i + width / 2);
                        y[re] = x[re] * Math.cos(angle) - x[im] * Math.sin(angle);
                        y[im] = x[re] * Math.sin(angle) + x[im] * Math.cos(angle);
                    }
                }
            }
        }
        return y;
    }

    /**
     * Convolution.
     *
     * @param x (batch, in, side, side)
     * @param weight (out, in, kernel, kernel)
     * @return (batch, out, side', side')
     */
    static double[] convolution(
            double[] x,
            int batch,
            int in,
            int side,
            double[] weight,
            double @Nullable [] bias,
            int kernel,
            int stride,
            int padding) {
        int out = weight.length / (in * kernel * kernel);
        int result = (side + 2 * padding - kernel) / stride + 1;
        double[] y = new double[batch * out * result * result];
        int at = 0;
        for (int b = 0; b < batch; b++) {
            for (int o = 0; o < out; o++) {
                for (int row = 0; row < result; row++) {
                    for (int column = 0; column < result; column++) {
                        double sum = bias == null ? 0 : bias[o];
                        for (int c = 0; c < in; c++) {
                            for (int dy = 0; dy < kernel; dy++) {
                                for (int dx = 0; dx < kernel; dx++) {
                                    int py = row * stride + dy - padding;
                                    int px = column * stride + dx - padding;
                                    if (py >= 0 && py < side && px >= 0 && px < side) {
                                        sum += x[((b * in + c) * side + py) * side + px]
                                                * weight[((o * in + c) * kernel + dy) * kernel + dx];
                                    }
                                }
                            }
                        }
                        y[at++] = sum;
                    }
                }
            }
        }
        return y;
    }
}
