/**
 * The parts that mask heads are made of. A mask head enlarges the encoder's patches by transposed convolutions with batch norm
 * and compares every place with what the text says; OneRef and C3VG have one each.
 */
@NullMarked
package org.vilam.grounding.mask;

import org.jspecify.annotations.NullMarked;
