/**
 * HiVG (Xiao et al. 2024, "HiVG: Hierarchical Multimodal Fine-grained Modulation for Visual Grounding"): CLIP's towers with a
 * cross-modal bridge from text to image blocks, an encoder that fuses both, and heads for a box and a mask.
 *
 * <p>The networks follow the official code, which produced the published numbers, where it differs from the paper; its bridge
 * mixes the texts of a batch, which {@link org.vilam.grounding.hivg.BridgePolicy} keeps or mends. Low-rank adapters are learned
 * in stages ({@link org.vilam.grounding.hivg.HiLoraStage}, section 3.3).
 */
@NullMarked
package org.vilam.grounding.hivg;

import org.jspecify.annotations.NullMarked;
