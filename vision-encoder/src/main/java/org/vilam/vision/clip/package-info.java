/**
 * CLIP's two towers (Radford et al. 2021): a vision transformer for images, a causal transformer for texts, and the
 * projections into the space both share; ViT-B/16 and ViT-L/14 are presets.
 *
 * <p>Weights are named as in Hugging Face's CLIP, whose hidden states all towers give. Another network can step in between the
 * attention and the feed-forward network of every block of the image tower, which is where HiVG's bridge stands.
 */
@NullMarked
package org.vilam.vision.clip;

import org.jspecify.annotations.NullMarked;
