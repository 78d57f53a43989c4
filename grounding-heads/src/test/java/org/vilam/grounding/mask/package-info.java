@NullMarked
package org.vilam.grounding.mask;

import org.jspecify.annotations.NullMarked;
