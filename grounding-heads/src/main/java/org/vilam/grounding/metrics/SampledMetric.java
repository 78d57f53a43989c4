package org.vilam.grounding.metrics;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/**
 * A metric that collects its samples in memory. Not safe for use by several threads.
 *
 * @param <S> what was measured on one item
 */
public abstract class SampledMetric<S> implements Metric<S> {
    private final List<S> samples = new ArrayList<>();
    private final List<String> images = new ArrayList<>();
    private int unparseable;

    /** An empty collection. */
    protected SampledMetric() {}

    /** Adds what was measured on an answer. */
    protected final void addSample(String image, S sample) {
        images.add(Objects.requireNonNull(image, "image"));
        samples.add(sample);
    }

    /** Adds the sample that stands for an answer that could not be parsed. */
    protected final void addUnparseableSample(String image, S wrong) {
        addSample(image, wrong);
        unparseable++;
    }

    @Override
    public final List<S> samples() {
        return Collections.unmodifiableList(samples);
    }

    @Override
    public final List<String> images() {
        return Collections.unmodifiableList(images);
    }

    @Override
    public final int unparseable() {
        return unparseable;
    }
}
