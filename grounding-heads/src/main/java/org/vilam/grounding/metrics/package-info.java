/**
 * Scores of answers, each defined by the paper or tool it is compared with.
 */
@NullMarked
package org.vilam.grounding.metrics;

import org.jspecify.annotations.NullMarked;
