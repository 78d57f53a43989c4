package org.vilam.vision.checkpoint;

import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import org.vilam.vision.error.VilamException;

/**
 * From the names in a checkpoint to the names of a network's parameters.
 *
 * <p>Rules are tried in the order given and the first that fits a name decides; a name that none fits stays as it is, so that
 * a {@link LoadReport} can call it unexpected. Names are templates: {@code {i}} stands for one part between dots and
 * {@code {rest:.+}} for what the regular expression matches; what it matched is put in its place on the other side. What a
 * regular expression without a name matches, as in {@code {:(module[.])*}}, is left out there, and does not come back.
 *
 * <pre>{@code
 * KeyMap lavisToHuggingFace = KeyMap.builder()
 *     .rename("visual_encoder.blocks.{i}.norm{n:[12]}.{p}", "vision_model.encoder.layers.{i}.layer_norm{n}.{p}")
 *     .concat("vision_model.encoder.layers.{i}.self_attn.qkv.bias",
 *             Part.of("visual_encoder.blocks.{i}.attn.q_bias"), Part.fill(0),
 *             Part.of("visual_encoder.blocks.{i}.attn.v_bias"))
 *     .build();
 * }</pre>
 */
public final class KeyMap {
    private final List<KeyRule> rules;

    private KeyMap(List<KeyRule> rules) {
        this.rules = List.copyOf(rules);
    }

    /** Begins a map. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * The tensors of {@code source} under their new names. Renamed tensors and parts of split ones stay where they are in the
     * file; joined and transposed ones are made when asked for. Closing the view closes the source.
     *
     * @throws VilamException CHECKPOINT_MISMATCH when two tensors would get one name, when a part of a concatenation is
     *     missing, when rows do not divide as the rule says, or when rows that a rule takes for constant are not
     */
    public TensorSource apply(TensorSource source) {
        return KeyMapping.apply(rules, source);
    }

    /**
     * The map back: renames, transpositions, concatenations and splits are turned round. What {@link Builder#drop} removed
     * does not come back, and what {@link Builder#constant} added is dropped.
     */
    public KeyMap reversed() {
        return new KeyMap(rules.stream().map(KeyRule::reversed).toList());
    }

    /**
     * One stretch of rows of a joined tensor.
     *
     * @param name template of the tensor that holds these rows; empty for rows that are all {@code value}
     * @param value the constant of a part without a name
     * @param share how many rows this part has in proportion to the others
     */
    public record Part(String name, double value, int share) {
        /** Checks that the share is positive. */
        public Part {
            if (share < 1) {
                throw new IllegalArgumentException("a share must be positive, not " + share);
            }
        }

        /** The rows of a tensor. */
        public static Part of(String name) {
            return new Part(name, 0, 1);
        }

        /** Rows that all have one value. */
        public static Part fill(double value) {
            return new Part("", value, 1);
        }

        /** The same part, {@code share} times as many rows as a part of share 1. */
        public Part share(int share) {
            return new Part(name, value, share);
        }

        boolean constant() {
            return name.isEmpty();
        }
    }

    /** Collects rules. Every method throws IllegalArgumentException when placeholders of its templates do not agree. */
    public static final class Builder {
        private final List<KeyRule> rules = new ArrayList<>();

        private Builder() {}

        /** {@code from} is called {@code to}. */
        public Builder rename(String from, String to) {
            List<KeyTemplate> names = KeyTemplate.together(List.of(from, to));
            return add(new KeyRule.Rename(names.get(0), names.get(1), false));
        }

        /** As {@link #rename}, with the two sides of a matrix exchanged: (in, out) to (out, in). */
        public Builder transpose(String from, String to) {
            List<KeyTemplate> names = KeyTemplate.together(List.of(from, to));
            return add(new KeyRule.Rename(names.get(0), names.get(1), true));
        }

        /** {@code to} is the parts one below the other, along the first side. At least one part must have a name. */
        public Builder concat(String to, Part... parts) {
            return add(KeyRule.Join.of(to, List.of(parts), true));
        }

        /** {@code from} is cut along its first side; constant parts are checked and left out. */
        public Builder split(String from, Part... parts) {
            return add(KeyRule.Join.of(from, List.of(parts), false));
        }

        /** {@code to}, which is not in the checkpoint, is filled with {@code value}; ignored where it is there. */
        public Builder constant(String to, DType dtype, Shape shape, double value) {
            return add(new KeyRule.Constant(new TensorInfo(to, dtype, shape), value, true));
        }

        /** Tensors of this name are left out. */
        public Builder drop(String name) {
            return add(new KeyRule.Drop(KeyTemplate.of(name)));
        }

        /** The finished map. */
        public KeyMap build() {
            return new KeyMap(rules);
        }

        private Builder add(KeyRule rule) {
            rules.add(rule);
            return this;
        }
    }
}
