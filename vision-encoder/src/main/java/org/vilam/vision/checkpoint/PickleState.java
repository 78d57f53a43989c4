package org.vilam.vision.checkpoint;

import java.util.List;
import org.vilam.vision.checkpoint.Pickled.Dict;
import org.vilam.vision.checkpoint.Pickled.Instance;

/** BUILD: what an object's state does to the value read for it. */
final class PickleState {
    private PickleState() {}

    /**
     * @param context has the state as its only argument
     */
    static void set(Pickled target, Pickled state, Arguments context) {
        if (target instanceof Instance instance) {
            attributes(instance, state, context);
        } else if (target instanceof Pickled.NumpyType type) {
            NumpyPickle.setType(type, context);
        } else if (target instanceof Pickled.NumpyArray array) {
            NumpyPickle.setArray(array, context);
        } else if (!(target instanceof Dict || target instanceof Pickled.Tensor)) {
            // Attributes set on a state dict (its _metadata) or on a tensor are passed over.
            throw context.wrong("set on a value that has none");
        }
    }

    private static void attributes(Instance instance, Pickled state, Arguments context) {
        if (state instanceof Dict dict) {
            context.spend(dict.entries().size());
            instance.attributes().entries().putAll(dict.entries());
        } else if (state instanceof Pickled.Sequence both && both.items().size() == 2 && !both.growing()) {
            // (attributes, slots), either may be None
            List<Pickled> parts = both.items();
            for (Pickled part : parts) {
                if (part instanceof Dict dict) {
                    attributes(instance, dict, context);
                } else if (part != Pickled.None.NONE) {
                    throw context.wrong("attributes that are no dictionary");
                }
            }
        } else if (state != Pickled.None.NONE) {
            throw context.wrong("attributes that are no dictionary");
        }
    }
}
