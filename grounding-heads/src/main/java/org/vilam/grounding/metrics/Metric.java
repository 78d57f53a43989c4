package org.vilam.grounding.metrics;

import java.util.List;

/**
 * What was measured on each evaluated item, ready for a {@link org.vilam.grounding.metrics.statistics.Statistic} and for
 * resampling.
 *
 * @param <S> what was measured on one item
 */
public interface Metric<S> {
    /** One sample for each item, wrong and unparseable answers included, in the order they were added. */
    List<S> samples();

    /** For each sample the image it belongs to, the clusters of a bootstrap. */
    List<String> images();

    /** How many of the samples stand for an answer that could not be parsed. */
    int unparseable();
}
