package org.vilam.assistant.dialogue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.vilam.assistant.Dialogue;
import org.vilam.assistant.Dialogue.Turn;
import org.vilam.grounding.result.FoundObject;
import org.vilam.grounding.result.GroundingResult;
import org.vilam.grounding.result.GroundingResult.Status;
import org.vilam.vision.geometry.Box;

/**
 * What there is to refer to.
 *
 * @param focus what "it" or "them" is: the objects last spoken of
 * @param group the objects among which "the second one" and "the other one" are: those last found together
 * @param known every object of the dialogue as it is now, by id
 * @param last the turn before, if there is one
 */
record Memory(
        List<FoundObject> focus, List<FoundObject> group, Map<String, FoundObject> known, @Nullable Turn last) {
    /** Boxes that overlap more are the same object, seen again. */
    static final double SAME = 0.8;

    Memory {
        focus = List.copyOf(focus);
        group = List.copyOf(group);
    }

    static Memory of(Dialogue dialogue) {
        Memory memory = new Memory(List.of(), List.of(), Map.of(), null);
        for (Turn turn : dialogue.turns()) {
            memory = memory.after(turn);
        }
        return memory;
    }

    private Memory after(Turn turn) {
        GroundingResult result = turn.result();
        boolean asks = result.status() == Status.AMBIGUOUS;
        List<FoundObject> shown = asks ? result.alternatives() : result.objects();
        Memory next = shown.isEmpty() ? this : seeing(shown, asks ? List.of() : result.alternatives());
        Map<String, FoundObject> all = new LinkedHashMap<>(next.known);
        result.alternatives().forEach(o -> all.putIfAbsent(o.id(), o));
        return new Memory(next.focus, next.group, all, turn);
    }

    /**
     * After objects have been shown.
     *
     * @param others what else fitted
     */
    Memory seeing(List<FoundObject> shown, List<FoundObject> others) {
        Map<String, FoundObject> all = new LinkedHashMap<>(known);
        shown.forEach(o -> all.put(o.id(), o));
        List<FoundObject> together = shown;
        if (shown.size() == 1) {
            FoundObject one = shown.get(0);
            boolean amongThem = group.stream().anyMatch(o -> same(o.box(), one.box()));
            together = amongThem ? group : Stream.concat(shown.stream(), others.stream()).toList();
        }
        return new Memory(shown, together, all, last);
    }

    /** The objects of the group that are not in focus. */
    List<FoundObject> others() {
        return group.stream()
                .filter(o -> focus.stream().noneMatch(f -> same(f.box(), o.box())))
                .toList();
    }

    /** An object of the dialogue at this place, or null. */
    @Nullable FoundObject at(Box box) {
        FoundObject best = null;
        for (FoundObject object : known.values()) {
            double iou = object.box().iou(box);
            if (iou >= SAME && (best == null || iou > best.box().iou(box))) {
                best = object;
            }
        }
        return best;
    }

    /** Ids that are taken. */
    List<String> ids() {
        return new ArrayList<>(known.keySet());
    }

    static boolean same(Box a, Box b) {
        return a.iou(b) >= SAME;
    }
}
