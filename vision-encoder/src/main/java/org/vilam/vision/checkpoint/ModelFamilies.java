package org.vilam.vision.checkpoint;

import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

/** The families on the class path. */
public final class ModelFamilies {
    private ModelFamilies() {}

    /** All of them, by name. */
    public static List<ModelFamily> all() {
        return ServiceLoader.load(ModelFamily.class, ModelFamily.class.getClassLoader()).stream()
                .map(ServiceLoader.Provider::get)
                .sorted(Comparator.comparing(ModelFamily::name))
                .toList();
    }

    /**
     * The family of a name.
     *
     * @throws VilamException INVALID_ARGUMENT when there is none
     */
    public static ModelFamily named(String name) {
        return all().stream()
                .filter(family -> family.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new VilamException(
                        ErrorCode.INVALID_ARGUMENT,
                        "there is no model family " + Refusals.legible(name),
                        "Families are " + names(all()) + "."));
    }

    /**
     * The one family whose tensors these are.
     *
     * @throws VilamException CHECKPOINT_MISMATCH when none or several recognise them
     */
    public static ModelFamily of(TensorSource published) {
        List<ModelFamily> fitting =
                all().stream().filter(family -> family.recognises(published)).toList();
        if (fitting.size() != 1) {
            String some =
                    published.names().stream().limit(3).map(Refusals::legible).collect(Collectors.joining(", "));
            throw new VilamException(
                    ErrorCode.CHECKPOINT_MISMATCH,
                    fitting.isEmpty()
                            ? "no family of models has tensors like " + some
                            : "these tensors could be of " + names(fitting),
                    "Name the family; there are " + names(all()) + ".");
        }
        return fitting.get(0);
    }

    private static String names(List<ModelFamily> families) {
        return families.stream().map(ModelFamily::name).collect(Collectors.joining(", "));
    }
}
