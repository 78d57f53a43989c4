@NullMarked
package org.vilam.grounding.c3vg;

import org.jspecify.annotations.NullMarked;
