@NullMarked
package org.vilam.vision.clip;

import org.jspecify.annotations.NullMarked;
