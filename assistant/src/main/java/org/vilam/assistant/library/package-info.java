/**
 * The models there are: the bundled one, and those in folders of the user's. Each is told from its own files, opened by its
 * name, and given out as an assistant.
 */
@NullMarked
package org.vilam.assistant.library;

import org.jspecify.annotations.NullMarked;
