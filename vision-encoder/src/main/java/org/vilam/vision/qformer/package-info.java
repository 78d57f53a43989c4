/**
 * The querying transformer of BLIP-2 and InstructBLIP (Li et al. 2023; Dai et al. 2023), which turns an image and an
 * instruction into a few vectors for the language model.
 *
 * <p>Learned queries and the instruction's tokens attend to each other in every layer, and in every second one the queries
 * look at the image. Weights are named as in Hugging Face's InstructBLIP; LAVIS's names are mapped onto them.
 */
@NullMarked
package org.vilam.vision.qformer;

import org.jspecify.annotations.NullMarked;
