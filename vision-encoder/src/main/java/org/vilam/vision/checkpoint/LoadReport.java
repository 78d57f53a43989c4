package org.vilam.vision.checkpoint;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

/**
 * How the tensors of a source fit the parameters of a network.
 *
 * @param loaded parameters whose tensor is there in the right shape, in the order of the source
 * @param missing parameters without a tensor
 * @param unexpected tensors without a parameter
 * @param wrongShapes parameters whose tensor has another shape
 */
public record LoadReport(
        List<String> loaded, List<String> missing, List<String> unexpected, List<WrongShape> wrongShapes) {
    private static final int LISTED = 20;
    private static final int COMPARED = 2000;
    private static final int LONGEST = 300;

    /**
     * A tensor of another shape.
     *
     * @param name the parameter
     * @param expected the network's shape
     * @param found the tensor's shape
     */
    public record WrongShape(String name, Shape expected, Shape found) {}

    /** Compares without reading any elements. */
    public static LoadReport compare(TensorSource source, Map<String, Shape> parameters) {
        List<String> loaded = new ArrayList<>();
        List<String> unexpected = new ArrayList<>();
        List<WrongShape> wrongShapes = new ArrayList<>();
        for (String name : source.names()) {
            Shape expected = parameters.get(name);
            if (expected == null) {
                unexpected.add(name);
            } else if (expected.equals(source.shape(name))) {
                loaded.add(name);
            } else {
                wrongShapes.add(new WrongShape(name, expected, source.shape(name)));
            }
        }
        Set<String> missing = new LinkedHashSet<>(parameters.keySet());
        missing.removeAll(source.names());
        return new LoadReport(
                List.copyOf(loaded), List.copyOf(missing), List.copyOf(unexpected), List.copyOf(wrongShapes));
    }

    /**
     * Loads what fits, in the order of the source, and gives each array to {@code parameter}; what does not fit is in the
     * report.
     */
    public static LoadReport load(
            TensorSource source,
            Map<String, Shape> parameters,
            NDManager manager,
            BiConsumer<String, NDArray> parameter) {
        LoadReport report = compare(source, parameters);
        report.loaded().forEach(name -> parameter.accept(name, source.load(name, manager)));
        return report;
    }

    /** Whether every parameter has its tensor; further tensors do not matter. */
    public boolean complete() {
        return missing.isEmpty() && wrongShapes.isEmpty();
    }

    /**
     * This report, if every parameter has its tensor.
     *
     * @throws VilamException CHECKPOINT_MISMATCH with the whole report as its message
     */
    public LoadReport requireComplete() {
        if (!complete()) {
            throw mismatch();
        }
        return this;
    }

    /**
     * This report, if parameters and tensors correspond one to one.
     *
     * @throws VilamException CHECKPOINT_MISMATCH with the whole report as its message
     */
    public LoadReport requireExact() {
        if (!complete() || !unexpected.isEmpty()) {
            throw mismatch();
        }
        return this;
    }

    private VilamException mismatch() {
        return new VilamException(
                ErrorCode.CHECKPOINT_MISMATCH,
                "the weights do not fit the network: " + text(),
                "Check that weights and config.json belong together and that the key map is the one for this family.");
    }

    /** The report for a person: counts, then names with, for a missing one, the most alike unexpected one. */
    public String text() {
        StringBuilder text = new StringBuilder();
        text.append(loaded.size()).append(" loaded, ");
        text.append(missing.size()).append(" missing, ");
        text.append(wrongShapes.size()).append(" of wrong shape, ");
        text.append(unexpected.size()).append(" unexpected");
        list(text, "missing", missing, this::withSuggestion);
        list(
                text,
                "wrong shape",
                wrongShapes,
                wrong -> wrong.name() + ": expected " + wrong.expected() + ", found " + wrong.found());
        list(text, "unexpected", unexpected, name -> name);
        return text.toString();
    }

    private static <T> void list(StringBuilder text, String title, List<T> items, Function<T, String> line) {
        items.stream()
                .limit(LISTED)
                .forEach(item -> text.append("\n  ").append(title).append(' ').append(line.apply(item)));
        if (items.size() > LISTED) {
            text.append("\n  ")
                    .append(title)
                    .append(": ")
                    .append(items.size() - LISTED)
                    .append(" more");
        }
    }

    private String withSuggestion(String name) {
        return unexpected.stream()
                .limit(COMPARED)
                .filter(other -> other.length() <= LONGEST && name.length() <= LONGEST)
                .map(other -> new Alike(other, distance(name, other)))
                .min(Comparator.comparingInt(Alike::distance))
                .filter(alike ->
                        alike.distance() <= Math.max(name.length(), alike.name().length()) / 2)
                .map(alike -> name + " (perhaps " + alike.name() + ")")
                .orElse(name);
    }

    private record Alike(String name, int distance) {}

    /** Levenshtein distance. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }

    @Override
    public String toString() {
        return text();
    }
}
