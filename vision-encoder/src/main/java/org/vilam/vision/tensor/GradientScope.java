package org.vilam.vision.tensor;

import ai.djl.engine.Engine;
import ai.djl.pytorch.engine.PtEngine;
import ai.djl.pytorch.jni.JniUtils;
import org.jspecify.annotations.Nullable;

/**
 * Whether operations on this thread record what a backward pass needs, for as long as the scope is open:
 *
 * <pre>{@code
 * try (GradientScope scope = GradientScope.recording()) {
 *     loss = model.loss(batch);
 * }
 * List<NDArray> gradients = operations.gradients(loss, parameters);
 * }</pre>
 *
 * <p>The choice is the thread's own, scopes nest, and a scope is closed by the thread that opened it. <b>A new thread
 * records</b> (libtorch's default), which costs memory for nothing: inference opens {@link #noGradient()}.
 *
 * <p>Do not record in another way. DJL's {@code GradientCollector} exists once a JVM, and what is recorded without a scope
 * can give wrong gradients: arrays made from Java numbers, the 3 of {@code x.mul(3f)} too, lie in Java memory that a garbage
 * collection may free before the backward pass. A recording scope holds on to the memory of all such arrays made while it
 * is open, until the thread opens its next one: open one for every step. An array made from Java numbers before the scope,
 * a batch for instance, must stay open until the backward pass is done.
 */
public final class GradientScope implements AutoCloseable {
    private final Thread owner = Thread.currentThread();
    private final boolean before;
    private final @Nullable RecordedBuffers buffers;

    private GradientScope(boolean record) {
        Engine.getEngine(PtEngine.ENGINE_NAME); // loads the native library
        buffers = record ? new RecordedBuffers() : null;
        before = JniUtils.isGradMode();
        JniUtils.setGradMode(record);
    }

    /** Gradients are recorded until the scope is closed. */
    public static GradientScope recording() {
        return new GradientScope(true);
    }

    /** Nothing is recorded until the scope is closed: for inference, and for changing parameters in place. */
    public static GradientScope noGradient() {
        return new GradientScope(false);
    }

    /** Restores what was so before. */
    @Override
    public void close() {
        if (Thread.currentThread() != owner) {
            throw new IllegalStateException("A gradient scope is closed by the thread that opened it");
        }
        JniUtils.setGradMode(before);
        if (buffers != null) {
            buffers.close();
        }
    }
}
