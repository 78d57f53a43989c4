/**
 * Weight files: safetensors with and without shards, and PyTorch files, which are read as data and never executed. Every form
 * is a {@link org.vilam.vision.checkpoint.TensorSource}; a {@link org.vilam.vision.checkpoint.KeyMap} shows it under the names
 * of a network's parameters and a {@link org.vilam.vision.checkpoint.LoadReport} says what fitted. A {@link
 * org.vilam.vision.checkpoint.ModelFolder} keeps weights together with configuration, tokenizer and provenance.
 */
@NullMarked
package org.vilam.vision.checkpoint;

import org.jspecify.annotations.NullMarked;
