package org.vilam.grounding.head;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.vilam.vision.beit3.Beit3Encoder;
import org.vilam.vision.tensor.Constants;
import org.vilam.vision.tensor.GradientScope;
import org.vilam.vision.tensor.Initializer;
import org.vilam.vision.tensor.Operations;
import org.vilam.vision.tensor.Parameter;
import org.vilam.vision.tensor.Parameters;
import org.vilam.vision.tensor.SeededRandom;

/** Weights and made-up encodings for the tests of heads: 4 x 4 patches of width 16, texts of 3 tokens. */
abstract class HeadTest {
    static final int WIDTH = 16;
    static final int GRID = 4;
    static final int TEXT = 3;
    static final HeadConfig CONFIG = new HeadConfig(8, 2, 2, 3, 8, 5, 2, 4, 2);

    final NDManager manager = NDManager.newBaseManager();
    final Parameters parameters = Parameters.initialise(manager, 5);

    @AfterEach
    void close() {
        manager.close();
    }

    NDArray random(String name, long... sides) {
        Shape shape = new Shape(sides);
        return Constants.of(manager, Initializer.uniform(-1, 1).values(shape, SeededRandom.named(7, name)), shape);
    }

    /** What an encoder of patches of 8 pixels would give of a batch of images of 32 x 32. */
    Beit3Encoder.Encoded encoded(long batch) {
        return new Beit3Encoder.Encoded(
                random("tokens", batch, 1 + GRID * GRID + TEXT, WIDTH),
                1 + GRID * GRID,
                List.of(random("fine", batch, 4, 16, 16), random("middle", batch, 8, 8, 8)));
    }

    /** One sample of a batch as a batch of its own. */
    static Beit3Encoder.Encoded alone(Beit3Encoder.Encoded batch, int sample) {
        NDIndex one = new NDIndex(sample + ":" + (sample + 1));
        return new Beit3Encoder.Encoded(
                batch.tokens().get(one),
                batch.vision(),
                batch.maps().stream().map(m -> m.get(one)).toList());
    }

    void set(String name, float... values) {
        parameters.array(name).set(values);
    }

    void zero(String... names) {
        for (String name : names) {
            parameters.array(name).set(new float[(int) parameters.array(name).size()]);
        }
    }

    static double difference(NDArray a, NDArray b) {
        return a.sub(b).abs().max().getFloat();
    }

    /** Names of the weights that a loss does not move. */
    List<String> unmoved(java.util.function.Supplier<NDArray> loss) {
        parameters.requireGradients(true);
        List<Parameter> all = parameters.all();
        try (GradientScope scope = GradientScope.recording()) {
            List<NDArray> gradients = Operations.get()
                    .gradients(loss.get(), all.stream().map(Parameter::array).toList());
            return java.util.stream.IntStream.range(0, all.size())
                    .filter(i -> !(gradients.get(i).abs().max().getFloat() > 0))
                    .mapToObj(i -> all.get(i).name())
                    .toList();
        }
    }
}
