/**
 * InstructBLIP with Vicuna, which ViLaM is without a change of the network (Dai et al. 2023; Yang et al. 2023): EVA ViT-g, a
 * Q-Former that reads the instruction, a projection, and LLaMA.
 *
 * <p>Weights are named as in Hugging Face's {@code InstructBlipForConditionalGeneration}; LAVIS's names, of whole and of
 * trimmed checkpoints, are mapped onto them and back. Places are read and written as text on the 0..1000 scale.
 */
@NullMarked
package org.vilam.assistant.instructblip;

import org.jspecify.annotations.NullMarked;
