package org.vilam.vision.tensor;

import ai.djl.engine.Engine;
import ai.djl.pytorch.engine.PtEngine;
import ai.djl.pytorch.jni.JniUtils;

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
 * records</b> (libtorch's default), which costs memory for nothing: inference opens {@link #noGradient()}. DJL's
 * {@code GradientCollector} is not needed; it exists once a JVM, and so would forbid two threads to train at once.
 */
public final class GradientScope implements AutoCloseable {
    private final Thread owner = Thread.currentThread();
    private final boolean before;

    private GradientScope(boolean record) {
        Engine.getEngine(PtEngine.ENGINE_NAME); // loads the native library
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
    }
}
