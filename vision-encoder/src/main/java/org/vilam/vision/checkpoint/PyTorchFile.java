package org.vilam.vision.checkpoint;

import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.vilam.vision.error.VilamException;

/**
 * A file written by torch.save ({@code .pth}, {@code .pt}, {@code .bin}), read without PyTorch's unpickler and without
 * running anything: the zip form and the older legacy form.
 *
 * <p>As a source it gives every tensor in the file, also those of an optimizer, under its path: the keys, attributes and
 * list positions that lead to it, joined by '/'. Usually {@link #stateDict()} is wanted. Tensors are mapped where they lie;
 * a transposed or otherwise strided view is copied when its elements are asked for.
 */
public final class PyTorchFile implements TensorSource {
    /** The keys under which training programs put the state dict, in the order in which they are tried. */
    public static final List<String> WRAPPERS =
            List.of("model", "state_dict", "model_state_dict", "module", "ema_state_dict", "model_ema");

    private static final String DATA_PARALLEL = "module.";

    private final MappedFile file;
    private final Pickled root;
    private final Map<String, TensorView> tensors;

    private PyTorchFile(MappedFile file, Pickled root, Map<String, TensorView> tensors) {
        this.file = file;
        this.root = root;
        this.tensors = tensors;
    }

    /**
     * Opens a file; reads its pickle, not its tensors.
     *
     * @throws VilamException CHECKPOINT_REFUSED when the pickle names anything but the types of weight files;
     *     CHECKPOINT_CORRUPT when it is damaged; CHECKPOINT_UNSUPPORTED for other forms (tar, TorchScript, compressed or
     *     big-endian files, types outside {@link DType}); FILE_UNREADABLE
     */
    public static PyTorchFile open(Path path) {
        return open(path, Set.of());
    }

    /**
     * As {@link #open(Path)}, reading objects of further classes as plain data. Their code is not needed and not run.
     *
     * @param classesAsData full names as the error message gives them, such as {@code easydict.EasyDict}
     */
    public static PyTorchFile open(Path path, Set<String> classesAsData) {
        MappedFile file = MappedFile.open(path);
        try {
            CheckpointFormat.refusePointer(file);
            Pickled root = TorchContainer.read(file, new PickleGlobals(classesAsData));
            return new PyTorchFile(file, root, PickleTree.tensors(path, root));
        } catch (RuntimeException | Error e) {
            file.close();
            throw e;
        }
    }

    /**
     * Everything in the file but the elements of tensors: settings, epoch, scores. Keys that are no text are given as Python
     * prints them, tuples and sets as arrays, and a tensor as its type and shape.
     */
    public JsonNode content() {
        return PickleTree.json(file.path(), root);
    }

    /**
     * The weights of the network alone: goes into the {@link #WRAPPERS} until it meets none, then takes the tensors directly
     * there, without the {@code module.} that data-parallel training puts before each name. Optimizer and scheduler state
     * stays outside. The view closes this file when it is closed.
     *
     * @throws VilamException CHECKPOINT_UNSUPPORTED when there are no tensors; the message lists the keys that are there
     */
    public TensorSource stateDict() {
        return stateDictAt("", root);
    }

    /**
     * As {@link #stateDict()}, starting at a key the caller names, such as {@code ema_state_dict}.
     *
     * @param path keys joined by '/'
     */
    public TensorSource stateDict(String path) {
        Pickled node = root;
        for (String key : path.split("/", -1)) {
            Pickled next = entries(node).get(key);
            if (next == null) {
                throw noStateDict("there is no " + path, node);
            }
            node = next;
        }
        return stateDictAt(path, node);
    }

    private TensorSource stateDictAt(String path, Pickled start) {
        Pickled.Dict dict = unwrap(start, 0);
        if (dict == null) {
            throw noStateDict(path.isEmpty() ? "no state dict found" : "no state dict at " + path, start);
        }
        Map<String, TensorView> found = new LinkedHashMap<>();
        dict.entries().forEach((key, value) -> {
            TensorView tensor = PickleTree.tensor(value);
            if (tensor != null && found.put(withoutPrefix(key), tensor) != null) {
                throw Refusals.corrupt(file.path(), "two tensors are named " + withoutPrefix(key));
            }
        });
        return new PyTorchFile(file, dict, found);
    }

    /** The dictionary that holds the tensors; null where there is none. */
    private static Pickled.@Nullable Dict unwrap(Pickled node, int depth) {
        // A value may contain itself; no file wraps its weights more often than this.
        if (!(node instanceof Pickled.Dict dict) || depth > WRAPPERS.size()) {
            return null;
        }
        for (String wrapper : WRAPPERS) {
            Pickled inner = dict.entries().get(wrapper);
            Pickled.Dict found = inner == null ? null : unwrap(inner, depth + 1);
            if (found != null) {
                return found;
            }
        }
        return dict.entries().values().stream().anyMatch(value -> PickleTree.tensor(value) != null) ? dict : null;
    }

    private static Map<String, Pickled> entries(Pickled node) {
        return node instanceof Pickled.Dict dict ? dict.entries() : Map.of();
    }

    private static String withoutPrefix(String key) {
        String name = key;
        while (name.startsWith(DATA_PARALLEL) && name.length() > DATA_PARALLEL.length()) {
            name = name.substring(DATA_PARALLEL.length());
        }
        return name;
    }

    private VilamException noStateDict(String detail, Pickled node) {
        String keys =
                String.join(", ", entries(node).keySet().stream().limit(20).toList());
        return Refusals.unsupported(
                file.path(),
                detail + "; the keys are: " + (keys.isEmpty() ? "none" : keys),
                "Name the key that holds the weights.");
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
        return tensor(name).data(file.path(), name);
    }

    private TensorView tensor(String name) {
        TensorView tensor = tensors.get(name);
        if (tensor == null) {
            throw Refusals.noTensor(name);
        }
        return tensor;
    }

    @Override
    public void close() {
        file.close();
    }
}
