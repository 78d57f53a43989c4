package org.vilam.vision.tensor;

/** Chooses the operations of this process once, on first use. */
final class OperationsChoice {
    static final Operations CHOSEN = new PlainOperations();

    private OperationsChoice() {}
}
