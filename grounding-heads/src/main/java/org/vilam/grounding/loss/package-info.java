/**
 * The losses that heads learn from, as pure functions of arrays: boxes, masks, classes, and sets of boxes after a one-to-one
 * matching. Each names its paper and equals the reference code forward and backward; where that gives NaN, it stays finite.
 * Results come per pair or per sample, since the families differ in how they average.
 */
@NullMarked
package org.vilam.grounding.loss;

import org.jspecify.annotations.NullMarked;
