/**
 * EVA's vision transformer ViT-g/14, the image encoder of BLIP-2, InstructBLIP and ViLaM (Fang et al. 2022).
 *
 * <p>Pre-norm blocks with learned absolute positions; no norm at the end, since {@code ln_vision} of BLIP-2 follows. Weights
 * are named as in Hugging Face's InstructBLIP; LAVIS's names are mapped onto them.
 */
@NullMarked
package org.vilam.vision.eva;

import org.jspecify.annotations.NullMarked;
