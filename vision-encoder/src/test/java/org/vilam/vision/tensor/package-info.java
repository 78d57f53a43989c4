/** Tests of the operation library. */
@NullMarked
package org.vilam.vision.tensor;

import org.jspecify.annotations.NullMarked;
