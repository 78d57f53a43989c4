/**
 * What a question means after the turns before it, and how its answer is put. A {@link
 * org.vilam.assistant.dialogue.DialogueAssistant} routes an instruction, resolves "it" and "the second one" against the dialogue's
 * objects, asks the grounder and the language model, decides between found, absent and ambiguous, and says so in sentences whose
 * parts are linked to objects.
 */
@NullMarked
package org.vilam.assistant.dialogue;

import org.jspecify.annotations.NullMarked;
