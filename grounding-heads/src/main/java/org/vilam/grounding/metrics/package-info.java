/**
 * Scores of answers, each defined by the paper or tool it is compared with.
 *
 * <p>A metric is filled one answer at a time and keeps one small sample for each, so that intervals and paired comparisons
 * come from the same definition as the score; every answer counts, one that could not be parsed as wrong and in a count of
 * its own. Scores are fractions (not per cent), and a score that its samples do not define is an empty
 * {@link java.util.OptionalDouble}. Text scores, COCO's average precision and statistics have packages of their own below.
 */
@NullMarked
package org.vilam.grounding.metrics;

import org.jspecify.annotations.NullMarked;
