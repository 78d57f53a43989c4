package org.vilam.grounding.oneref;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import org.vilam.vision.checkpoint.KeyMap;
import org.vilam.vision.tensor.Activation;
import org.vilam.vision.tensor.AttentionNames;
import org.vilam.vision.tensor.Constants;
import org.vilam.vision.tensor.Initializer;
import org.vilam.vision.tensor.Intermediates;
import org.vilam.vision.tensor.Interpolation;
import org.vilam.vision.tensor.LayerNorm;
import org.vilam.vision.tensor.Linear;
import org.vilam.vision.tensor.Mlp;
import org.vilam.vision.tensor.MlpNames;
import org.vilam.vision.tensor.Mode;
import org.vilam.vision.tensor.MultiHeadAttention;
import org.vilam.vision.tensor.ParameterScope;
import org.vilam.vision.tensor.PatchEmbed;

/**
 * BEiT v2's image tokenizer (Peng et al. 2022, "VQ-KD"), whose codes are what hidden patches are to be recognised as. It never
 * learns here.
 *
 * <p>Letters: B batch, S side of an image in pixels, N patches, D width, K codes, E width of a code.
 */
public final class VqKdTokenizer {
    /** From official files: leaves out the decoder, what only its training needs, and counters. */
    public static final KeyMap CHECKPOINT = KeyMap.builder()
            .drop("{:decoder|decode_task_layer|loss|teacher|scaling}{:.*}")
            .drop("quantize.{:cluster_size|embedding\\.(?:cluster_size|embed_avg|initted)}")
            .build();

    private static final double EPS = 1e-6;
    /** DINO's way of keeping a rounded side from falling short. */
    private static final double NUDGE = 0.1;

    private final Sizes sizes;
    private final PatchEmbed patchEmbed;
    private final NDArray clsToken; // (1, 1, D)
    private final NDArray positions; // (1, 1 + N, D)
    private final List<Block> blocks = new ArrayList<>();
    private final LayerNorm norm;
    private final Linear first;
    private final Linear second;
    private final NDArray codebook; // (K, E)

    private record Block(LayerNorm norm1, MultiHeadAttention attention, LayerNorm norm2, Mlp mlp) {
        NDArray forward(NDArray x) {
            return Intermediates.freeing(() -> {
                NDArray y = x.add(attention.forward(norm1.forward(x), null, Mode.INFERENCE));
                return y.add(mlp.forward(norm2.forward(y), Mode.INFERENCE));
            });
        }
    }

    /**
     * The sizes of a tokenizer.
     *
     * @param imageSize the side its table of positions is for, pixels
     * @param patchSize side of a patch, pixels
     * @param width D
     * @param layers blocks
     * @param heads of every attention
     * @param codes K
     * @param codeWidth E
     */
    public record Sizes(int imageSize, int patchSize, int width, int layers, int heads, int codes, int codeWidth) {
        /** {@code vqkd_encoder_base_decoder_3x768x12_clip}, OneRef's. */
        public static final Sizes BASE = new Sizes(224, 16, 768, 12, 12, 8192, 32);
    }

    /** Builds the tokenizer with the weights of a scope, the root in official files. */
    public VqKdTokenizer(ParameterScope p, Sizes sizes) {
        int width = sizes.width();
        int grid = sizes.imageSize() / sizes.patchSize();
        Initializer small = Initializer.truncatedNormal(0.02);
        ParameterScope encoder = p.scope("encoder");
        this.sizes = sizes;
        this.clsToken = encoder.get("cls_token", new Shape(1, 1, width), small);
        this.positions = encoder.get("pos_embed", new Shape(1, (long) grid * grid + 1, width), small);
        this.patchEmbed = new PatchEmbed(encoder.scope("patch_embed.proj"), 3, sizes.patchSize(), width, true);
        for (int i = 0; i < sizes.layers(); i++) {
            ParameterScope s = encoder.scope("blocks").scope(i);
            blocks.add(new Block(
                    new LayerNorm(s.scope("norm1"), width, EPS),
                    MultiHeadAttention.of(width, sizes.heads())
                            .names(AttentionNames.EVA)
                            .build(s.scope("attn")),
                    new LayerNorm(s.scope("norm2"), width, EPS),
                    new Mlp(s.scope("mlp"), MlpNames.FC, width, 4L * width, Activation.GELU)));
        }
        this.norm = new LayerNorm(encoder.scope("fc_norm"), width, EPS);
        this.first = new Linear(p.scope("encode_task_layer.0"), width, width, true);
        this.second = new Linear(p.scope("encode_task_layer.2"), width, sizes.codeWidth(), true);
        this.codebook = p.scope("quantize.embedding")
                .get("weight", new Shape(sizes.codes(), sizes.codeWidth()), Initializer.normal(1));
    }

    /**
     * Pictures as this network takes them, from -1 to 1.
     *
     * @param images (B, 3, S, S), 0..1, black where there is padding
     */
    public static NDArray scaled(NDArray images) {
        return Intermediates.freeing(() -> Constants.scale(images, 255 / 127.5).sub(1));
    }

    /**
     * The patches' features.
     *
     * @param images (B, 3, S, S), see {@link #scaled}
     * @return (B, N, D)
     */
    public NDArray features(NDArray images) {
        return Intermediates.freeing(() -> {
            NDArray patches = patchEmbed.forward(images); // (B, N, D)
            NDArray cls = patches.getManager()
                    .zeros(new Shape(patches.getShape().get(0), 1, sizes.width()))
                    .add(clsToken);
            int grid = Math.toIntExact(images.getShape().get(2) / sizes.patchSize());
            NDArray x = cls.concat(patches, 1).add(positions(images.getManager(), grid)); // (B, 1 + N, D)
            for (Block block : blocks) {
                x = block.forward(x);
            }
            return norm.forward(x.get(new NDIndex(":, 1:")));
        });
    }

    /** The features in the space of the codes, (B, N, D) to (B, N, E), not normalised. */
    public NDArray projected(NDArray features) {
        return Intermediates.freeing(
                () -> second.forward(first.forward(features).tanh()));
    }

    /**
     * The nearest code of each patch, by the distance of the features, brought to length 1, from the codes as they are stored.
     *
     * @param images (B, 3, S, S), see {@link #scaled}
     * @return (B, N) int64, 0 .. K - 1
     */
    public NDArray codes(NDArray images) {
        return Intermediates.freeing(
                () -> distances(projected(features(images))).neg().argMax(2).toType(DataType.INT64, false));
    }

    /** Squared distances less what is the same for all codes, (B, N, E) to (B, N, K). */
    private NDArray distances(NDArray projected) {
        Shape shape = projected.getShape();
        return Intermediates.freeing(() -> {
            NDArray z = projected.normalize(2, 2, OneRefHead.NORM_EPS).reshape(-1, sizes.codeWidth());
            NDArray product = z.matMul(codebook.transpose()); // (B * N, K)
            NDArray lengths = codebook.square().sum(new int[] {1}); // (K)
            return Constants.scale(product, -2).add(lengths).reshape(shape.get(0), shape.get(1), sizes.codes());
        });
    }

    /** The table for a grid: bicubic, by the factor DINO gives it and not by the ratio of the sides. */
    NDArray positions(NDManager manager, int grid) {
        int own = sizes.imageSize() / sizes.patchSize();
        if (grid == own) {
            return positions;
        }
        double factor = (grid + NUDGE) / own;
        return Intermediates.freeing(() -> {
            NDArray table = positions
                    .get(manager, new NDIndex(":, 1:"))
                    .reshape(1, own, own, sizes.width())
                    .transpose(0, 3, 1, 2); // (1, D, own, own)
            NDArray resized = Interpolation.BICUBIC
                    .scale(table, factor, factor, false)
                    .transpose(0, 2, 3, 1)
                    .reshape(1, (long) grid * grid, sizes.width());
            return positions.get(manager, new NDIndex(":, :1")).concat(resized, 1); // (1, 1 + N, D)
        });
    }
}
