package org.vilam.grounding.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.vilam.vision.geometry.Mask;
import org.vilam.vision.image.PixelSpacing;

final class MaskMetricsTest {
    private static final PixelSpacing PIXELS = new PixelSpacing(1, 1);
    private static final Offset<Double> EXACT = within(1e-12);

    /** A filled rectangle on a canvas of 20 x 10. */
    private static Mask rectangle(int x1, int y1, int x2, int y2) {
        return Mask.where(20, 10, (x, y) -> x >= x1 && x < x2 && y >= y1 && y < y2);
    }

    private static Mask random(int width, int height, long seed) {
        Random random = new Random(seed);
        double share = random.nextDouble();
        return Mask.where(width, height, (x, y) -> random.nextDouble() < share);
    }

    @Test
    void segmentation_by_hand() {
        ReferringSegmentation res = new ReferringSegmentation();
        res.add("a", rectangle(0, 0, 10, 10), rectangle(0, 0, 5, 10)); // 50 of 100
        res.add("a", rectangle(0, 0, 2, 5), rectangle(0, 0, 2, 5)); // 10 of 10
        res.addUnparseable("b", rectangle(0, 0, 4, 10)); // 0 of 40
        ReferringSegmentation.Result result = res.result();
        assertThat(result.meanIou().orElseThrow()).isCloseTo(0.5, EXACT);
        assertThat(result.overallIou().orElseThrow()).isCloseTo(60 / 150.0, EXACT);
        assertThat(result.precision().get(0).value().orElseThrow()).isCloseTo(2 / 3.0, EXACT);
        assertThat(result.precision().get(1).value().orElseThrow()).isCloseTo(1 / 3.0, EXACT);
        assertThat(result.unparseable()).isEqualTo(1);
    }

    @Test
    void segmentation_without_pixels() {
        ReferringSegmentation res = new ReferringSegmentation();
        assertThat(res.result().meanIou()).isEmpty();
        res.add("a", Mask.empty(20, 10), Mask.empty(20, 10));
        assertThat(res.result().meanIou()).hasValue(0);
        assertThat(res.result().overallIou()).isEmpty();
    }

    @Test
    void generalised_segmentation_by_hand() {
        GeneralizedRes gres = new GeneralizedRes();
        gres.add("a", rectangle(0, 0, 10, 10), rectangle(0, 0, 8, 10)); // 80 of 100
        gres.add("b", Mask.empty(20, 10), rectangle(0, 0, 2, 10)); // wrong, 20 pixels into the union
        gres.add("c", Mask.empty(20, 10), Mask.empty(20, 10)); // right
        gres.addUnparseable("d", rectangle(0, 0, 3, 10)); // 0 of 30
        gres.addUnparseable("e", Mask.empty(20, 10));
        GeneralizedRes.Result result = gres.result();
        assertThat(result.gIou().orElseThrow()).isCloseTo(1.8 / 5, EXACT);
        assertThat(result.cIou().orElseThrow()).isCloseTo(80 / 150.0, EXACT);
        assertThat(result.noTargetAccuracy().orElseThrow()).isCloseTo(1 / 3.0, EXACT);
        assertThat(result.targetAccuracy()).hasValue(0.5);
        assertThat(result.precision().stream().map(p -> p.value().orElseThrow()))
                .containsExactly(0.5, 0.5, 0.0);
        assertThat(result.unparseable()).isEqualTo(2);
    }

    @Test
    void generalised_segmentation_without_a_pixel_or_an_expression() {
        GeneralizedRes gres = new GeneralizedRes();
        assertThat(gres.result().gIou()).isEmpty();
        gres.add("a", Mask.empty(20, 10), Mask.empty(20, 10));
        assertThat(gres.result().gIou()).hasValue(1);
        assertThat(gres.result().cIou()).isEmpty();
        assertThat(gres.result().targetAccuracy()).isEmpty();
        assertThat(gres.result().precision())
                .allSatisfy(p -> assertThat(p.value()).isEmpty());
    }

    @Test
    void a_border_is_one_pixel_wide_and_runs_along_the_image() {
        assertThat(SurfaceDistances.border(rectangle(2, 2, 7, 6)))
                .isEqualTo(rectangle(2, 2, 7, 6).difference(rectangle(3, 3, 6, 5)));
        assertThat(SurfaceDistances.border(Mask.full(20, 10)))
                .isEqualTo(Mask.full(20, 10).difference(rectangle(1, 1, 19, 9)));
        assertThat(SurfaceDistances.border(rectangle(4, 4, 6, 6))).isEqualTo(rectangle(4, 4, 6, 6));
        assertThat(SurfaceDistances.border(Mask.empty(20, 10)).isEmpty()).isTrue();
    }

    @Test
    void distances_by_hand() {
        // Two columns of 10 pixels, 5 apart: every distance is 5 pixels, or 2.5 mm at half a millimetre across.
        Mask left = rectangle(3, 0, 4, 10);
        Mask right = rectangle(8, 0, 9, 10);
        SurfaceDistances distances =
                SurfaceDistances.between(left, right, PIXELS).orElseThrow();
        assertThat(distances.hausdorff()).isEqualTo(5);
        assertThat(distances.hausdorff95()).isEqualTo(5);
        assertThat(distances.mean()).isEqualTo(5);
        assertThat(SurfaceDistances.between(left, right, new PixelSpacing(0.5, 3))
                        .orElseThrow()
                        .hausdorff95())
                .isEqualTo(2.5);
        // One pixel against two, 3 and 3 + 1 away: distances 3 | 3, 4; the 95th percentile lies 0.9 of the way from 3
        // to 4.
        SurfaceDistances few = SurfaceDistances.between(rectangle(0, 0, 1, 1), rectangle(3, 0, 5, 1), PIXELS)
                .orElseThrow();
        assertThat(few.hausdorff()).isEqualTo(4);
        assertThat(few.hausdorff95()).isCloseTo(3.9, EXACT);
        assertThat(few.hausdorff95MaxOfDirected()).isCloseTo(3.95, EXACT);
        assertThat(few.mean()).isCloseTo(10 / 3.0, EXACT);
    }

    /** scipy 1.10's binary_erosion and distance_transform_edt with numpy's percentile, as MedPy and MONAI put them together. */
    @Test
    void distances_equal_scipy() {
        Mask disc = Mask.where(50, 40, (x, y) -> (x - 20) * (x - 20) + (y - 18) * (y - 18) <= 144);
        Mask ellipse = Mask.where(50, 40, (x, y) -> (x - 24) * (x - 24) / 225.0 + (y - 20) * (y - 20) / 81.0 <= 1);
        assertThat(disc.area()).isEqualTo(441);
        assertThat(ellipse.area()).isEqualTo(421);
        assertDistances(
                SurfaceDistances.between(disc, ellipse, PIXELS).orElseThrow(),
                7.280109889280518,
                6.082762530298219,
                6.573926918242456,
                2.7764309657392743);
        assertDistances(
                SurfaceDistances.between(disc, ellipse, new PixelSpacing(0.4, 0.7))
                        .orElseThrow(),
                3.8483762809787714,
                3.1729787373685756,
                3.491139516022557,
                1.4760559784170562);
        Mask two = Mask.where(
                50,
                40,
                (x, y) -> (x - 10) * (x - 10) + (y - 10) * (y - 10) <= 25
                        || (x - 40) * (x - 40) + (y - 30) * (y - 30) <= 16);
        Mask one = Mask.where(50, 40, (x, y) -> (x - 10) * (x - 10) + (y - 10) * (y - 10) <= 36);
        assertDistances(
                SurfaceDistances.between(two, one, PIXELS).orElseThrow(),
                33.83784863137726,
                32.8266486847371,
                33.49070878530014,
                8.333773052221257);
        Mask edge = Mask.where(50, 40, (x, y) -> x >= 30);
        assertDistances(
                SurfaceDistances.between(edge, Mask.full(50, 40), PIXELS).orElseThrow(), 30, 30, 30, 8.39041095890411);
    }

    private static void assertDistances(
            SurfaceDistances d, double largest, double pooled, double directed, double mean) {
        assertThat(d.hausdorff()).isCloseTo(largest, EXACT);
        assertThat(d.hausdorff95()).isCloseTo(pooled, EXACT);
        assertThat(d.hausdorff95MaxOfDirected()).isCloseTo(directed, EXACT);
        assertThat(d.mean()).isCloseTo(mean, EXACT);
    }

    @Property(tries = 300)
    void the_distance_transform_equals_a_search_of_all_pixels(
            @ForAll @IntRange(min = 1, max = 12) int width,
            @ForAll @IntRange(min = 1, max = 12) int height,
            @ForAll @IntRange(max = 10_000) int seed) {
        Mask mask = random(width, height, seed);
        if (mask.isEmpty()) {
            return;
        }
        PixelSpacing spacing = new PixelSpacing(0.3 + seed % 3, 0.8);
        double[] squared = DistanceTransform.squared(mask, spacing);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                double nearest = Double.POSITIVE_INFINITY;
                for (int v = 0; v < height; v++) {
                    for (int u = 0; u < width; u++) {
                        if (mask.get(u, v)) {
                            double dx = spacing.x() * (u - x);
                            double dy = spacing.y() * (v - y);
                            nearest = Math.min(nearest, dx * dx + dy * dy);
                        }
                    }
                }
                assertThat(squared[y * width + x]).isCloseTo(nearest, within(1e-9));
            }
        }
    }

    @Property(tries = 200)
    void distances_are_symmetric_ordered_and_0_to_oneself(@ForAll @IntRange(max = 10_000) int seed) {
        Mask a = random(9, 7, seed);
        Mask b = random(9, 7, seed + 1L);
        SurfaceDistances.between(a, a, PIXELS)
                .ifPresent(same -> assertThat(same.hausdorff()).isZero());
        assertThat(SurfaceDistances.between(a, b, PIXELS).isPresent()).isEqualTo(!a.isEmpty() && !b.isEmpty());
        SurfaceDistances.between(a, b, PIXELS).ifPresent(there -> {
            SurfaceDistances back = SurfaceDistances.between(b, a, PIXELS).orElseThrow();
            assertThat(back.hausdorff95()).isCloseTo(there.hausdorff95(), EXACT);
            assertThat(back.hausdorff95MaxOfDirected()).isEqualTo(there.hausdorff95MaxOfDirected());
            assertThat(back.mean()).isCloseTo(there.mean(), EXACT);
            assertThat(there.hausdorff95()).isLessThanOrEqualTo(there.hausdorff());
            assertThat(there.mean()).isLessThanOrEqualTo(there.hausdorff());
            assertThat(there.hausdorff()).isLessThan(Math.hypot(9, 7));
        });
    }

    @Test
    void dice_and_hd95_by_hand() {
        MaskAgreement agreement = new MaskAgreement();
        agreement.add("a", rectangle(3, 0, 4, 10), rectangle(3, 0, 5, 10)); // Dice 20/30; distances 0 x 20, 1 x 10
        agreement.add("b", Mask.empty(20, 10), Mask.empty(20, 10)); // 1 and 0
        agreement.add("c", rectangle(0, 0, 5, 5), Mask.empty(20, 10)); // 0 and undefined
        agreement.addUnparseable("d", Mask.empty(20, 10), PIXELS); // 0 and undefined
        MaskAgreement.Result result = agreement.result();
        assertThat(result.dice().orElseThrow()).isCloseTo((2 / 3.0 + 1) / 4, EXACT);
        assertThat(result.undefined()).isEqualTo(2);
        assertThat(result.unparseable()).isEqualTo(1);
        // Borders: a column, and two columns: 20 times 0, 10 times 1; the 95th percentile of 30 values is 1.
        assertThat(result.hausdorff95()).hasValue(0.5);
        assertThat(result.penalisedHausdorff95().orElseThrow()).isCloseTo((1 + 2 * Math.hypot(20, 10)) / 4, EXACT);
    }

    @Test
    void no_masks_are_undefined_and_unequal_sizes_refused() {
        MaskAgreement.Result result = new MaskAgreement().result();
        assertThat(result.dice()).isEmpty();
        assertThat(result.hausdorff95()).isEmpty();
        assertThat(result.penalisedHausdorff95()).isEmpty();
        assertThatThrownBy(() -> SurfaceDistances.between(Mask.full(2, 2), Mask.full(3, 2), PIXELS))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SurfaceDistances.between(Mask.full(2, 2), Mask.full(2, 2), new PixelSpacing(0, 1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Property(tries = 200)
    void dice_and_iou_are_symmetric_in_0_to_1_and_agree(@ForAll @IntRange(max = 10_000) int seed) {
        Mask a = random(8, 9, seed);
        Mask b = random(8, 9, seed + 1L);
        MaskAgreement agreement = new MaskAgreement();
        agreement.add("there", a, b);
        agreement.add("back", b, a);
        agreement.add("same", a, a);
        double dice = agreement.samples().get(0).dice();
        assertThat(dice).isBetween(0.0, 1.0);
        assertThat(agreement.samples().get(1).dice()).isEqualTo(dice);
        assertThat(agreement.samples().get(2).dice()).isEqualTo(1);
        assertThat(agreement.samples().get(2).hausdorff95()).hasValue(0);
        if (!a.isEmpty() || !b.isEmpty()) {
            ReferringSegmentation res = new ReferringSegmentation();
            res.add("there", a, b);
            double iou = res.result().meanIou().orElseThrow();
            assertThat(dice).isCloseTo(2 * iou / (1 + iou), EXACT);
        }
    }
}
