/** Test support: the reference numbers the networks and functions are measured against, and the shared real images. */
@NullMarked
package org.vilam.vision.parity;

import org.jspecify.annotations.NullMarked;
