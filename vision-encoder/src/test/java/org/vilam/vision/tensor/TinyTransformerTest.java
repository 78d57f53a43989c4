package org.vilam.vision.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The blocks together learn, repeat themselves, and leave nothing behind. */
class TinyTransformerTest {
    private static final AdamW ADAM = new AdamW(3e-3, 0.9, 0.98, 1e-8, 0);

    private final NDManager manager = NDManager.newBaseManager();

    @AfterEach
    void freeAll() {
        manager.close();
    }

    /** Four random images, texts of 6 words with the last two of one text padded, and a random answer for each word. */
    private record Batch(NDArray images, NDArray ids, NDArray real, NDArray targets) {
        static Batch random(NDManager manager) {
            NDArray images = TensorTesting.random(manager, "images", 4, 3, 16, 16);
            SeededRandom random = new SeededRandom(1);
            long[] ids = new long[24];
            float[] targets = new float[24 * 10];
            for (int i = 0; i < 24; i++) {
                ids[i] = (long) random.nextUniform(0, 20);
                targets[i * 10 + (int) random.nextUniform(0, 10)] = 1;
            }
            NDArray real = manager.ones(new Shape(4, 6));
            real.set(new NDIndex("3, 4:"), 0);
            return new Batch(
                    images, manager.create(ids, new Shape(4, 6)), real, manager.create(targets, new Shape(4, 6, 10)));
        }
    }

    private static final class Run {
        final Parameters parameters;
        final TinyTransformer network;
        final List<NDArray> learned;
        final List<NDArray> firstMoments = new ArrayList<>();
        final List<NDArray> secondMoments = new ArrayList<>();
        int step;

        Run(NDManager manager, double dropout) {
            parameters = Parameters.initialise(manager, 7);
            network = new TinyTransformer(parameters, 20, 10, dropout, dropout);
            parameters.requireGradients(true);
            learned = parameters.trainable().stream().map(Parameter::array).toList();
            for (NDArray weight : learned) {
                firstMoments.add(manager.zeros(weight.getShape()));
                secondMoments.add(manager.zeros(weight.getShape()));
            }
        }

        /** One step; what it makes is freed. */
        double step(NDManager manager, Batch batch) {
            step++;
            try (NDManager scope = manager.newSubManager();
                    GradientScope recording = GradientScope.recording()) {
                NDArray images = batch.images().duplicate();
                images.attach(scope);
                NDArray ids = batch.ids().duplicate();
                ids.attach(scope);
                NDArray logits = network.forward(images, ids, batch.real(), Mode.training(step));
                logits.attach(scope);
                NDArray loss = TinyTransformer.loss(logits, batch.targets());
                List<NDArray> gradients = Operations.get().gradients(loss, learned);
                Operations.get().adamW(learned, gradients, firstMoments, secondMoments, step, ADAM);
                return loss.getFloat();
            }
        }
    }

    @Test
    void a_batch_is_learned_by_heart() {
        Batch batch = Batch.random(manager);
        Run run = new Run(manager, 0);
        double first = run.step(manager, batch);
        double last = first;
        while (run.step < 400 && last > first / 200) {
            last = run.step(manager, batch);
        }
        assertThat(first).isBetween(2.0, 3.0); // about ln 10
        assertThat(last).as("loss after %d steps, %s at first", run.step, first).isLessThan(first / 100);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.2})
    void the_same_seeds_give_the_same_weights_after_training(double dropout) {
        Batch batch = Batch.random(manager);
        List<float[]> results = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            Run run = new Run(manager, dropout);
            for (int step = 0; step < 3; step++) {
                run.step(manager, batch);
            }
            results.add(run.parameters.array("layers.1.attn.qkv.weight").toFloatArray());
        }
        assertThat(results.get(0)).isEqualTo(results.get(1));
    }

    @Test
    void every_weight_gets_a_gradient() {
        Batch batch = Batch.random(manager);
        Run run = new Run(manager, 0);
        try (GradientScope recording = GradientScope.recording()) {
            NDArray logits = run.network.forward(batch.images(), batch.ids(), batch.real(), Mode.INFERENCE);
            List<NDArray> gradients =
                    Operations.get().gradients(TinyTransformer.loss(logits, batch.targets()), run.learned);
            for (int i = 0; i < gradients.size(); i++) {
                String name = run.parameters.trainable().get(i).name();
                // A shift of all scores of a query alike changes nothing, so a key's bias has no gradient but rounding.
                if (!name.endsWith("k_proj.bias")) {
                    assertThat(gradients.get(i).abs().max().getFloat()).as(name).isPositive();
                }
            }
        }
    }

    @Test
    void what_is_padding_does_not_matter() {
        Batch batch = Batch.random(manager);
        Run run = new Run(manager, 0.3);
        try (GradientScope scope = GradientScope.noGradient()) {
            NDArray other = batch.ids().duplicate();
            other.set(new NDIndex("3, 4:"), 7);
            NDArray a = run.network.forward(batch.images(), batch.ids(), batch.real(), Mode.INFERENCE);
            NDArray b = run.network.forward(batch.images(), other, batch.real(), Mode.INFERENCE);
            assertThat(TensorTesting.difference(a.get("3, :4"), b.get("3, :4"))).isZero();
            assertThat(TensorTesting.difference(a.get("3, 4:"), b.get("3, 4:"))).isGreaterThan(1e-3);
        }
    }

    @Test
    void a_garbage_collection_between_forward_and_backward_changes_no_gradient() throws InterruptedException {
        Batch batch = Batch.random(manager);
        Run run = new Run(manager, 0.2);
        List<float[]> results = new ArrayList<>();
        for (boolean collect : new boolean[] {false, true}) {
            boolean before = JniUtils.isGradMode();
            JniUtils.setGradMode(true); // not by a GradientScope, which would hold Java's memory
            try {
                NDArray logits = run.network.forward(batch.images(), batch.ids(), batch.real(), Mode.training(5));
                NDArray loss = TinyTransformer.loss(logits, batch.targets());
                List<ByteBuffer> reused = collect ? ConstantsTest.reuseFreedMemory() : List.of();
                NDArray all = manager.create(0f);
                for (NDArray gradient : Operations.get().gradients(loss, run.learned)) {
                    all = all.add(gradient.mul(gradient).sum());
                }
                results.add(all.toFloatArray());
                assertThat(reused).hasSize(collect ? 20_000 : 0);
            } finally {
                JniUtils.setGradMode(before);
            }
        }
        assertThat(results.get(1)).isEqualTo(results.get(0));
    }
}
