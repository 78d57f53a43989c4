package org.vilam.training.scene;

import java.util.List;

/** The words around a phrase that ask for it: "find ...", "where is ...?". */
final class Requests {
    /** {@code {x}} is the phrase, {@code {is}} agrees with it. */
    private static final List<String> FORMS = List.of(
            "find {x}",
            "where {is} {x}?",
            "show me {x}",
            "can you see {x}?",
            "point to {x}",
            "please find {x}",
            "can you find {x}?",
            "could you find {x} please",
            "can you show me {x}",
            "could you point out {x}?",
            "locate {x}",
            "mark {x}",
            "please mark {x}",
            "highlight {x}",
            "select {x}",
            "point at {x}",
            "point out {x} for me",
            "do you see {x}?",
            "i'm looking for {x}",
            "i am looking for {x}",
            "help me find {x}",
            "tell me where {x} {is}",
            "where can i see {x}?",
            "look for {x}",
            "spot {x}",
            "detect {x}",
            "draw a box around {x}",
            "put a box around {x}",
            "give me {x}",
            "i want {x}",
            "what about {x}?",
            "and {x}?",
            "now {x}",
            "{x} please",
            "{x}, please");

    private Requests() {}

    static String around(Wording.Said said, Diction diction) {
        String form = diction.form(FORMS);
        return form.replace("{is}", said.many() ? "are" : "is").replace("{x}", said.text());
    }

    /** Every word that a request can add. */
    static List<String> words() {
        return FORMS;
    }
}
