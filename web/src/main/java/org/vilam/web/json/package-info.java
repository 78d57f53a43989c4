/**
 * How JSON is read and written: one mapper for everything that goes out, and strict reading of everything that comes in, so that
 * a misspelt field is refused by name and never ignored.
 */
@NullMarked
package org.vilam.web.json;

import org.jspecify.annotations.NullMarked;
