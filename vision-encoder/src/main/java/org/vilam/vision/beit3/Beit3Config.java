package org.vilam.vision.beit3;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The sizes of a BEiT-3 encoder, in the reference's own names.
 *
 * @param imgSize side of the square image, pixels, a multiple of {@code patchSize}
 * @param patchSize side of a patch, pixels
 * @param embedDim D, a multiple of {@code attentionHeads}
 * @param attentionHeads H
 * @param ffnEmbedDim F, the hidden width of the feed-forward networks
 * @param layers how many layers
 * @param vocabSize rows of the text table
 * @param maxSourcePositions rows of the text position table, of which the first two are unused
 * @param layernormEps epsilon of every norm
 * @param dropPathRate rate of the last layer; it rises linearly from 0 at the first
 * @param convStem whether patches are embedded by a {@link org.vilam.vision.tensor.ConvStem} in place of one linear map: for small
 *     encoders trained from scratch, never in BEiT-3's own
 * @param stemBlocks residual blocks after each halving of that stem, finest first; none where left out
 * @param stemWords whether that stem tells words and the text's words find their patches before the first layer ({@link StemWords})
 */
public record Beit3Config(
        @JsonProperty("img_size") int imgSize,
        @JsonProperty("patch_size") int patchSize,
        @JsonProperty("encoder_embed_dim") int embedDim,
        @JsonProperty("encoder_attention_heads") int attentionHeads,
        @JsonProperty("encoder_ffn_embed_dim") int ffnEmbedDim,
        @JsonProperty("encoder_layers") int layers,
        @JsonProperty("vocab_size") int vocabSize,
        @JsonProperty("max_source_positions") int maxSourcePositions,
        @JsonProperty("layernorm_eps") double layernormEps,
        @JsonProperty("drop_path_rate") double dropPathRate,
        @JsonProperty("conv_stem") boolean convStem,
        @JsonProperty("stem_blocks") @Nullable List<Integer> stemBlocks,
        @JsonProperty("stem_words") boolean stemWords) {
    /** Checks that the sizes fit each other. */
    public Beit3Config {
        stemBlocks = stemBlocks == null ? List.of() : List.copyOf(stemBlocks);
        require(imgSize > 0 && patchSize > 0 && imgSize % patchSize == 0, "img_size", "a multiple of patch_size");
        require(
                attentionHeads > 0 && embedDim > 0 && embedDim % attentionHeads == 0,
                "encoder_embed_dim",
                "a multiple of encoder_attention_heads");
        require(ffnEmbedDim > 0, "encoder_ffn_embed_dim", "above 0");
        require(layers > 0, "encoder_layers", "above 0");
        require(vocabSize > 0, "vocab_size", "above 0");
        require(maxSourcePositions > Beit3Encoder.FIRST_POSITION, "max_source_positions", "above 2");
        require(convStem || !stemWords, "stem_words", "false where there is no conv_stem");
        require(layernormEps > 0, "layernorm_eps", "above 0");
        require(dropPathRate >= 0 && dropPathRate < 1, "drop_path_rate", "0 or more and below 1");
    }

    /** As the whole, with BEiT-3's linear patches. */
    public Beit3Config(
            int imgSize,
            int patchSize,
            int embedDim,
            int attentionHeads,
            int ffnEmbedDim,
            int layers,
            int vocabSize,
            int maxSourcePositions,
            double layernormEps,
            double dropPathRate) {
        this(
                imgSize,
                patchSize,
                embedDim,
                attentionHeads,
                ffnEmbedDim,
                layers,
                vocabSize,
                maxSourcePositions,
                layernormEps,
                dropPathRate,
                false,
                null,
                false);
    }

    /** BEiT-3 base for a square image: 12 layers of width 768. */
    public static Beit3Config base(int imgSize, int patchSize) {
        return new Beit3Config(imgSize, patchSize, 768, 12, 3072, 12, 64010, 1024, 1e-5, 0.1);
    }

    /** BEiT-3 large for a square image: 24 layers of width 1024. */
    public static Beit3Config large(int imgSize, int patchSize) {
        return new Beit3Config(imgSize, patchSize, 1024, 16, 4096, 24, 64010, 1024, 1e-5, 0);
    }

    /** Patches along one side of the image. */
    public int grid() {
        return imgSize / patchSize;
    }

    private static void require(boolean holds, String field, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(field + " must be " + rule);
        }
    }
}
