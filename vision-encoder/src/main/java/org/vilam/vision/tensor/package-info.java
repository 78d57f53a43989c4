/**
 * What every network shares: a store of named weights with its initialisers, transformer blocks, and the operation library that
 * gives them fused kernels. A network is a plain class that holds blocks and whose {@code forward} reads as the algorithm; its
 * constructor asks a {@link org.vilam.vision.tensor.ParameterScope} for weights under the names of its family's checkpoints, and
 * gradients are recorded, or not, by the thread's {@link org.vilam.vision.tensor.GradientScope}. The blocks follow "Attention is
 * all you need" (Vaswani et al. 2017) and the papers named on each page.
 */
@NullMarked
package org.vilam.vision.tensor;

import org.jspecify.annotations.NullMarked;
