package org.vilam.assistant;

/** Told how far an answer is. */
@FunctionalInterface
public interface Progress {
    /** What is being done. */
    enum Stage {
        /** The instruction is being read. */
        ROUTE("reading the instruction"),
        /** The network looks for an expression. */
        GROUND("looking for it in the picture"),
        /** Outlines are being drawn. */
        OUTLINE("drawing outlines"),
        /** The language model speaks. */
        DESCRIBE("putting it into words"),
        /** What was found is described and looked for again. */
        VERIFY("checking the answer by describing it"),
        /** The answer stands. */
        DONE("done");

        private final String words;

        Stage(String words) {
            this.words = words;
        }

        /** For people, in lower case. */
        public String words() {
            return words;
        }
    }

    /** Nobody listens. */
    Progress NONE = (stage, fraction) -> {};

    /**
     * A stage begins.
     *
     * @param fraction of the whole, 0..1, never falling
     * @throws java.util.concurrent.CancellationException to give the answer up; it passes through {@link Assistant#ask}
     */
    void at(Stage stage, double fraction);

    /**
     * The answer's text goes on; all pieces joined are the answer of the result.
     *
     * @param piece not empty
     * @throws java.util.concurrent.CancellationException as from {@link #at}; a language model that is speaking stops
     */
    default void said(String piece) {}
}
