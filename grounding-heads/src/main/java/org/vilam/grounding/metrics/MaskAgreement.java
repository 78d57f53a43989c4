package org.vilam.grounding.metrics;

import java.util.OptionalDouble;
import org.vilam.grounding.metrics.statistics.Statistic;
import org.vilam.vision.geometry.Mask;
import org.vilam.vision.image.PixelSpacing;

/**
 * Dice and HD95, the scores of medical segmentation.
 *
 * <p>{@code Dice = 2 |A ∩ B| / (|A| + |B|)} (Dice 1945); two empty masks agree: 1. HD95 is
 * {@link SurfaceDistances#hausdorff95()}, for two empty masks 0. Where one mask is empty, or the answer could not be parsed,
 * HD95 is undefined and Dice 0. Leaving undefined distances out of a mean rewards a model for answering nothing, so the
 * result gives their number and a second mean in which each counts as the length of the image's diagonal, which no distance
 * between pixels exceeds.
 */
public final class MaskAgreement extends SampledMetric<MaskAgreement.Sample> {
    /**
     * One answer.
     *
     * @param dice in [0, 1]
     * @param hausdorff95 in the unit of the spacing, empty where undefined
     * @param diagonal of the image in the same unit
     */
    public record Sample(double dice, OptionalDouble hausdorff95, double diagonal) {}

    /**
     * The scores.
     *
     * @param count answers
     * @param unparseable answers that could not be parsed
     * @param dice mean, empty for no answers
     * @param hausdorff95 mean of the defined ones, empty where there are none
     * @param undefined how many are not
     * @param penalisedHausdorff95 mean in which an undefined one counts as the diagonal, empty for no answers
     */
    public record Result(
            int count,
            int unparseable,
            OptionalDouble dice,
            OptionalDouble hausdorff95,
            int undefined,
            OptionalDouble penalisedHausdorff95) {}

    /** Adds an answer measured in pixels. */
    public void add(String image, Mask truth, Mask answer) {
        add(image, truth, answer, new PixelSpacing(1, 1));
    }

    /** Adds an answer measured in millimetres; both masks have the image's size. */
    public void add(String image, Mask truth, Mask answer, PixelSpacing spacing) {
        long both = truth.area() + answer.area();
        double dice = both == 0 ? 1 : 2.0 * truth.intersectionArea(answer) / both;
        OptionalDouble distance = both == 0
                ? OptionalDouble.of(0)
                : SurfaceDistances.between(truth, answer, spacing)
                        .map(distances -> OptionalDouble.of(distances.hausdorff95()))
                        .orElse(OptionalDouble.empty());
        addSample(image, new Sample(dice, distance, diagonal(truth, spacing)));
    }

    /** Adds an item whose answer could not be parsed. */
    public void addUnparseable(String image, Mask truth, PixelSpacing spacing) {
        addUnparseableSample(image, new Sample(0, OptionalDouble.empty(), diagonal(truth, spacing)));
    }

    /** The scores of all answers added so far. */
    public Result result() {
        return new Result(
                samples().size(),
                unparseable(),
                dice().of(samples()),
                hausdorff95().of(samples()),
                (int) samples().stream().filter(s -> s.hausdorff95.isEmpty()).count(),
                penalisedHausdorff95().of(samples()));
    }

    /** Mean Dice. */
    public static Statistic<Sample> dice() {
        return Statistic.mean(Sample::dice);
    }

    /** Mean HD95 over the answers that have one. */
    public static Statistic<Sample> hausdorff95() {
        return Statistic.ratioOfSums(s -> s.hausdorff95.orElse(0), s -> s.hausdorff95.isPresent() ? 1 : 0);
    }

    /** Mean HD95 in which an undefined one counts as the image's diagonal. */
    public static Statistic<Sample> penalisedHausdorff95() {
        return Statistic.mean(s -> s.hausdorff95.orElse(s.diagonal));
    }

    private static double diagonal(Mask mask, PixelSpacing spacing) {
        return Math.hypot(mask.width() * spacing.x(), mask.height() * spacing.y());
    }
}
