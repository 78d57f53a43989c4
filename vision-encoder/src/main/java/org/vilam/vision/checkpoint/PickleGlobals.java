package org.vilam.vision.checkpoint;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.vilam.vision.checkpoint.Pickled.Call;
import org.vilam.vision.checkpoint.Pickled.Global;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

/**
 * The globals a pickle may name and what each yields. Everything outside this list is refused by name before anything else
 * happens; nothing on it runs code of the file's choosing.
 */
final class PickleGlobals {
    static final String HINT =
            "Nothing of it was run. Load it once in PyTorch and save only the state dict; or, for a class"
                    + " that only carries settings, name it in PyTorchFile.open(file, classesAsData).";

    private static final int MAX_PATH = 32_768;
    private static final Map<String, Global> KNOWN = new HashMap<>();

    static {
        pythonBuiltins();
        python();
        torch();
        NumpyPickle.globals().forEach(PickleGlobals::add);
    }

    private final Set<String> classesAsData;

    /**
     * @param classesAsData further classes, module.name, whose attributes may be read as data
     */
    PickleGlobals(Set<String> classesAsData) {
        this.classesAsData = Set.copyOf(classesAsData);
    }

    /** The global of a name, or the error that names it. */
    Global find(String module, String name, PickleInput in) {
        String spelled = module + "." + name;
        Global known = KNOWN.get(today(module) + "." + name);
        if (known != null) {
            return known;
        }
        if (classesAsData.contains(spelled)) {
            return new Global(spelled, null, instanceOf(spelled));
        }
        throw new VilamException(
                ErrorCode.CHECKPOINT_REFUSED,
                in.file() + ": its pickle names " + Refusals.legible(spelled)
                        + ", which is not among the types of weight files",
                HINT);
    }

    /** Modules that have had other names. */
    private static String today(String module) {
        return switch (module) {
            case "__builtin__" -> "builtins";
            case "copy_reg" -> "copyreg";
            case "pathlib._local" -> "pathlib";
            case "torch.cuda" -> "torch";
            case "torch.nn" -> "torch.nn.parameter";
            case "numpy._core.multiarray" -> "numpy.core.multiarray";
            case "numpy._core.numeric" -> "numpy.core.numeric";
            default -> module;
        };
    }

    private static void add(String name, @Nullable DType dtype, @Nullable Call call) {
        KNOWN.put(name, new Global(name, dtype, call));
    }

    private static void add(String name, Call call) {
        add(name, null, call);
    }

    /** A call that yields an object of a class read as data; what it is made from counts as its items. */
    private static Call instanceOf(String type) {
        return arguments -> {
            Pickled.Instance instance = Pickled.Instance.of(type);
            instance.items().items().addAll(arguments.all());
            return instance;
        };
    }

    private static void pythonBuiltins() {
        for (String type : List.of("int", "float", "str", "bool", "object", "type", "NoneType")) {
            add("builtins." + type, null, null);
        }
        for (String type : List.of("set", "list")) {
            add("builtins." + type, arguments -> new Pickled.Sequence(contents(arguments), true));
        }
        for (String type : List.of("frozenset", "tuple")) {
            add("builtins." + type, arguments -> Pickled.Sequence.fixed(contents(arguments)));
        }
        for (String type : List.of("slice", "range", "xrange", "complex")) {
            add("builtins." + type, arguments -> Pickled.Sequence.fixed(List.copyOf(arguments.all())));
        }
        add("builtins.dict", PickleGlobals::dictionary);
        for (String type : List.of("bytes", "bytearray")) {
            add(
                    "builtins." + type,
                    arguments -> new Pickled.Bytes(arguments.size() == 0 ? new byte[0] : arguments.bytes(0)));
        }
        // How protocol 2 writes bytes: as text and the name of an encoding.
        add("_codecs.encode", arguments -> {
            String encoding = arguments.size() < 2 ? "" : arguments.text(1);
            if (!encoding.equals("latin1") && !encoding.equals("latin-1")) {
                throw arguments.wrong("the encoding '" + encoding + "'");
            }
            return new Pickled.Bytes(arguments.bytes(0));
        });
    }

    private static List<Pickled> contents(Arguments arguments) {
        return arguments.size() == 0 ? new ArrayList<>(0) : new ArrayList<>(arguments.sequence(0));
    }

    private static void python() {
        add("collections.OrderedDict", PickleGlobals::dictionary);
        add("collections.Counter", PickleGlobals::dictionary);
        // The first argument makes missing values; there are none to make.
        add(
                "collections.defaultdict",
                arguments -> dictionary(arguments.with(
                        "collections.defaultdict",
                        arguments.size() > 1 ? arguments.all().subList(1, 2) : List.of())));
        add("argparse.Namespace", instanceOf("argparse.Namespace"));
        add("types.SimpleNamespace", instanceOf("types.SimpleNamespace"));
        add("copyreg._reconstructor", arguments -> {
            Global type = arguments.global(0);
            if (type.call() == null || !arguments.global(1).name().equals("builtins.object")) {
                throw arguments.wrong(type.name() + " is not made this way");
            }
            return type.call().apply(arguments.with(type.name(), List.of()));
        });
        for (String type :
                List.of("Path", "PosixPath", "PurePath", "PurePosixPath", "WindowsPath", "PureWindowsPath")) {
            add("pathlib." + type, arguments -> path(arguments, type.contains("Windows") ? '\\' : '/'));
        }
    }

    private static Pickled dictionary(Arguments arguments) {
        Pickled.Dict dict = Pickled.Dict.empty();
        if (arguments.size() == 0) {
            return dict;
        }
        if (arguments.get(0) instanceof Pickled.Dict given) {
            arguments.spend(given.entries().size());
            dict.entries().putAll(given.entries());
            return dict;
        }
        // Python 2 made an OrderedDict from a list of pairs.
        for (Pickled pair : arguments.sequence(0)) {
            if (!(pair instanceof Pickled.Sequence two) || two.items().size() != 2) {
                throw arguments.wrong("a dictionary made of something else than pairs");
            }
            String key = PickleText.key(two.items().get(0), arguments.input());
            if (dict.entries().put(key, two.items().get(1)) != null) {
                throw arguments.wrong("two entries of one dictionary read '" + key + "'");
            }
        }
        return dict;
    }

    private static Pickled path(Arguments arguments, char separator) {
        StringBuilder path = new StringBuilder();
        for (int i = 0; i < arguments.size(); i++) {
            String part = arguments.text(i);
            if (part.isEmpty() || path.length() + part.length() >= MAX_PATH) {
                throw arguments.wrong("a path with an empty part or of over " + MAX_PATH + " characters");
            }
            if (i > 0 && path.charAt(path.length() - 1) != separator) {
                path.append(separator);
            }
            path.append(part);
        }
        return new Pickled.Text(path.toString());
    }

    private static void torch() {
        Map<String, DType> storages = Map.of(
                "Double", DType.F64,
                "Float", DType.F32,
                "Half", DType.F16,
                "BFloat16", DType.BF16,
                "Long", DType.I64,
                "Int", DType.I32,
                "Short", DType.I16,
                "Char", DType.I8,
                "Byte", DType.U8,
                "Bool", DType.BOOL);
        storages.forEach((name, dtype) -> add("torch." + name + "Storage", dtype, null));
        add("torch.storage.UntypedStorage", null, null);
        Map<String, DType> dtypes = Map.ofEntries(
                Map.entry("float64", DType.F64),
                Map.entry("double", DType.F64),
                Map.entry("float32", DType.F32),
                Map.entry("float", DType.F32),
                Map.entry("float16", DType.F16),
                Map.entry("half", DType.F16),
                Map.entry("bfloat16", DType.BF16),
                Map.entry("int64", DType.I64),
                Map.entry("long", DType.I64),
                Map.entry("int32", DType.I32),
                Map.entry("int", DType.I32),
                Map.entry("int16", DType.I16),
                Map.entry("short", DType.I16),
                Map.entry("int8", DType.I8),
                Map.entry("uint8", DType.U8),
                Map.entry("bool", DType.BOOL));
        dtypes.forEach((name, dtype) -> add("torch." + name, dtype, null));
        add("torch.Tensor", null, null);
        add("torch.Size", arguments -> Pickled.Sequence.fixed(contents(arguments)));
        add("torch.device", PickleGlobals::device);
        add("torch.serialization._get_layout", arguments -> new Pickled.Text(arguments.text(0)));
        add("torch.torch_version.TorchVersion", arguments -> new Pickled.Text(arguments.text(0)));
        add("torch._utils._rebuild_tensor", arguments -> tensor(arguments, null));
        add("torch._utils._rebuild_tensor_v2", arguments -> tensor(arguments, null));
        add("torch._utils._rebuild_tensor_v3", arguments -> tensor(arguments, elementType(arguments, 6)));
        // A parameter is its tensor; whether it was trained, its hooks and its attributes do not matter here.
        for (String name : List.of(
                "torch._utils._rebuild_parameter",
                "torch._utils._rebuild_parameter_with_state",
                "torch.nn.parameter.Parameter",
                "torch.nn.parameter.Buffer")) {
            add(name, PickleGlobals::parameter);
        }
        add("torch._tensor._rebuild_from_type_v2", PickleGlobals::fromType);
    }

    private static Pickled device(Arguments arguments) {
        String type = arguments.text(0);
        if (type.length() > 64) {
            throw arguments.wrong("no name of a device");
        }
        return new Pickled.Text(arguments.size() > 1 ? type + ":" + arguments.whole(1) : type);
    }

    private static @Nullable DType elementType(Arguments arguments, int index) {
        Global dtype = arguments.global(index);
        if (dtype.dtype() == null) {
            throw arguments.wrong(dtype.name() + " is no element type");
        }
        return dtype.dtype();
    }

    private static Pickled tensor(Arguments arguments, @Nullable DType given) {
        if (!(arguments.get(0) instanceof Pickled.Storage storage)) {
            throw arguments.wrong("a tensor without a storage");
        }
        DType dtype = given != null ? given : storage.memory().dtype();
        if (dtype == null) {
            throw arguments.wrong("a tensor without an element type");
        }
        return new Pickled.Tensor(new TensorView(
                storage.memory(), dtype, arguments.whole(1), arguments.sides(2), arguments.sides(3), arguments));
    }

    private static Pickled parameter(Arguments arguments) {
        if (arguments.get(0) instanceof Pickled.Tensor tensor) {
            return tensor;
        }
        throw arguments.wrong("a parameter that is no tensor");
    }

    /** Tensors with attributes: (function, class, arguments, state). */
    private static Pickled fromType(Arguments arguments) {
        Global function = arguments.global(0);
        String type = arguments.global(1).name();
        boolean plain = type.equals("torch.Tensor") || type.startsWith("torch.nn.parameter.");
        // Only torch's own tensor makers, never this function again: the nesting stays bounded.
        if (!plain || !function.name().startsWith("torch._utils._rebuild_") || function.call() == null) {
            throw arguments.wrong(type + " made by " + function.name());
        }
        return function.call().apply(arguments.with(function.name(), arguments.sequence(2)));
    }
}
