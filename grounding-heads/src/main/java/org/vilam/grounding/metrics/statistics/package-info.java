/**
 * How sure a score is: intervals, paired comparisons, ranking and calibration of confidences.
 *
 * <p>Everything is a pure function of a list of samples, so the same definition serves the point estimate and each
 * resample of the bootstrap (Efron and Tibshirani 1993). Numbers that may not exist are {@link java.util.OptionalDouble}s,
 * never NaN.
 */
@NullMarked
package org.vilam.grounding.metrics.statistics;

import org.jspecify.annotations.NullMarked;
