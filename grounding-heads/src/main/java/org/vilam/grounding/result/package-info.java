/**
 * The one result of this project: what REST, the browser, exports, the store and evaluation all read and write. {@link
 * org.vilam.grounding.result.GroundingResult} holds it, {@link org.vilam.grounding.result.GroundingJson} is its only mapping to
 * JSON.
 */
@NullMarked
package org.vilam.grounding.result;

import org.jspecify.annotations.NullMarked;
