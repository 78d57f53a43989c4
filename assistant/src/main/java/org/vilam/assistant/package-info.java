/**
 * The assistant: the language model, the composed model, the router and the dialogue.
 */
@NullMarked
package org.vilam.assistant;

import org.jspecify.annotations.NullMarked;
