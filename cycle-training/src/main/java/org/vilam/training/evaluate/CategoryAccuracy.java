package org.vilam.training.evaluate;

import java.util.Locale;
import java.util.Set;
import org.vilam.grounding.metrics.SampledMetric;
import org.vilam.grounding.metrics.statistics.Statistic;
import org.vilam.training.scene.SceneObject;

/**
 * Region to category: is the answer the noun of what lies in the region?
 *
 * <p>Exactly right is the object's category, whatever the case and without an article. Fitting is, beside that, every other noun
 * that the world lists for the object ("lung" for the left lung, "leukocyte" for a white blood cell), but not those that fit
 * nearly everything.
 */
final class CategoryAccuracy extends SampledMetric<CategoryAccuracy.Sample> {
    private static final Set<String> FIT_ALL = Set.of("object", "shape", "thing", "character");

    /**
     * One answer.
     *
     * @param exact it is the category
     * @param fitting it is the category or another noun of the object
     */
    record Sample(boolean exact, boolean fitting) {}

    void add(String image, SceneObject object, String answer) {
        String said = answer.strip()
                .toLowerCase(Locale.ROOT)
                .replaceFirst("^(a|an|the) ", "")
                .replaceFirst("\\.$", "");
        boolean exact = said.equals(object.category().toLowerCase(Locale.ROOT));
        boolean fitting = object.kinds().stream()
                .map(kind -> kind.toLowerCase(Locale.ROOT))
                .anyMatch(kind -> kind.equals(said) && !FIT_ALL.contains(kind));
        addSample(image, new Sample(exact, exact || fitting));
    }

    static Statistic<Sample> exact() {
        return Statistic.mean(s -> s.exact ? 1 : 0);
    }

    static Statistic<Sample> fitting() {
        return Statistic.mean(s -> s.fitting ? 1 : 0);
    }
}
