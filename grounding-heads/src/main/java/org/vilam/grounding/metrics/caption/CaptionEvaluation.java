package org.vilam.grounding.metrics.caption;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.vilam.grounding.metrics.Metric;
import org.vilam.grounding.metrics.statistics.Statistic;

/**
 * Generated descriptions against those people wrote (referring expression generation): BLEU, CIDEr-D, METEOR.
 *
 * <p>Texts are cut by {@link PtbTokenizer}. The n-gram weights of CIDEr-D come from the references of all descriptions added,
 * so samples are scored when asked for; in a bootstrap they keep these weights. A description that could not be had from an
 * answer counts as an empty text, 0 in every score.
 */
public final class CaptionEvaluation implements Metric<CaptionEvaluation.Sample> {
    private final List<CaptionSample> captions = new ArrayList<>();
    private final List<String> images = new ArrayList<>();
    private int unparseable;
    private @Nullable List<Sample> scored;

    /**
     * One description.
     *
     * @param bleu its counts
     * @param ciderD in [0, 10]
     * @param meteor in [0, 1]
     */
    public record Sample(Bleu.Counts bleu, double ciderD, double meteor) {}

    /**
     * The scores.
     *
     * @param count descriptions
     * @param unparseable answers without a description
     * @param bleu BLEU-1 to BLEU-4 of the whole set, empty for no descriptions
     * @param ciderD mean, empty for no descriptions
     * @param meteor mean of METEOR (exact + stem), empty for no descriptions
     */
    public record Result(
            int count, int unparseable, List<OptionalDouble> bleu, OptionalDouble ciderD, OptionalDouble meteor) {}

    /**
     * Adds a description.
     *
     * @param references at least one text
     */
    public void add(String image, String description, List<String> references) {
        captions.add(CaptionSample.ofTexts(description, references));
        images.add(Objects.requireNonNull(image, "image"));
        scored = null;
    }

    /** Adds a region for which the answer holds no description. */
    public void addUnparseable(String image, List<String> references) {
        add(image, "", references);
        unparseable++;
    }

    @Override
    public List<Sample> samples() {
        List<Sample> known = scored;
        if (known == null) {
            known = score(captions);
            scored = known;
        }
        return known;
    }

    @Override
    public List<String> images() {
        return Collections.unmodifiableList(images);
    }

    @Override
    public int unparseable() {
        return unparseable;
    }

    /** The scores of all descriptions added so far. */
    public Result result() {
        return new Result(
                captions.size(),
                unparseable,
                IntStream.rangeClosed(1, Bleu.MAX_ORDER)
                        .mapToObj(n -> bleu(n).of(samples()))
                        .toList(),
                ciderD().of(samples()),
                meteor().of(samples()));
    }

    /** BLEU-n of the whole set, n in 1..4. */
    public static Statistic<Sample> bleu(int n) {
        return samples -> Bleu.bleu(n).of(samples.stream().map(Sample::bleu).toList());
    }

    /** Mean CIDEr-D. */
    public static Statistic<Sample> ciderD() {
        return Statistic.mean(Sample::ciderD);
    }

    /** Mean METEOR (exact + stem). */
    public static Statistic<Sample> meteor() {
        return Statistic.mean(Sample::meteor);
    }

    private static List<Sample> score(List<CaptionSample> captions) {
        if (captions.isEmpty()) {
            return List.of();
        }
        CiderD ciderD =
                new CiderD(captions.stream().map(CaptionSample::references).toList());
        return captions.stream()
                .map(c -> new Sample(Bleu.Counts.of(c), ciderD.score(c), Meteor.score(c)))
                .toList();
    }
}
