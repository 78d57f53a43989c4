/**
 * OneRef's heads (Xiao et al. 2024, "OneRef: Unified One-tower Expression Grounding and Segmentation with Mask Referring
 * Modeling"): from a BEiT-3 encoding to one box (REC) or one mask (RES), its losses, and the answers in pixels. Names of weights
 * are those of the official checkpoints.
 */
@NullMarked
package org.vilam.grounding.oneref;

import org.jspecify.annotations.NullMarked;
