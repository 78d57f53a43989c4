@NullMarked
package org.vilam.grounding.loss;

import org.jspecify.annotations.NullMarked;
