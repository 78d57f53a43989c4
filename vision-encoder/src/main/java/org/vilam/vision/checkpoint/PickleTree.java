package org.vilam.vision.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A pickled value as a tree: its tensors by path, its plain values as JSON.
 *
 * <p>A pickle is a graph: one value may stand in many places and even inside itself. Depth and number of the tree's nodes are
 * bounded, so that a few bytes cannot unfold into a tree of any size.
 */
final class PickleTree {
    private static final int MAX_DEPTH = 200;
    private static final int MAX_NODES = 4_000_000;
    private static final int MAX_PATH_CHARACTERS = 64 << 20;

    private final Path file;
    private int nodes;
    private long pathCharacters;

    private PickleTree(Path file) {
        this.file = file;
    }

    /** The tensors with their paths, joined by '/', in the order of the pickle. */
    static Map<String, TensorView> tensors(Path file, Pickled root) {
        Map<String, TensorView> tensors = new LinkedHashMap<>();
        new PickleTree(file).collect(root, "", 0, tensors);
        return tensors;
    }

    /** The plain values; a tensor appears as its type and shape. */
    static JsonNode json(Path file, Pickled root) {
        return new PickleTree(file).json(root, 0);
    }

    private void visit(int depth) {
        if (depth > MAX_DEPTH || ++nodes > MAX_NODES) {
            throw Refusals.corrupt(file, "its values are nested too deeply, contain themselves or unfold without end");
        }
    }

    private void collect(Pickled value, String path, int depth, Map<String, TensorView> tensors) {
        visit(depth);
        TensorView tensor = tensor(value);
        if (tensor != null) {
            if (tensors.put(path, tensor) != null) {
                throw Refusals.corrupt(file, "two tensors at " + path);
            }
        } else if (value instanceof Pickled.Dict dict) {
            collect(dict, path, depth, tensors);
        } else if (value instanceof Pickled.Sequence sequence) {
            collect(sequence, path, depth, tensors);
        } else if (value instanceof Pickled.Instance instance) {
            collect(instance.attributes(), path, depth, tensors);
            collect(instance.entries(), path, depth, tensors);
            collect(instance.items(), path, depth, tensors);
        }
    }

    private void collect(Pickled.Dict dict, String path, int depth, Map<String, TensorView> tensors) {
        dict.entries().forEach((key, value) -> {
            if (holdsMore(value)) {
                collect(value, join(path, key), depth + 1, tensors);
            }
        });
    }

    private void collect(Pickled.Sequence sequence, String path, int depth, Map<String, TensorView> tensors) {
        int index = 0;
        for (Pickled value : sequence.items()) {
            if (holdsMore(value)) {
                collect(value, join(path, Integer.toString(index)), depth + 1, tensors);
            }
            index++;
        }
    }

    /** Spares a long list of numbers the cost of a path for each. */
    private static boolean holdsMore(Pickled value) {
        return value instanceof Pickled.Tensor
                || value instanceof Pickled.NumpyArray
                || value instanceof Pickled.Dict
                || value instanceof Pickled.Sequence
                || value instanceof Pickled.Instance;
    }

    private String join(String path, String key) {
        pathCharacters += path.length() + key.length() + 1L;
        if (pathCharacters > MAX_PATH_CHARACTERS) {
            throw Refusals.corrupt(file, "the paths of its values take over " + MAX_PATH_CHARACTERS + " characters");
        }
        return path.isEmpty() ? key : path + "/" + key;
    }

    static @Nullable TensorView tensor(Pickled value) {
        if (value instanceof Pickled.Tensor tensor) {
            return tensor.view();
        }
        return value instanceof Pickled.NumpyArray array ? array.view : null;
    }

    private JsonNode json(Pickled value, int depth) {
        visit(depth);
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        if (value instanceof Pickled.Dict dict) {
            return json(dict, nodes.objectNode(), depth);
        }
        if (value instanceof Pickled.Sequence sequence) {
            ArrayNode array = nodes.arrayNode();
            sequence.items().forEach(item -> array.add(json(item, depth + 1)));
            return array;
        }
        if (value instanceof Pickled.Instance instance) {
            ObjectNode object = json(instance.attributes(), nodes.objectNode(), depth);
            json(instance.entries(), object, depth);
            if (!instance.items().items().isEmpty()) {
                object.set("items", json(instance.items(), depth + 1));
            }
            return object;
        }
        TensorView tensor = tensor(value);
        if (tensor != null) {
            ObjectNode object = nodes.objectNode().put("tensor", tensor.dtype().name());
            ArrayNode shape = object.putArray("shape");
            for (long side : tensor.shape().getShape()) {
                shape.add(side);
            }
            return object;
        }
        return plain(value, nodes);
    }

    private ObjectNode json(Pickled.Dict dict, ObjectNode into, int depth) {
        dict.entries().forEach((key, value) -> into.set(key, json(value, depth + 1)));
        return into;
    }

    private static JsonNode plain(Pickled value, JsonNodeFactory nodes) {
        if (value instanceof Pickled.Text text) {
            return nodes.textNode(text.value());
        }
        if (value instanceof Pickled.Whole whole) {
            return nodes.numberNode(whole.value());
        }
        if (value instanceof Pickled.BigWhole whole) {
            return nodes.numberNode(whole.value());
        }
        if (value instanceof Pickled.Real real) {
            return nodes.numberNode(real.value());
        }
        if (value instanceof Pickled.Flag flag) {
            return nodes.booleanNode(flag.value());
        }
        if (value instanceof Pickled.Bytes bytes) {
            return nodes.binaryNode(bytes.value());
        }
        if (value instanceof Pickled.Global global) {
            return nodes.textNode(global.name());
        }
        if (value instanceof Pickled.NumpyType type) {
            return nodes.textNode(type.code);
        }
        return nodes.nullNode();
    }
}
