package org.vilam.vision.checkpoint;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A kind of model whose published checkpoints can be made into a {@link ModelFolder}: what its files look like, what their
 * tensors are called here, and how to see that a network made of them computes.
 *
 * <p>Implementations are stateless, have a public constructor without arguments, and are named in {@code
 * META-INF/services/org.vilam.vision.checkpoint.ModelFamily} of their module, where {@link ModelFamilies} finds them.
 */
public interface ModelFamily {
    /** What the person types and {@code family} of {@code config.json} says: lower case, such as {@code simvg}. */
    String name();

    /** One line for lists: what the model does, and of which paper it is. */
    String description();

    /**
     * Whether tensors look like this family's, by their names and ranks as published. A training checkpoint's further
     * tensors do not matter; two families must not both recognise one file.
     */
    boolean recognises(TensorSource published);

    /**
     * From published names to the names of the network's parameters; buffers and heads that inference has no use for are
     * dropped. Where several files make one model, the map is applied to each, so it knows the names of all.
     */
    KeyMap keyMap();

    /**
     * {@code config.json}, with {@code family}, as far as sizes show in the tensors.
     *
     * @param named tensors under the network's names
     * @param published a configuration that came with the weights, or null
     * @throws org.vilam.vision.error.VilamException CHECKPOINT_MISMATCH naming what is missing or of an impossible size, with
     *     the configuration to give as hint where sizes do not show
     */
    ObjectNode config(TensorSource named, @Nullable JsonNode published);

    /** {@code preprocessor.json}: an {@code ImageProcessorConfig}, or an empty object where there are no pictures. */
    ObjectNode preprocessor(JsonNode config);

    /** The tokenizers the model needs: path in the folder, {@code tokenizer.json} first, and what its source file is. */
    Map<String, TokenizerKind> tokenizers();

    /**
     * Every parameter and buffer of the network of this configuration, with its shape. No weights are allocated
     * ({@code Parameters.outline}).
     *
     * @throws org.vilam.vision.error.VilamException MODEL_INVALID when the configuration is not understood
     */
    Map<String, Shape> parameters(JsonNode config, NDManager manager);

    /** Whether a parameter can be kept in fewer bits than float32 while the model is used; none can by default. */
    default boolean packs(String parameter) {
        return false;
    }

    /**
     * A forward pass on an input made by a fixed rule: some outputs by name, at most a thousand numbers each. They are kept
     * with an imported model, and computed again to verify it.
     *
     * @param weights under the network's names
     * @param manager gives the device; nothing is left on it
     */
    Map<String, float[]> probe(JsonNode config, TensorSource weights, NDManager manager);
}
