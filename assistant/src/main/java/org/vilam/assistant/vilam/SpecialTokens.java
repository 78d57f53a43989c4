package org.vilam.assistant.vilam;

/** The tokens with a meaning of their own, the first of this family's vocabularies. */
public final class SpecialTokens {
    /** {@code <pad>}. */
    public static final int PADDING = 0;
    /** {@code <s>}, before every question. */
    public static final int BEGIN = 1;
    /** {@code </s>}, after every answer. */
    public static final int END = 2;
    /** {@code <unk>}. */
    public static final int UNKNOWN = 3;

    private SpecialTokens() {}
}
