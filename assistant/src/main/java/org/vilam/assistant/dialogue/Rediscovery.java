package org.vilam.assistant.dialogue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.vilam.assistant.Progress.Stage;
import org.vilam.grounding.answer.Grounded;
import org.vilam.grounding.answer.Grounded.Found;
import org.vilam.grounding.answer.Grounder.Detail;
import org.vilam.grounding.result.FoundObject;
import org.vilam.prompts.Task;

/**
 * Finds known objects again, to draw them: grounders take words, not boxes. First by the words that found an object, then, where
 * there is a language model, by its description; what is found has to be where the object is.
 */
final class Rediscovery {
    private static final double SAME = 0.5;

    private final Eyes eyes;
    private final Detail detail;

    private Rediscovery(Eyes eyes, Detail detail) {
        this.eyes = eyes;
        this.detail = detail;
    }

    static Rediscovery of(Eyes eyes, Detail detail) {
        return new Rediscovery(eyes, detail);
    }

    /** What was found, by the objects' ids; those that were not are missing. */
    Map<String, Found> find(List<FoundObject> objects) {
        Map<String, Found> found = new LinkedHashMap<>();
        List<FoundObject> named = objects.stream().filter(o -> !o.phrase().isEmpty()).toList();
        look(named, named.stream().map(FoundObject::phrase).toList(), found);
        List<FoundObject> left = objects.stream().filter(o -> !found.containsKey(o.id())).toList();
        if (!left.isEmpty() && eyes.speaks()) {
            List<String> described = eyes.tell(
                    Task.DESCRIBE, left.stream().map(FoundObject::box).toList(), Stage.DESCRIBE);
            look(left, described, found);
        }
        return found;
    }

    private void look(List<FoundObject> objects, List<String> expressions, Map<String, Found> found) {
        if (objects.isEmpty()) {
            return;
        }
        List<Grounded> seen = eyes.look(expressions, detail, Stage.OUTLINE);
        for (int i = 0; i < objects.size(); i++) {
            FoundObject object = objects.get(i);
            Grounded grounded = seen.get(i);
            List<Found> all = new ArrayList<>(grounded.all());
            Stream.concat(Stream.of(grounded.one()), all.stream())
                    .filter(f -> f.box().iou(object.box()) >= SAME)
                    .reduce((a, b) -> b.box().iou(object.box()) > a.box().iou(object.box()) ? b : a)
                    .ifPresent(best -> found.put(object.id(), best));
        }
    }
}
