package org.vilam.vision.tensor;

/**
 * What the parts of an {@link Mlp} are called in a family's checkpoints, below the scope of the layer.
 *
 * @param in prefix of the first linear layer
 * @param out prefix of the second
 * @param norm prefix of the norm between them, if there is one
 */
public record MlpNames(String in, String out, String norm) {
    /** torchscale and BEiT-3, Hugging Face's CLIP and BLIP, timm. */
    public static final MlpNames FC = new MlpNames("fc1", "fc2", "ffn_layernorm");
    /** BERT, where the two lie beside the attention. */
    public static final MlpNames BERT = new MlpNames("intermediate.dense", "output.dense", "norm");
    /** {@code torch.nn.Transformer}'s layers, as in DETR. */
    public static final MlpNames TORCH = new MlpNames("linear1", "linear2", "norm");
    /** The feed-forward network of mmcv and detrex. */
    public static final MlpNames MMCV = new MlpNames("layers.0.0", "layers.1", "norm");
}
