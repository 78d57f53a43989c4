/**
 * The parts that box heads are made of: DETR's decoder, in which queries look at each other and at the encoder's tokens
 * (Carion et al. 2020, 3.2 and A.3), and the perceptrons that read boxes from its output. The names of their weights are
 * detrex's, as SimVG and C3VG have them.
 */
@NullMarked
package org.vilam.grounding.decoder;

import org.jspecify.annotations.NullMarked;
