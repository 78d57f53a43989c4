package org.vilam.vision.tensor;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtEngine;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A TorchScript module without weights: methods given as text, compiled by libtorch when loaded and called by name.
 *
 * <p>TorchScript is deprecated in libtorch 2.11 (DJL 0.35.1 carries 2.7.1): nothing outside this class and
 * {@link ScriptOperations} knows of it.
 */
final class ScriptModule {
    /** {@code moduleRunMethod(module, method, arguments, train, cudaStream)} of DJL's native library. */
    private static final MethodHandle RUN;

    private static final MethodHandle NEW_VALUE;

    static {
        Engine.getEngine(PtEngine.ENGINE_NAME); // loads the native library
        try {
            // DJL's public way to call a method by name always runs in libtorch's inference mode, whose results can
            // take no
            // part in a later backward pass.
            Class<?> library = Class.forName("ai.djl.pytorch.jni.PyTorchLibrary");
            MethodHandles.Lookup inside = MethodHandles.privateLookupIn(library, MethodHandles.lookup());
            MethodType type = MethodType.methodType(
                    long.class, long.class, String.class, long[].class, boolean.class, boolean.class);
            RUN = inside.findVirtual(library, "moduleRunMethod", type)
                    .bindTo(inside.findStaticGetter(library, "LIB", library).invoke());
            NEW_VALUE = MethodHandles.privateLookupIn(IValue.class, MethodHandles.lookup())
                    .findConstructor(IValue.class, MethodType.methodType(void.class, long.class));
        } catch (Throwable e) {
            throw new IllegalStateException("DJL's PyTorch engine differs from the one this was written for", e);
        }
    }

    /**
     * The optimising executor, on by default in every new thread, recompiles for every combination of shapes and mishandles
     * bfloat16 in its own derivative rules; the plain interpreter records with the ordinary autograd.
     */
    private static final ThreadLocal<Boolean> PLAIN_INTERPRETER = ThreadLocal.withInitial(() -> {
        JniUtils.setGraphExecutorOptimize(false);
        return true;
    });

    private final PtSymbolBlock block;

    private ScriptModule(PtSymbolBlock block) {
        this.block = block;
    }

    /**
     * Compiles methods; the module belongs to the manager. It holds no tensor, so that it serves every device.
     *
     * @param methods {@code def} texts indented by two, in the subset of Python that TorchScript archives use
     * @throws RuntimeException with libtorch's message if an operation is not known or the text is wrong
     */
    static ScriptModule load(NDManager manager, String methods) {
        try {
            return new ScriptModule(JniUtils.loadModule(
                    (PtNDManager) manager, new ByteArrayInputStream(archive(methods)), true, false));
        } catch (IOException e) {
            throw new IllegalStateException("Cannot read from memory", e);
        }
    }

    /** Calls a method {@code (lists..., numbers)}; the calling thread's grad mode says whether it is recorded. */
    <R> R call(String method, Function<IValue, R> result, double[] numbers, List<List<NDArray>> lists) {
        PLAIN_INTERPRETER.get();
        IValue[] arguments = new IValue[lists.size() + 1];
        try {
            long[] handles = new long[arguments.length];
            for (int i = 0; i < arguments.length; i++) {
                arguments[i] = i < lists.size() ? tensors(lists.get(i)) : IValue.listFrom(numbers);
                handles[i] = arguments[i].getHandle();
            }
            try (IValue value = run(method, handles)) {
                return result.apply(value);
            }
        } finally {
            for (IValue argument : arguments) {
                if (argument != null) {
                    argument.close();
                }
            }
        }
    }

    private IValue run(String method, long[] arguments) {
        try {
            long module = block.getHandle();
            long handle = (long) RUN.invokeExact(module, method, arguments, true, false);
            return (IValue) NEW_VALUE.invokeExact(handle);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static IValue tensors(List<NDArray> arrays) {
        PtNDArray[] tensors = new PtNDArray[arrays.size()];
        for (int i = 0; i < tensors.length; i++) {
            tensors[i] = (PtNDArray) arrays.get(i);
        }
        return IValue.listFrom(tensors);
    }

    /** What {@code torch.jit.save} writes for {@code class M(torch.nn.Module)} with no state but {@code training}. */
    private static byte[] archive(String methods) throws IOException {
        String code = "class M(Module):\n  __parameters__ = []\n  __buffers__ = []\n  training : bool\n" + methods;
        // Pickle protocol 2: an object of class __torch__.M, built with its attributes {"training": True}.
        String object = "\u0080\u0002c__torch__\nM\n)\u0081}(X\u0008\0\0\0training\u0088ub.";
        String noConstants = "\u0080\u0002).";
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            store(zip, "m/data.pkl", object.getBytes(StandardCharsets.ISO_8859_1));
            store(zip, "m/code/__torch__.py", code.getBytes(StandardCharsets.UTF_8));
            store(zip, "m/constants.pkl", noConstants.getBytes(StandardCharsets.ISO_8859_1));
            store(zip, "m/version", "10\n".getBytes(StandardCharsets.US_ASCII));
        }
        return bytes.toByteArray();
    }

    /** libtorch reads stored entries only. */
    private static void store(ZipOutputStream zip, String name, byte[] content) throws IOException {
        CRC32 crc = new CRC32();
        crc.update(content);
        ZipEntry entry = new ZipEntry(name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCompressedSize(content.length);
        entry.setCrc(crc.getValue());
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }
}
