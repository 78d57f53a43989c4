/**
 * Pictures between the caller, the store and the model: taken in through the image door, kept as they came, and given out
 * upright in a form that every browser shows.
 */
@NullMarked
package org.vilam.web.image;

import org.jspecify.annotations.NullMarked;
