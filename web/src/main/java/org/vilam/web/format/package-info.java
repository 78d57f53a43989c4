/**
 * Results in the file formats of other tools, and annotations of other tools as results. Each format is one class that names the
 * document it follows; all of them write the same bytes for the same result, without dates or random names.
 */
@NullMarked
package org.vilam.web.format;

import org.jspecify.annotations.NullMarked;
