package org.vilam.training.scene;

import java.util.List;

/**
 * The split by composition: pairs of an attribute and a noun that training never sees together, though it sees both apart.
 *
 * <p>A pair belongs to the held-out set when a fixed hash of its two words says so, about one in ten.
 */
public enum Holdout {
    /** Everything is drawn. */
    NONE,
    /** Held-out pairs are never drawn: for training. */
    TRAIN,
    /** Everything is drawn, and expressions must use a held-out pair: for measuring. */
    COMPOSITION;

    /** Whether a scene under this rule must not contain the pair. */
    boolean excludes(String attribute, String noun) {
        return this == TRAIN && heldOut(attribute, noun);
    }

    /** Whether a pair is in the held-out set; case does not matter. */
    public static boolean heldOut(String attribute, String noun) {
        String pair = (attribute + " " + noun).toLowerCase(java.util.Locale.ROOT);
        return Math.floorMod(pair.hashCode() * 0x9E3779B9, 1000) < 100;
    }

    /** Whether a meaning names a held-out pair somewhere: an object's noun or garment together with its colour. */
    public static boolean mentioned(Meaning meaning) {
        if (meaning instanceof Meaning.And and) {
            for (Meaning part : and.parts()) {
                if (part instanceof Meaning.Has has && Vocabulary.COLOURED.contains(has.attribute())) {
                    String noun = has.attribute().equals("colour") ? noun(and) : has.attribute();
                    if (heldOut(has.value(), noun)) {
                        return true;
                    }
                }
            }
        }
        return inner(meaning).stream().anyMatch(Holdout::mentioned);
    }

    private static String noun(Meaning.And and) {
        return and.parts().stream()
                .filter(p -> p instanceof Meaning.Kind)
                .map(p -> ((Meaning.Kind) p).noun())
                .findFirst()
                .orElse("");
    }

    private static List<Meaning> inner(Meaning meaning) {
        if (meaning instanceof Meaning.Sized sized) {
            return List.of(sized.among());
        } else if (meaning instanceof Meaning.Ranked ranked) {
            return List.of(ranked.among());
        } else if (meaning instanceof Meaning.Placed placed) {
            return List.of(placed.among());
        } else if (meaning instanceof Meaning.Related related) {
            return List.of(related.among(), related.anchor());
        } else if (meaning instanceof Meaning.Between between) {
            return List.of(between.among(), between.first(), between.second());
        }
        return meaning instanceof Meaning.And and ? and.parts() : List.of();
    }
}
