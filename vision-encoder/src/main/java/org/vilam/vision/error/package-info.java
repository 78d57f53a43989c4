/**
 * The one root of all errors a person can meet, with a stable code and the next step to take.
 */
@NullMarked
package org.vilam.vision.error;

import org.jspecify.annotations.NullMarked;
