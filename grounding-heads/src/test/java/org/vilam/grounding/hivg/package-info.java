@NullMarked
package org.vilam.grounding.hivg;

import org.jspecify.annotations.NullMarked;
