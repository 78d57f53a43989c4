/**
 * Places as text, the way ViLaM lets a language model read and write them (arXiv 2311.12327): integers 0..1000, each axis
 * scaled by its own side of the image.
 *
 * <p>Prompts and training targets are written here, and answers are read back strictly: what is no place is no answer, and
 * never an exception.
 */
@NullMarked
package org.vilam.grounding.language;

import org.jspecify.annotations.NullMarked;
