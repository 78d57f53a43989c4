@NullMarked
package org.vilam.grounding.decoder;

import org.jspecify.annotations.NullMarked;
