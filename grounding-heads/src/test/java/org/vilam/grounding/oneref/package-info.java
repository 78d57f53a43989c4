@NullMarked
package org.vilam.grounding.oneref;

import org.jspecify.annotations.NullMarked;
