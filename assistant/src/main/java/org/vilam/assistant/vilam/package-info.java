/**
 * ViLaM as a whole: a BEiT-3 encoder, a Q-Former and a LLaMA, with the heads that answer in places.
 *
 * <p>An image alone goes through the encoder to the Q-Former, whose queries know the instruction, and on as soft prompts to the
 * language model, which answers in words or in 0..1000 coordinates (ViLaM, section 3; InstructBLIP, section 2.3). An image and an
 * expression go through the encoder as one sequence to the heads, which answer in boxes, masks and keypoints. Sizes are numbers in
 * {@code config.json}.
 */
@NullMarked
package org.vilam.assistant.vilam;

import org.jspecify.annotations.NullMarked;
