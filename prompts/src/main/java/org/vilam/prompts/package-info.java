/**
 * Wording and nothing else: what is said to the language model and how its answers are spelled.
 *
 * <p>No tensor type and no I/O beyond reading this module's own text files.
 */
@NullMarked
package org.vilam.prompts;

import org.jspecify.annotations.NullMarked;
