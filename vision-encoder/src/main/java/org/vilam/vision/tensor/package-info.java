/**
 * What every network shares: a store of named weights with its initialisers, transformer blocks (attention, norms, feed-forward
 * layers, position tables, patch embeddings, key/value caches), and the operation library that gives them fused kernels.
 * A network is a plain class that holds blocks and whose {@code forward} reads as the algorithm; its constructor asks a
 * {@link org.vilam.vision.tensor.ParameterScope} for weights under the names of its family's checkpoints. The blocks follow
 * "Attention is all you need" (Vaswani et al. 2017) and the papers named on each page.
 *
 * <p>A block frees what it makes on the way to its result, and leaves its inputs to the caller. Gradients are recorded or not by
 * the thread ({@link org.vilam.vision.tensor.GradientScope}); where they are, arrays are multiplied and divided by numbers
 * through {@link org.vilam.vision.tensor.Constants#scale}, for the reason given there.
 */
@NullMarked
package org.vilam.vision.tensor;

import org.jspecify.annotations.NullMarked;
