package org.vilam.assistant.dialogue;

import java.util.ArrayList;
import java.util.List;
import org.vilam.assistant.Progress.Stage;
import org.vilam.grounding.answer.Grounded;
import org.vilam.grounding.answer.Grounder.Ability;
import org.vilam.grounding.answer.Grounder.Detail;
import org.vilam.grounding.result.FoundObject;
import org.vilam.grounding.result.FoundObject.Cycle;
import org.vilam.prompts.Task;

/**
 * The cycle of training as a check of an answer: each object is described (REG), the description is looked for (REC), and the two
 * boxes are compared. A description that finds nothing has an overlap of 0.
 */
final class CycleCheck {
    private CycleCheck() {}

    static List<FoundObject> of(Eyes eyes, List<FoundObject> objects) {
        if (objects.isEmpty()) {
            return objects;
        }
        List<String> texts =
                eyes.tell(Task.DESCRIBE, objects.stream().map(FoundObject::box).toList(), Stage.VERIFY);
        List<Grounded> back = eyes.look(texts, Detail.BOXES, Stage.VERIFY);
        boolean tells = eyes.abilities().contains(Ability.PRESENCE);
        List<FoundObject> checked = new ArrayList<>();
        for (int i = 0; i < objects.size(); i++) {
            FoundObject o = objects.get(i);
            Grounded grounded = back.get(i);
            double iou = tells && !grounded.present() ? 0 : grounded.one().box().iou(o.box());
            checked.add(o.withCycle(new Cycle(texts.get(i), iou, iou >= Cycle.SAME)));
        }
        return checked;
    }
}
