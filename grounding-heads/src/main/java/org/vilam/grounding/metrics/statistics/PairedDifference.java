package org.vilam.grounding.metrics.statistics;

/**
 * How much better the second of two systems is on the same samples.
 *
 * @param difference the second system's statistic minus the first's, on all samples
 * @param interval bootstrap interval of the difference; one that leaves out 0 speaks for a real difference at its level
 * @param shareAbove share of resamples in which the second system was better, a tie counting one half; in [0, 1]
 */
public record PairedDifference(double difference, Interval interval, double shareAbove) {}
