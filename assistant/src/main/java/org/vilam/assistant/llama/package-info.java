/**
 * LLaMA, the decoder that speaks (Touvron et al. 2023), and the ways of choosing its next token.
 *
 * <p>{@link org.vilam.assistant.llama.LlamaModel} holds the weights and never changes; what one request changes lives in a
 * {@link org.vilam.vision.tensor.KvCache} and in the generation loop. Vicuna is LLaMA with other weights.
 */
@NullMarked
package org.vilam.assistant.llama;

import org.jspecify.annotations.NullMarked;
