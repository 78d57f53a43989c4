package org.vilam.vision.eva;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.vilam.vision.tensor.Activation;
import org.vilam.vision.tensor.AttentionNames;
import org.vilam.vision.tensor.Initializer;
import org.vilam.vision.tensor.Intermediates;
import org.vilam.vision.tensor.LayerNorm;
import org.vilam.vision.tensor.Mlp;
import org.vilam.vision.tensor.MlpNames;
import org.vilam.vision.tensor.Mode;
import org.vilam.vision.tensor.MultiHeadAttention;
import org.vilam.vision.tensor.ParameterScope;
import org.vilam.vision.tensor.PatchEmbed;
import org.vilam.vision.tensor.PositionTable;

/**
 * The image encoder: patches and a CLS token in front through pre-norm blocks.
 *
 * <p>Letters: B batch, N patches, D width.
 */
public final class EvaVisionTransformer {
    private final EvaConfig config;
    private final NDArray classEmbedding; // (1, 1, D)
    private final PatchEmbed patchEmbed;
    private final PositionTable positions;
    private final List<Layer> layers = new ArrayList<>();

    private record Layer(LayerNorm norm1, MultiHeadAttention attention, LayerNorm norm2, Mlp mlp) {
        NDArray forward(NDArray x, Mode mode) {
            return Intermediates.freeing(() -> {
                NDArray y = x.add(attention.forward(norm1.forward(x), null, mode));
                return y.add(mlp.forward(norm2.forward(y), mode));
            });
        }
    }

    /** Builds the encoder with the weights of a scope, {@code vision_model} in Hugging Face's files. */
    public EvaVisionTransformer(ParameterScope p, EvaConfig config) {
        int width = config.hiddenSize();
        Initializer small = Initializer.truncatedNormal(0.02);
        ParameterScope embeddings = p.scope("embeddings");
        this.config = config;
        this.classEmbedding = embeddings.get("class_embedding", new Shape(1, 1, width), small, false);
        this.patchEmbed = new PatchEmbed(embeddings.scope("patch_embedding"), 3, config.patchSize(), width, true);
        this.positions =
                new PositionTable(embeddings, "position_embedding", new Shape(1, config.tokens(), width), small);
        for (int i = 0; i < config.layers(); i++) {
            ParameterScope s = p.scope("encoder.layers").scope(i);
            layers.add(new Layer(
                    new LayerNorm(s.scope("layer_norm1"), width, config.layerNormEps()),
                    MultiHeadAttention.of(width, config.heads())
                            .names(AttentionNames.BLIP)
                            .build(s.scope("self_attn")),
                    new LayerNorm(s.scope("layer_norm2"), width, config.layerNormEps()),
                    new Mlp(s.scope("mlp"), MlpNames.FC, width, config.intermediateSize(), Activation.GELU)));
        }
    }

    /** The sizes. */
    public EvaConfig config() {
        return config;
    }

    /**
     * Encodes images.
     *
     * @param images (B, 3, image_size, image_size), normalised
     * @return (B, 1 + N, D), CLS first, the last block's raw output
     */
    public NDArray forward(NDArray images, Mode mode) {
        return forward(images, mode, (name, tensor) -> {});
    }

    /** As the two-argument form; {@code tap} is shown {@code embeddings}, {@code layer0}, ... as they arise. */
    public NDArray forward(NDArray images, Mode mode, BiConsumer<String, NDArray> tap) {
        return Intermediates.freeing(() -> {
            NDArray patches = patchEmbed.forward(images); // (B, N, D)
            NDArray cls = patches.getManager()
                    .zeros(new Shape(images.getShape().get(0), 1, config.hiddenSize()))
                    .add(classEmbedding); // (B, 1, D)
            NDArray x = positions.addTo(cls.concat(patches, 1), 0); // (B, 1 + N, D)
            tap.accept("embeddings", x);
            for (int i = 0; i < layers.size(); i++) {
                x = layers.get(i).forward(x, mode);
                tap.accept("layer" + i, x);
            }
            return x;
        });
    }
}
