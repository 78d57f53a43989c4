package org.vilam.vision.checkpoint;

import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

/** A source seen through the rules of a {@link KeyMap}. */
final class KeyMapping implements TensorSource {
    private final TensorSource source;
    private final Map<String, DerivedTensor> tensors = new LinkedHashMap<>();
    private final Map<String, String> origins = new LinkedHashMap<>();
    // The parts met so far of each tensor to be joined, by rule and name.
    private final Map<KeyRule.Join, Map<String, @Nullable String[]>> pending = new LinkedHashMap<>();

    private KeyMapping(TensorSource source) {
        this.source = source;
    }

    static TensorSource apply(List<KeyRule> rules, TensorSource source) {
        KeyMapping mapping = new KeyMapping(source);
        for (String key : source.names()) {
            if (rules.stream().noneMatch(rule -> mapping.takes(rule, key))) {
                mapping.put(key, DerivedTensor.of(source, key), key);
            }
        }
        mapping.pending.forEach((rule, wholes) -> wholes.forEach((whole, parts) -> mapping.join(rule, whole, parts)));
        for (KeyRule rule : rules) {
            if (rule instanceof KeyRule.Constant constant && constant.adding()) {
                TensorInfo info = constant.info();
                mapping.tensors.putIfAbsent(
                        info.name(), DerivedTensor.filled(info.dtype(), info.shape(), constant.value()));
            }
        }
        return mapping;
    }

    /** Applies a rule to a name; false where it does not fit. */
    private boolean takes(KeyRule rule, String key) {
        if (rule instanceof KeyRule.Rename rename) {
            Map<String, String> values = rename.from().match(key);
            if (values == null) {
                return false;
            }
            put(rename.to().fill(values), rename.transposed() ? transposed(key) : DerivedTensor.of(source, key), key);
            return true;
        }
        if (rule instanceof KeyRule.Join join) {
            return join.joining() ? remember(join, key) : split(join, key);
        }
        if (rule instanceof KeyRule.Drop drop) {
            return drop.name() != null && drop.name().match(key) != null;
        }
        return rule instanceof KeyRule.Constant constant
                && !constant.adding()
                && constant.info().name().equals(key);
    }

    private DerivedTensor transposed(String key) {
        if (source.shape(key).dimension() != 2) {
            throw mismatch(
                    "tensor " + key + " of shape " + source.shape(key) + " is to be transposed, but is no matrix");
        }
        return DerivedTensor.of(source, key).transposed();
    }

    private boolean remember(KeyRule.Join join, String key) {
        for (int i = 0; i < join.names().size(); i++) {
            KeyTemplate name = join.names().get(i);
            Map<String, String> values = name == null ? null : name.match(key);
            if (values != null) {
                pending.computeIfAbsent(join, rule -> new LinkedHashMap<>())
                        .computeIfAbsent(
                                join.whole().fill(values),
                                whole -> new String[join.parts().size()])[i] = key;
                return true;
            }
        }
        return false;
    }

    private void join(KeyRule.Join join, String whole, @Nullable String[] keys) {
        String firstKey = null;
        int firstShare = 1;
        for (int i = 0; i < keys.length; i++) {
            if (!join.parts().get(i).constant() && keys[i] == null) {
                throw mismatch("tensor " + whole + " is made of several; "
                        + join.parts().get(i).name() + " for it is missing");
            }
            if (firstKey == null && keys[i] != null) {
                firstKey = keys[i];
                firstShare = join.parts().get(i).share();
            }
        }
        if (firstKey == null) {
            throw new IllegalStateException("a join without parts");
        }
        DerivedTensor first = DerivedTensor.of(source, firstKey);
        long unit = rows(firstKey, first.shape(), firstShare);
        List<DerivedTensor> parts = new ArrayList<>();
        for (int i = 0; i < keys.length; i++) {
            KeyMap.Part part = join.parts().get(i);
            Shape expected = DerivedTensor.withRows(first.shape(), unit * part.share());
            String key = keys[i];
            DerivedTensor tensor = key == null
                    ? DerivedTensor.filled(first.dtype(), expected, part.value())
                    : DerivedTensor.of(source, key);
            if (!tensor.shape().equals(expected) || tensor.dtype() != first.dtype()) {
                throw mismatch("tensor " + key + " of " + tensor.dtype() + " " + tensor.shape()
                        + " does not fit beside " + firstKey + " of " + first.dtype() + " " + first.shape());
            }
            parts.add(tensor);
        }
        put(whole, DerivedTensor.joined(parts), firstKey);
    }

    private boolean split(KeyRule.Join join, String key) {
        Map<String, String> values = join.whole().match(key);
        if (values == null) {
            return false;
        }
        DerivedTensor whole = DerivedTensor.of(source, key);
        long unit = rows(key, whole.shape(), join.shares());
        long from = 0;
        for (int i = 0; i < join.parts().size(); i++) {
            KeyMap.Part part = join.parts().get(i);
            DerivedTensor rows = whole.rows(from, unit * part.share());
            KeyTemplate name = join.names().get(i);
            if (name != null) {
                put(name.fill(values), rows, key);
            } else if (!rows.isFilledWith(part.value())) {
                throw mismatch("tensor " + key + ": rows " + from + " to " + (from + unit * part.share() - 1)
                        + " should all be " + part.value() + " and are not, so they cannot be left out");
            }
            from += unit * part.share();
        }
        return true;
    }

    private static long rows(String key, Shape shape, int shares) {
        if (shape.dimension() == 0 || shape.get(0) % shares != 0) {
            throw mismatch("tensor " + key + " of shape " + shape + " has no rows that divide by " + shares);
        }
        return shape.get(0) / shares;
    }

    private void put(String name, DerivedTensor tensor, String origin) {
        String other = origins.put(name, origin);
        if (other != null) {
            throw mismatch("tensors " + other + " and " + origin + " would both be called " + name);
        }
        tensors.put(name, tensor);
    }

    private static VilamException mismatch(String detail) {
        return new VilamException(
                ErrorCode.CHECKPOINT_MISMATCH, detail, "Check that the weights are of the kind this key map is for.");
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(tensors.keySet());
    }

    @Override
    public Shape shape(String name) {
        return tensor(name).shape();
    }

    @Override
    public DType dtype(String name) {
        return tensor(name).dtype();
    }

    @Override
    public ByteBuffer data(String name) {
        return tensor(name).data().get();
    }

    private DerivedTensor tensor(String name) {
        DerivedTensor tensor = tensors.get(name);
        if (tensor == null) {
            throw Refusals.noTensor(name);
        }
        return tensor;
    }

    @Override
    public void close() {
        source.close();
    }
}
