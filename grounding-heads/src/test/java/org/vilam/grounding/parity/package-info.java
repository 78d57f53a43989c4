/** What the parity tests of this module share. */
@NullMarked
package org.vilam.grounding.parity;

import org.jspecify.annotations.NullMarked;
