/**
 * What every network shares: attention, norms, position tables, initialisers and shape checks, and the operation library
 * that gives them fused kernels.
 */
@NullMarked
package org.vilam.vision.tensor;

import org.jspecify.annotations.NullMarked;
