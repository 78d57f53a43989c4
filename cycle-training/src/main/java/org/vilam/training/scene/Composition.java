package org.vilam.training.scene;

import java.util.Arrays;
import java.util.List;

/** Tells which objects and expressions are of the {@linkplain Holdout held-out} compositions: pairs that training never draws. */
public final class Composition {
    private Composition() {}

    /** Whether a family has held-out pairs at all. */
    public static boolean appliesTo(String family) {
        return !family.equals("phantoms");
    }

    /** Whether an object has a look that training never shows. */
    public static boolean unseen(Scene scene, SceneObject object) {
        return object.attributes().entrySet().stream()
                .anyMatch(a -> unseen(scene.family(), object.category(), a.getKey(), a.getValue()));
    }

    /** Whether the words of an expression name both parts of a held-out pair of one object. */
    public static boolean unseen(Scene scene, Expression expression) {
        return unseen(scene.family(), expression.meaning());
    }

    private static boolean unseen(String family, Meaning meaning) {
        if (meaning instanceof Meaning.And and) {
            return and.parts().stream().anyMatch(part -> unseen(family, part)) || unseenPair(family, and.parts());
        }
        if (meaning instanceof Meaning.Has has) {
            // Clothes carry their own noun: "red" and "shirt" are the pair, not "red" and "person".
            return garment(has.attribute()) && Holdout.heldOut(has.value(), has.attribute());
        }
        if (meaning instanceof Meaning.Sized sized) {
            return unseen(family, sized.among());
        }
        if (meaning instanceof Meaning.Ranked ranked) {
            return unseen(family, ranked.among());
        }
        if (meaning instanceof Meaning.Placed placed) {
            return unseen(family, placed.among());
        }
        if (meaning instanceof Meaning.Related related) {
            return unseen(family, related.among()) || unseen(family, related.anchor());
        }
        if (meaning instanceof Meaning.Between between) {
            return unseen(family, between.among())
                    || unseen(family, between.first())
                    || unseen(family, between.second());
        }
        return false; // a noun alone, or something that is denied
    }

    private static boolean unseenPair(String family, List<Meaning> parts) {
        for (Meaning noun : parts) {
            for (Meaning value : parts) {
                if (noun instanceof Meaning.Kind kind
                        && value instanceof Meaning.Has has
                        && unseen(family, kind.noun(), has.attribute(), has.value())) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The rules by which the families leave pairs out. */
    private static boolean unseen(String family, String noun, String attribute, String value) {
        if (!attribute.equals("colour")) {
            return garment(attribute) && Holdout.heldOut(value, attribute);
        }
        if (family.equals("shapes")) {
            // "letter A" is left out as a letter; shapes' nouns are else the outlines' own names.
            String outline = noun.replaceFirst("^(letter|digit) .$", "$1");
            return named(outline) && Holdout.heldOut(value, outline);
        }
        return Icons.NOTO.nouns().contains(noun) && Holdout.heldOut(value, noun);
    }

    private static boolean garment(String attribute) {
        return Vocabulary.COLOURED.contains(attribute) && !attribute.equals("colour");
    }

    /** Whether a noun is the name of an outline, and not one of many figures. */
    private static boolean named(String noun) {
        return Arrays.stream(Outline.values())
                .anyMatch(outline -> outline.name().equalsIgnoreCase(noun));
    }
}
