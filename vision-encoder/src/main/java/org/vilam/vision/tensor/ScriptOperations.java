package org.vilam.vision.tensor;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@link Operations} by libtorch's own kernels, reached through a TorchScript module ({@code operations.torchscript} beside
 * this class). Where DJL already gives the kernel in one call, this is DJL's.
 */
final class ScriptOperations implements Operations {
    private final ScriptModule module;
    private final PlainOperations plain = new PlainOperations();
    private final boolean nativeBfloat16;

    private ScriptOperations(ScriptModule module, boolean nativeBfloat16) {
        this.module = module;
        this.nativeBfloat16 = nativeBfloat16;
    }

    /**
     * Compiles the operations.
     *
     * @param manager owns them; they end with it
     * @throws RuntimeException if this libtorch lacks an operation or has no TorchScript
     */
    static ScriptOperations load(NDManager manager) {
        return load(manager, hasFastBfloat16(manager));
    }

    /** As {@link #load(NDManager)}, told whether the CPU multiplies bfloat16 or that is to be emulated. */
    static ScriptOperations load(NDManager manager, boolean nativeBfloat16) {
        try (InputStream methods = ScriptOperations.class.getResourceAsStream("operations.torchscript")) {
            if (methods == null) {
                throw new IllegalStateException("operations.torchscript is missing from the class path");
            }
            String text = new String(methods.readAllBytes(), StandardCharsets.UTF_8);
            return new ScriptOperations(ScriptModule.load(manager, text), nativeBfloat16);
        } catch (IOException e) {
            throw new IllegalStateException("Cannot read operations.torchscript", e);
        }
    }

    /** Whether this CPU multiplies bfloat16 natively; without, libtorch's own loop is many times slower than float32. */
    private static boolean hasFastBfloat16(NDManager manager) {
        String probe =
                "  def probe(self, n: List[float]) -> bool:\n    return ops.mkldnn._is_mkldnn_bf16_supported()\n";
        try {
            return ScriptModule.load(manager, probe).call("probe", IValue::toBoolean, new double[0], List.of());
        } catch (RuntimeException e) {
            return false; // a libtorch without oneDNN does not know the question
        }
    }

    @Override
    public String name() {
        return "script";
    }

    @Override
    public NDArray attention(NDArray q, NDArray k, NDArray v, @Nullable NDArray mask, boolean causal, double scale) {
        OperationShapes.attention(q, k, v, mask);
        return one("attention", numbers(flag(causal), scale), q, k, v, mask);
    }

    @Override
    public NDArray mixedAttention(
            NDArray q, NDArray k, NDArray v, @Nullable NDArray mask, boolean causal, double scale) {
        OperationShapes.attention(q, k, v, mask);
        return one("mixed_attention", numbers(flag(causal), scale, flag(nativeBfloat16)), q, k, v, mask);
    }

    @Override
    public NDArray linear(NDArray x, NDArray weight, @Nullable NDArray bias) {
        return plain.linear(x, weight, bias);
    }

    @Override
    public NDArray linear(NDArray x, PackedWeight weight, @Nullable NDArray bias) {
        OperationShapes.linear(x, weight.shape(), bias);
        double[] numbers = numbers(flag(nativeBfloat16));
        if (weight instanceof Int8Weight int8) {
            return one("int8_linear", numbers, x, int8.values(), int8.scales(), bias);
        }
        return one("bfloat16_linear", numbers, x, ((Bfloat16Weight) weight).bytes(), bias);
    }

    @Override
    public NDArray mixedLinear(NDArray x, NDArray weight, @Nullable NDArray bias) {
        OperationShapes.linear(x, weight.getShape(), bias);
        return one("mixed_linear", numbers(flag(nativeBfloat16)), x, weight, bias);
    }

    @Override
    public NDArray layerNorm(NDArray x, NDArray weight, NDArray bias, double eps) {
        return plain.layerNorm(x, weight, bias, eps);
    }

    @Override
    public NDArray rmsNorm(NDArray x, NDArray weight, double eps) {
        OperationShapes.norm(x, weight, null);
        return one("rms_norm", numbers(eps), x, weight);
    }

    @Override
    public NDArray silu(NDArray x) {
        return one("silu", numbers(), x);
    }

    @Override
    public NDArray gelu(NDArray x, boolean tanh) {
        return tanh ? one("gelu_tanh", numbers(), x) : plain.gelu(x, false);
    }

    @Override
    public NDArray conv2d(NDArray x, NDArray weight, @Nullable NDArray bias, int stride, int padding, int groups) {
        return plain.conv2d(x, weight, bias, stride, padding, groups);
    }

    @Override
    public NDArray mixedConv2d(NDArray x, NDArray weight, @Nullable NDArray bias, int stride, int padding, int groups) {
        OperationShapes.conv(x, weight, bias, stride, padding, groups);
        return one("mixed_conv2d", numbers(stride, padding, groups, flag(nativeBfloat16)), x, weight, bias);
    }

    @Override
    public NDArray convTranspose2d(NDArray x, NDArray weight, @Nullable NDArray bias, int stride, int padding) {
        OperationShapes.convTranspose(x, weight, bias, stride, padding);
        return one("conv_transpose2d", numbers(stride, padding), x, weight, bias);
    }

    @Override
    public Bfloat16Weight toBfloat16(NDArray weight) {
        OperationShapes.notScalar(weight);
        try (GradientScope scope = GradientScope.noGradient()) {
            return new Bfloat16Weight(one("to_bfloat16", numbers(), weight));
        }
    }

    @Override
    public Int8Weight toInt8(NDArray weight) {
        OperationShapes.matrix(weight);
        try (GradientScope scope = GradientScope.noGradient()) {
            List<NDArray> parts = many("to_int8", weight.getManager(), List.of(List.of(weight)));
            return new Int8Weight(parts.get(0), parts.get(1));
        }
    }

    @Override
    public NDArray toFloat32(PackedWeight weight) {
        if (weight instanceof Int8Weight int8) {
            return one("from_int8", numbers(), int8.values(), int8.scales());
        }
        return one("from_bfloat16", numbers(), ((Bfloat16Weight) weight).bytes());
    }

    @Override
    public List<NDArray> gradients(NDArray loss, List<NDArray> parameters) {
        OperationShapes.gradients(loss, parameters);
        if (parameters.isEmpty()) {
            return new ArrayList<>(); // torch.grad wants at least one
        }
        try {
            return many("gradients", loss.getManager(), List.of(List.of(loss), parameters));
        } catch (EngineException e) {
            throw OperationShapes.backwardFailure(e);
        }
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
        if (parameters.isEmpty()) {
            return;
        }
        double[] numbers = numbers(
                (double) step,
                settings.learningRate(),
                settings.beta1(),
                settings.beta2(),
                settings.epsilon(),
                settings.weightDecay());
        List<List<NDArray>> lists = List.of(parameters, gradients, firstMoments, secondMoments);
        try (GradientScope scope = GradientScope.noGradient()) {
            if (!module.call("adamw", IValue::toBoolean, numbers, lists)) {
                plain.adamW(parameters, gradients, firstMoments, secondMoments, step, settings);
            }
        }
    }

    @Override
    public double clipGlobalNorm(List<NDArray> gradients, double maxNorm) {
        OperationShapes.maxNorm(maxNorm);
        if (gradients.isEmpty()) {
            return 0;
        }
        try (GradientScope scope = GradientScope.noGradient()) {
            return module.call("clip", IValue::toDouble, numbers(maxNorm), List.of(gradients));
        }
    }

    @Override
    public void movingAverage(List<NDArray> averages, List<NDArray> parameters, double decay) {
        OperationShapes.movingAverage(averages, parameters, decay);
        if (averages.isEmpty()) {
            return;
        }
        try (GradientScope scope = GradientScope.noGradient()) {
            module.call("moving_average", IValue::toBoolean, numbers(1 - decay), List.of(averages, parameters));
        }
    }

    /** Calls a method of one tensor list, whose last element may be absent, for one tensor of the first one's manager. */
    private NDArray one(String method, double[] numbers, NDArray first, @Nullable NDArray... others) {
        List<NDArray> tensors = new ArrayList<>(others.length + 1);
        tensors.add(first);
        for (NDArray other : others) {
            if (other != null) {
                tensors.add(other);
            }
        }
        PtNDManager manager = (PtNDManager) first.getManager();
        return module.call(method, value -> value.toTensor(manager), numbers, List.of(tensors));
    }

    private List<NDArray> many(String method, NDManager manager, List<List<NDArray>> lists) {
        PtNDArray[] results =
                module.call(method, value -> value.toTensorArray((PtNDManager) manager), numbers(), lists);
        return new ArrayList<>(Arrays.asList(results));
    }

    private static double[] numbers(double... numbers) {
        return numbers;
    }

    private static double flag(boolean condition) {
        return condition ? 1 : 0;
    }
}
