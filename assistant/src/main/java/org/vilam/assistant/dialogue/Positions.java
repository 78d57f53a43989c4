package org.vilam.assistant.dialogue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.vilam.vision.geometry.Box;

/** Says where boxes lie among one another: left and right, upper and lower, second from the left. */
final class Positions {
    private static final List<String> ORDINALS = List.of(
            "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth");
    /** Places this part of the boxes' size apart look the same. */
    private static final double SAME = 0.25;

    private final List<Box> boxes;
    private final boolean across;

    Positions(List<Box> boxes) {
        this.boxes = List.copyOf(boxes);
        this.across = spread(b -> b.centre().x()) >= spread(b -> b.centre().y());
    }

    private double spread(ToDoubleFunction<Box> place) {
        double least = boxes.stream().mapToDouble(place).min().orElse(0);
        double most = boxes.stream().mapToDouble(place).max().orElse(0);
        return most - least;
    }

    /** Indices from left to right, or from top to bottom where the boxes lie above one another. */
    List<Integer> inOrder() {
        Comparator<Box> order = across
                ? Comparator.comparingDouble((Box b) -> b.centre().x())
                        .thenComparingDouble(b -> b.centre().y())
                : Comparator.comparingDouble((Box b) -> b.centre().y())
                        .thenComparingDouble(b -> b.centre().x());
        List<Integer> indices = new ArrayList<>(IntStream.range(0, boxes.size()).boxed().toList());
        indices.sort(Comparator.comparing(boxes::get, order));
        return indices;
    }

    /** One word or two for each box, all different: "left", "lower", "larger", "third from the left". */
    List<String> names() {
        List<Integer> order = inOrder();
        int n = boxes.size();
        List<String> names = new ArrayList<>(Collections.nCopies(n, ""));
        for (int place = 0; place < n; place++) {
            names.set(order.get(place), name(place, order));
        }
        return names;
    }

    private String name(int place, List<Integer> order) {
        int n = order.size();
        String first = across ? "left" : "upper";
        String last = across ? "right" : "lower";
        if (n == 2 && together()) {
            double here = boxes.get(order.get(place)).area();
            double there = boxes.get(order.get(1 - place)).area();
            return here > there || (here == there && place == 0) ? "larger" : "smaller";
        } else if (n == 2 || (n == 3 && place != 1)) {
            return place == 0 ? first : last;
        } else if (n == 3) {
            return "middle";
        }
        return ordinal(place) + " from the " + (across ? "left" : "top");
    }

    /** Whether the middles of two boxes nearly fall together, as when one lies in the other. */
    private boolean together() {
        double size = boxes.stream()
                .mapToDouble(b -> Math.max(b.width(), b.height()))
                .max()
                .orElse(0);
        return Math.max(spread(b -> b.centre().x()), spread(b -> b.centre().y())) < SAME * size;
    }

    /** "First" for 0. */
    static String ordinal(int index) {
        return index < ORDINALS.size() ? ORDINALS.get(index) : (index + 1) + "th";
    }

    /** 0 for "first" and "1st", -1 for what is no ordinal. */
    static int ordinal(String word) {
        int index = ORDINALS.indexOf(word);
        return index >= 0 ? index : word.matches("\\d{1,2}(st|nd|rd|th)") ? Integer.parseInt(word.replaceAll("\\D", "")) - 1 : -1;
    }
}
