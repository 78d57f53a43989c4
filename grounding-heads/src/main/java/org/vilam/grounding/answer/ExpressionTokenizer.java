package org.vilam.grounding.answer;

/** The ids of an expression in the vocabulary of a family; what stands before, behind and after it is the family's own. */
@FunctionalInterface
public interface ExpressionTokenizer {
    /**
     * Tokenizes.
     *
     * @param expression in a person's words; families that know lower case alone are given it so
     * @return the ids of its words alone, without start, end or padding; safe for several threads
     */
    int[] words(String expression);
}
