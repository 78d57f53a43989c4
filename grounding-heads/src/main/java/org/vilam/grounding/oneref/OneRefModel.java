package org.vilam.grounding.oneref;

import java.util.Optional;
import org.vilam.vision.beit3.Beit3Encoder;
import org.vilam.vision.tensor.ParameterScope;

/** Encoder and heads of one checkpoint. */
public final class OneRefModel {
    private final OneRefConfig config;
    private final Beit3Encoder encoder;
    private final OneRefHead head;
    private final Optional<OneRefMaskHead> maskHead;

    /** Builds the network with the weights of a scope, the root. */
    public OneRefModel(ParameterScope p, OneRefConfig config) {
        int width = config.encoder().embedDim();
        this.config = config;
        this.encoder = new Beit3Encoder(p.scope("beit3"), config.encoder());
        this.head = new OneRefHead(p, width);
        this.maskHead =
                config.task() == OneRefConfig.Task.RES ? Optional.of(new OneRefMaskHead(p, width)) : Optional.empty();
    }

    /** The sizes. */
    public OneRefConfig config() {
        return config;
    }

    /** BEiT-3. */
    public Beit3Encoder encoder() {
        return encoder;
    }

    /** The read-out of boxes and anchors. */
    public OneRefHead head() {
        return head;
    }

    /** The read-out of masks, in models trained for it. */
    public Optional<OneRefMaskHead> maskHead() {
        return maskHead;
    }
}
