package org.vilam.grounding.decoder;

/**
 * The sizes of a {@link Decoder}.
 *
 * @param width E, of queries and memory alike, a multiple of {@code heads}
 * @param heads attention heads
 * @param hidden width between the layers of the feed-forward network
 * @param layers how many layers
 * @param dropout rate on attention weights and in the feed-forward network, training only
 */
public record DecoderConfig(int width, int heads, int hidden, int layers, double dropout) {
    /** Checks that the sizes fit each other. */
    public DecoderConfig {
        if (width < 1 || heads < 1 || width % heads != 0) {
            throw new IllegalArgumentException("width " + width + " does not divide into " + heads + " heads");
        }
        if (hidden < 1 || layers < 1) {
            throw new IllegalArgumentException("hidden and layers must be above 0, got " + hidden + ", " + layers);
        }
    }
}
