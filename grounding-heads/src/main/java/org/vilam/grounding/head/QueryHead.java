package org.vilam.grounding.head;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import org.vilam.grounding.decoder.Decoder;
import org.vilam.grounding.decoder.DecoderConfig;
import org.vilam.vision.beit3.Beit3Encoder;
import org.vilam.vision.tensor.Activation;
import org.vilam.vision.tensor.Initializer;
import org.vilam.vision.tensor.Intermediates;
import org.vilam.vision.tensor.Linear;
import org.vilam.vision.tensor.Mode;
import org.vilam.vision.tensor.ParameterScope;
import org.vilam.vision.tensor.SinePositions;

/**
 * A set of boxes: queries, each at home at one anchor of a grid, share the objects meant among themselves in DETR's decoder
 * (Carion et al. 2020). That a query begins from a place follows Anchor DETR (Wang et al. 2022, 3.2) and makes small data
 * suffice.
 *
 * <p>Letters: L decoder layers, B batch, N patches, D the encoder's width, E the decoder's, Q queries.
 */
public final class QueryHead {
    private final HeadConfig config;
    private final int grid;
    private final Linear memory;
    private final Linear content;
    private final NDArray queryPosition; // (Q, E)
    private final NDArray anchors; // (Q, 2), logits of the centres
    private final Decoder decoder;
    private final Linear classes;
    private final Linear hidden;
    private final Linear boxes;

    /**
     * Builds the head.
     *
     * @param in D
     * @param grid patches along one side
     */
    public QueryHead(ParameterScope p, HeadConfig config, int in, int grid) {
        int width = config.width();
        this.config = config;
        this.grid = grid;
        this.memory = new Linear(p.scope("memory"), in, width, true);
        this.content = new Linear(p.scope("content"), in, width, true);
        this.queryPosition =
                p.get("query_position", new Shape(config.queries(), width), Initializer.normal(0.5), false);
        this.anchors = p.get("anchors", new Shape(config.queries(), 2), (shape, random) -> anchors(config), false);
        this.decoder = new Decoder(
                p.scope("decoder"), new DecoderConfig(width, config.heads(), 2 * width, config.decoderLayers(), 0));
        this.classes = new Linear(p.scope("class"), width, 2, true);
        this.hidden = new Linear(p.scope("hidden"), width, width, true);
        this.boxes = new Linear(p.scope("box"), width, 4, true);
    }

    /**
     * What the head answers.
     *
     * @param logits (L, B, Q, 2), class 0 being "object", class 1 "no object"; the last layer's is the answer
     * @param boxes (L, B, Q, 4), (centre x, centre y, width, height)
     */
    public record Output(NDArray logits, NDArray boxes) {}

    /** Answers about an image and a text. */
    public Output forward(Beit3Encoder.Encoded encoded, Mode mode) {
        NDArray states = Intermediates.freeing(() -> {
            NDArray m = memory.forward(encoded.patches(), mode); // (B, N, E)
            long batch = m.getShape().get(0);
            NDArray query = m.getManager()
                    .zeros(new Shape(batch, config.queries(), config.width()))
                    .add(content.forward(encoded.cls(), mode).expandDims(1)); // (B, Q, E)
            NDArray position = SinePositions.of2d(m.getManager(), grid, grid, config.width());
            return decoder.forwardLayers(query, queryPosition, m, position, null, mode); // (L, B, Q, E)
        });
        NDArray logits = classes.forward(states); // (L, B, Q, 2)
        NDArray found = Intermediates.freeing(() -> {
            NDArray raw = boxes.forward(Activation.GELU.apply(hidden.forward(states, mode)));
            NDArray centre = raw.get(new NDIndex("..., :2")).add(anchors);
            return ai.djl.nn.Activation.sigmoid(centre.concat(raw.get(new NDIndex("..., 2:")), 3)); // (L, B, Q, 4)
        });
        states.close();
        return new Output(logits, found);
    }

    private static float[] anchors(HeadConfig config) {
        float[] values = new float[2 * config.queries()];
        for (int i = 0; i < config.queries(); i++) {
            values[2 * i] = logit((i % config.anchors() + 0.5) / config.anchors());
            values[2 * i + 1] = logit((Math.floorDiv(i, config.anchors()) + 0.5) / config.anchors());
        }
        return values;
    }

    private static float logit(double p) {
        return (float) Math.log(p / (1 - p));
    }
}
