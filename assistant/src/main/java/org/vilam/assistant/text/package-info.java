/**
 * Words to token ids and back. A tokenizer is whatever a model folder's {@code tokenizer.json} says, read by Hugging Face's own
 * library, so that a model gives here the ids it was trained on. Streaming answers pass through a decoder that never shows half
 * a character.
 */
@NullMarked
package org.vilam.assistant.text;

import org.jspecify.annotations.NullMarked;
