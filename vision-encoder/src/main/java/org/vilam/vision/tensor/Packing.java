package org.vilam.vision.tensor;

/** In how many bits the weights of linear layers are kept, see {@link Parameters#pack}. */
public enum Packing {
    /** 16 bits, 8 of them significant; read as they are from files that hold bfloat16. */
    BFLOAT16,
    /** 8 bits with one scale a row; for inference on memory-bound machines. */
    INT8
}
