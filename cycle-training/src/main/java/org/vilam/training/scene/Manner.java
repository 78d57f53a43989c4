package org.vilam.training.scene;

/** How freely an expression is worded; what it denotes does not depend on it. */
public enum Manner {
    /** Canonical words, lower case: what a describer should say. */
    PLAIN,
    /** Any synonym and any form of the phrase, without slips. */
    VARIED,
    /**
     * As people type: varied, one in four inside a request ("can you find ...?"), one in sixteen with a slip of the finger,
     * some with capitals and a final stop.
     */
    EVERYDAY
}
