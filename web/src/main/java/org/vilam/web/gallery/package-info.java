/**
 * Pictures to begin with, bundled with the program, and what to ask about them. Each question says what has to come of it, so
 * that every item is a test of the bundled model too.
 */
@NullMarked
package org.vilam.web.gallery;

import org.jspecify.annotations.NullMarked;
