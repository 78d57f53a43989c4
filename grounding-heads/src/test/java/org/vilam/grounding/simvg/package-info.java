@NullMarked
package org.vilam.grounding.simvg;

import org.jspecify.annotations.NullMarked;
