package org.vilam.training.scene;

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
}
