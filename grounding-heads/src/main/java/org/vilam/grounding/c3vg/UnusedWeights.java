package org.vilam.grounding.c3vg;

import ai.djl.ndarray.types.Shape;
import org.vilam.grounding.decoder.DecoderConfig;
import org.vilam.vision.tensor.Initializer;
import org.vilam.vision.tensor.ParameterScope;

/**
 * Weights of the official checkpoint that reach no output: modules of the interaction whose results the code overwrites or never
 * asks for, and the remains of losses with weight 0; 7.5 of the 26.7 million of the published head. As buffers they are kept in
 * files and never learn.
 */
final class UnusedWeights {
    private static final Initializer TORCH = Initializer.kaimingUniform(Math.sqrt(5));
    /** CLIP's first temperature, 0.07, as the logarithm of its inverse. */
    private static final double LOGIT_SCALE = Math.log(1 / 0.07);

    private UnusedWeights() {}

    /** Keeps them all, below the scope of the head. */
    static void keep(ParameterScope p, C3VgConfig config) {
        int width = config.hiddenChannels();
        p.buffer("logit_scale", new Shape(), Initializer.constant(LOGIT_SCALE));
        for (String stage : new String[] {"first", "second"}) {
            ParameterScope predict = p.scope("seg_branch_" + stage).scope("predict");
            predict.buffer("weight", new Shape(1, width, 1, 1), TORCH);
            predict.buffer("bias", new Shape(1), Initializer.zeros());
        }
        p.buffer("seg_cons_embedding.weight", new Shape(width, width), TORCH);
        p.buffer("box_cons_embedding.weight", new Shape(width, width), TORCH);
        ParameterScope interaction = p.scope("UIM");
        decoder(interaction.scope("seg2text_crossattn"), config.transformer(1));
        decoder(interaction.scope("seg2img_crossattn"), config.transformer(3));
        decoder(interaction.scope("segboxCA"), config.transformer(3));
    }

    /** The tensors of a {@link org.vilam.grounding.decoder.Decoder}. */
    private static void decoder(ParameterScope p, DecoderConfig config) {
        long width = config.width();
        for (int i = 0; i < config.layers(); i++) {
            ParameterScope layer = p.scope("layers").scope(i);
            for (int a = 0; a < 2; a++) {
                ParameterScope attention = layer.scope("attentions").scope(a).scope("attn");
                attention.buffer("in_proj_weight", new Shape(3 * width, width), TORCH);
                attention.buffer("in_proj_bias", new Shape(3 * width), Initializer.zeros());
                linear(attention.scope("out_proj"), width, width);
            }
            ParameterScope network = layer.scope("ffns").scope(0).scope("layers");
            linear(network.scope(0).scope(0), config.hidden(), width);
            linear(network.scope(1), width, config.hidden());
            for (int n = 0; n < 3; n++) {
                norm(layer.scope("norms").scope(n), width);
            }
        }
        norm(p.scope("post_norm_layer"), width);
    }

    private static void linear(ParameterScope p, long out, long in) {
        p.buffer("weight", new Shape(out, in), TORCH);
        p.buffer("bias", new Shape(out), Initializer.zeros());
    }

    private static void norm(ParameterScope p, long width) {
        p.buffer("weight", new Shape(width), Initializer.ones());
        p.buffer("bias", new Shape(width), Initializer.zeros());
    }
}
