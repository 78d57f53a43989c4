package org.vilam.vision.tensor;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.LayerNorm;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * {@link Operations} composed of DJL's own array operations: the fallback, and what the script operations are tested
 * against. bfloat16 is emulated by rounding FLOAT32 numbers.
 */
final class PlainOperations implements Operations {
    /** Serialises backward passes: DJL keeps gradients in the parameters, where two threads would mix them. */
    private static final Object BACKWARD = new Object();

    @Override
    public String name() {
        return "plain";
    }

    @Override
    public NDArray attention(NDArray q, NDArray k, NDArray v, @Nullable NDArray mask, boolean causal, double scale) {
        OperationShapes.attention(q, k, v, mask);
        return keep(() -> PlainAttention.attention(q, k, v, mask, causal, scale, x -> x));
    }

    @Override
    public NDArray mixedAttention(
            NDArray q, NDArray k, NDArray v, @Nullable NDArray mask, boolean causal, double scale) {
        OperationShapes.attention(q, k, v, mask);
        return keep(() -> PlainAttention.attention(q, k, v, mask, causal, scale, PlainOperations::round));
    }

    @Override
    public NDArray linear(NDArray x, NDArray weight, @Nullable NDArray bias) {
        OperationShapes.linear(x, weight.getShape(), bias);
        return keep(() -> Linear.linear(x, weight, bias).singletonOrThrow());
    }

    @Override
    public NDArray linear(NDArray x, PackedWeight weight, @Nullable NDArray bias) {
        OperationShapes.linear(x, weight.shape(), bias);
        return keep(() -> {
            NDArray y;
            if (weight instanceof Int8Weight int8) {
                NDArray values = int8.values().toType(DataType.FLOAT32, false);
                y = Linear.linear(x, values).singletonOrThrow().mul(int8.scales());
            } else {
                y = round(Linear.linear(round(x), toFloat32(weight)).singletonOrThrow());
            }
            return bias == null ? y : y.add(bias);
        });
    }

    @Override
    public NDArray mixedLinear(NDArray x, NDArray weight, @Nullable NDArray bias) {
        OperationShapes.linear(x, weight.getShape(), bias);
        return keep(() -> {
            NDArray y = round(Linear.linear(round(x), round(weight)).singletonOrThrow());
            return bias == null ? y : y.add(bias);
        });
    }

    /**
     * Rounds to 8 significant bits, as bfloat16 (Veltkamp's splitting, Dekker 1971; ties may fall either way). The two
     * paths through the product cancel in the backward pass: the gradient passes unchanged. Numbers above 5e33 overflow.
     */
    private static NDArray round(NDArray x) {
        NDArray scaled = Constants.scale(x, 65537);
        return scaled.sub(scaled.sub(x));
    }

    @Override
    public NDArray layerNorm(NDArray x, NDArray weight, NDArray bias, double eps) {
        OperationShapes.norm(x, weight, bias);
        return keep(() -> LayerNorm.layerNorm(x, weight.getShape(), weight, bias, (float) eps)
                .singletonOrThrow());
    }

    @Override
    public NDArray rmsNorm(NDArray x, NDArray weight, double eps) {
        OperationShapes.norm(x, weight, null);
        int[] last = {x.getShape().dimension() - 1};
        return keep(
                () -> x.div(x.square().mean(last, true).add((float) eps).sqrt()).mul(weight));
    }

    @Override
    public NDArray silu(NDArray x) {
        return keep(() -> x.mul(Activation.sigmoid(x)));
    }

    @Override
    public NDArray gelu(NDArray x, boolean tanh) {
        if (!tanh) {
            return keep(() -> Activation.gelu(x));
        }
        return keep(() -> {
            NDArray cubic = Constants.scale(x.square(), 0.044715).add(1).mul(x);
            return Constants.scale(
                    Constants.scale(cubic, Math.sqrt(2 / Math.PI)).tanh().add(1).mul(x), 0.5);
        });
    }

    @Override
    public NDArray conv2d(NDArray x, NDArray weight, @Nullable NDArray bias, int stride, int padding, int groups) {
        OperationShapes.conv(x, weight, bias, stride, padding, groups);
        Shape steps = new Shape(stride, stride);
        return keep(() -> Conv2d.conv2d(x, weight, bias, steps, new Shape(padding, padding), new Shape(1, 1), groups)
                .singletonOrThrow());
    }

    @Override
    public NDArray mixedConv2d(NDArray x, NDArray weight, @Nullable NDArray bias, int stride, int padding, int groups) {
        return keep(() ->
                round(conv2d(round(x), round(weight), bias == null ? null : round(bias), stride, padding, groups)));
    }

    @Override
    public NDArray convTranspose2d(NDArray x, NDArray weight, @Nullable NDArray bias, int stride, int padding) {
        OperationShapes.convTranspose(x, weight, bias, stride, padding);
        return keep(() -> PlainConvolution.transposed(x, weight, bias, stride, padding));
    }

    @Override
    public Bfloat16Weight toBfloat16(NDArray weight) {
        OperationShapes.notScalar(weight);
        return Bfloat16Weight.of(weight.getManager(), Bfloat16.fromFloats(weight.toFloatArray()), weight.getShape());
    }

    @Override
    public Int8Weight toInt8(NDArray weight) {
        OperationShapes.matrix(weight);
        NDManager manager = weight.getManager();
        int rows = (int) weight.getShape().get(0);
        int columns = (int) weight.getShape().get(1);
        float[] numbers = weight.toFloatArray();
        byte[] values = new byte[numbers.length];
        float[] scales = new float[rows];
        for (int row = 0; row < rows; row++) {
            float largest = 0;
            for (int i = row * columns; i < (row + 1) * columns; i++) {
                largest = Math.max(largest, Math.abs(numbers[i]));
            }
            scales[row] = largest / 127;
            for (int i = row * columns; i < (row + 1) * columns && largest > 0; i++) {
                values[i] = (byte) Math.rint(numbers[i] / scales[row]);
            }
        }
        try (NDArray storage = manager.create(values, weight.getShape());
                NDArray factors = manager.create(scales, new Shape(rows))) {
            return Int8Weight.copyOf(storage, factors);
        }
    }

    @Override
    public NDArray toFloat32(PackedWeight weight) {
        if (weight instanceof Int8Weight int8) {
            return keep(() -> int8.values()
                    .toType(DataType.FLOAT32, false)
                    .mul(int8.scales().expandDims(1)));
        }
        NDArray bytes = ((Bfloat16Weight) weight).bytes();
        float[] numbers = Bfloat16.toFloats(bytes.toByteBuffer());
        return keep(() -> bytes.getManager().create(numbers, weight.shape()).duplicate());
    }

    @Override
    public List<NDArray> gradients(NDArray loss, List<NDArray> parameters) {
        OperationShapes.gradients(loss, parameters);
        List<NDArray> gradients = new ArrayList<>();
        if (parameters.isEmpty()) {
            return gradients;
        }
        NDManager manager = loss.getManager();
        try (GradientScope scope = GradientScope.noGradient();
                NDArray one = loss.onesLike()) {
            synchronized (BACKWARD) {
                for (NDArray parameter : parameters) {
                    JniUtils.zeroGrad((PtNDArray) parameter);
                }
                try {
                    JniUtils.backward((PtNDArray) loss, (PtNDArray) one, false, false);
                } catch (EngineException e) {
                    throw OperationShapes.backwardFailure(e);
                }
                for (NDArray parameter : parameters) {
                    try (NDArray accumulated = JniUtils.getGradient((PtNDArray) parameter)) {
                        NDArray gradient = accumulated == null ? parameter.zerosLike() : accumulated.duplicate();
                        gradient.attach(manager);
                        gradients.add(gradient);
                    }
                }
            }
        }
        return gradients;
    }

    @Override
    public void adamW(
            List<NDArray> parameters,
            List<NDArray> gradients,
            List<NDArray> firstMoments,
            List<NDArray> secondMoments,
            long step,
            AdamW settings) {
        OperationShapes.adamW(parameters, gradients, firstMoments, secondMoments, step);
        float rate = (float) (settings.learningRate() / (1 - Math.pow(settings.beta1(), (double) step)));
        float correction = (float) Math.sqrt(1 - Math.pow(settings.beta2(), (double) step));
        float kept = (float) (1 - settings.learningRate() * settings.weightDecay());
        try (GradientScope scope = GradientScope.noGradient()) {
            for (int i = 0; i < parameters.size(); i++) {
                NDArray parameter = parameters.get(i);
                NDArray gradient = gradients.get(i);
                NDArray m = firstMoments.get(i);
                NDArray v = secondMoments.get(i);
                drop(() -> {
                    parameter.muli(kept);
                    m.muli((float) settings.beta1()).addi(gradient.mul((float) (1 - settings.beta1())));
                    v.muli((float) settings.beta2()).addi(gradient.square().mul((float) (1 - settings.beta2())));
                    NDArray spread = v.sqrt().div(correction).add((float) settings.epsilon());
                    parameter.subi(m.div(spread).mul(rate));
                });
            }
        }
    }

    @Override
    public double clipGlobalNorm(List<NDArray> gradients, double maxNorm) {
        OperationShapes.maxNorm(maxNorm);
        try (GradientScope scope = GradientScope.noGradient()) {
            double squares = 0;
            for (NDArray gradient : gradients) {
                try (NDArray sum = keep(() -> gradient.square().sum())) {
                    squares += sum.getFloat();
                }
            }
            double norm = Math.sqrt(squares);
            double factor = maxNorm / (norm + 1e-6);
            if (Double.isFinite(norm) && factor < 1) {
                gradients.forEach(gradient -> gradient.muli((float) factor));
            }
            return norm;
        }
    }

    @Override
    public void movingAverage(List<NDArray> averages, List<NDArray> parameters, double decay) {
        OperationShapes.movingAverage(averages, parameters, decay);
        try (GradientScope scope = GradientScope.noGradient()) {
            for (int i = 0; i < averages.size(); i++) {
                NDArray average = averages.get(i);
                NDArray parameter = parameters.get(i);
                drop(() -> average.addi(parameter.sub(average).mul((float) (1 - decay))));
            }
        }
    }

    /** Runs a computation and closes every array it made but its result; what autograd saved stays alive. */
    private static NDArray keep(Supplier<NDArray> computation) {
        NDArray result;
        try (NDScope scope = new NDScope()) {
            result = computation.get();
            NDScope.unregister(result);
        }
        NDScope.register(result); // to the scope around this one, as any result
        return result;
    }

    private static void drop(Runnable computation) {
        try (NDScope scope = new NDScope()) {
            computation.run();
        }
    }
}
