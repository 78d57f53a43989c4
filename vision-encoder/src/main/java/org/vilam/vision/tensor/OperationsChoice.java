package org.vilam.vision.tensor;

import ai.djl.engine.Engine;
import ai.djl.pytorch.engine.PtEngine;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

/** Chooses the operations of this process once, on first use. */
final class OperationsChoice {
    /** Asks for {@code script} or {@code plain} operations; unset, the script ones where they load. */
    static final String PROPERTY = "vilam.operations";

    private static final Logger log = LoggerFactory.getLogger(OperationsChoice.class);

    private static @Nullable Operations chosen;

    private OperationsChoice() {}

    static synchronized Operations chosen() {
        if (chosen == null) {
            // The module lives as long as the process, so nobody closes its manager.
            chosen = choose(
                    System.getProperty(PROPERTY, ""),
                    () -> ScriptOperations.load(
                            Engine.getEngine(PtEngine.ENGINE_NAME).newBaseManager()));
        }
        return chosen;
    }

    static Operations choose(String wanted, Supplier<Operations> script) {
        return switch (wanted.toLowerCase(Locale.ROOT)) {
            case "script" -> script.get();
            case "plain" -> new PlainOperations();
            case "" -> {
                try {
                    yield script.get();
                } catch (RuntimeException | LinkageError e) {
                    log.warn("Using the plain tensor operations, which are slower: the script ones do not load", e);
                    yield new PlainOperations();
                }
            }
            default ->
                throw new VilamException(
                        ErrorCode.INVALID_ARGUMENT,
                        "Unknown operations '" + wanted + "' in the system property " + PROPERTY,
                        "Set it to script or plain, or leave it out.");
        };
    }
}
