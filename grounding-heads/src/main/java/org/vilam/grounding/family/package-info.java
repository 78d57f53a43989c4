/**
 * What the families of published models ({@link org.vilam.vision.checkpoint.ModelFamily}) share when their files are read: sizes
 * seen in tensors, and the input of their probes.
 */
@NullMarked
package org.vilam.grounding.family;

import org.jspecify.annotations.NullMarked;
