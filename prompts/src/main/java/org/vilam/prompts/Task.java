package org.vilam.prompts;

/** What an instruction asks for. Each task has one file of instruction templates, named after the constant in lower case. */
public enum Task {
    /** Referring expression comprehension: an expression becomes the box of the one object meant. */
    BOX,
    /** Every object an expression fits becomes a box: none, one or many. */
    ALL,
    /** An expression becomes the outline of the object meant. */
    POLYGON,
    /** An expression becomes named points on the object meant. */
    KEYPOINTS,
    /** Referring expression generation: a region becomes a phrase that fits it and nothing else in the picture. */
    DESCRIBE,
    /** A region becomes the category of what is in it. */
    CLASSIFY,
    /** The whole picture becomes one sentence. */
    CAPTION
}
