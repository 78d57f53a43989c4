package org.vilam.web.program;

/**
 * What was found out about one thing.
 *
 * @param found one line
 * @param advice what to do about it; empty where nothing has to be done
 */
record Finding(String name, State state, String found, String advice) {
    enum State {
        OK,
        /** It answers, but a person should know. */
        WARNS,
        /** It does not answer. */
        FAILS
    }

    static Finding ok(String name, String found) {
        return new Finding(name, State.OK, found, "");
    }

    static Finding warns(String name, String found, String advice) {
        return new Finding(name, State.WARNS, found, advice);
    }

    static Finding fails(String name, String found, String advice) {
        return new Finding(name, State.FAILS, found, advice);
    }
}
