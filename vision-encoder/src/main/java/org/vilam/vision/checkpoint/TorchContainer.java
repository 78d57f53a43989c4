package org.vilam.vision.checkpoint;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.vilam.vision.error.VilamException;

/**
 * The two containers of torch.save: a zip archive (since PyTorch 1.6) and, before that, five pickles followed by the
 * storages. Both give one pickled value whose tensors point at storages in the file.
 *
 * @see <a href="https://github.com/pytorch/pytorch/blob/v2.7.1/torch/serialization.py">torch/serialization.py</a>
 */
final class TorchContainer {
    private static final byte[] ZIP = {'P', 'K', 3, 4};
    private static final byte[] TAR = "ustar".getBytes(StandardCharsets.US_ASCII);
    private static final int TAR_OFFSET = 257;
    private static final BigInteger LEGACY_MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);
    private static final long LEGACY_PROTOCOL = 1001;
    private static final String SAVE_AGAIN =
            "Load it in a current PyTorch and save it again with torch.save(model.state_dict(), file).";

    private final MappedFile file;
    private final PickleGlobals globals;
    private final PickleAllowance allowance = new PickleAllowance();
    private final Map<String, TorchStorage> storages = new HashMap<>();

    private TorchContainer(MappedFile file, PickleGlobals globals) {
        this.file = file;
        this.globals = globals;
    }

    /** Whether a file looks like the work of torch.save rather than a safetensors file. */
    static boolean recognises(MappedFile file) {
        return !looksLikeSafetensors(file) && (isZip(file) || isTar(file) || isPickle(file));
    }

    /** The first bytes of a safetensors file are a length, which may look like anything. */
    private static boolean looksLikeSafetensors(MappedFile file) {
        return file.size() > Long.BYTES
                && file.slice(0, Long.BYTES).getLong() <= SafetensorsHeader.MAX_BYTES
                && file.slice(0, Long.BYTES).getLong() > 0
                && file.slice(Long.BYTES, 1).get() == '{';
    }

    private static boolean isZip(MappedFile file) {
        return CheckpointFormat.startsWith(file, ZIP, 0);
    }

    private static boolean isTar(MappedFile file) {
        return CheckpointFormat.startsWith(file, TAR, TAR_OFFSET);
    }

    private static boolean isPickle(MappedFile file) {
        return file.size() > 2 && file.slice(0, 1).get() == (byte) 0x80;
    }

    /** Reads the value that was saved. */
    static Pickled read(MappedFile file, PickleGlobals globals) {
        TorchContainer container = new TorchContainer(file, globals);
        if (isZip(file)) {
            return container.readZip();
        }
        if (isTar(file)) {
            throw Refusals.unsupported(file.path(), "the tar form that PyTorch wrote before version 0.2", SAVE_AGAIN);
        }
        if (isPickle(file)) {
            return container.readLegacy();
        }
        throw Refusals.unsupported(
                file.path(), "neither form of a file written by torch.save", "Check that this is the weight file.");
    }

    private Pickled readZip() {
        ZipDirectory zip = ZipDirectory.read(file);
        String top = top(zip);
        if (zip.entries().containsKey(top + "constants.pkl")) {
            throw Refusals.unsupported(file.path(), "a TorchScript program, not a checkpoint", SAVE_AGAIN);
        }
        ZipDirectory.Entry order = zip.entries().get(top + "byteorder");
        if (order != null && !"little".equals(text(zip, top + "byteorder", order))) {
            throw Refusals.unsupported(file.path(), "saved on a big-endian machine", SAVE_AGAIN);
        }
        String name = top + "data.pkl";
        ZipDirectory.Entry pickle = entry(zip, name);
        if (pickle.size() > Unpickler.MAX_BYTES) {
            throw tooLong();
        }
        PickleInput in = new PickleInput(file.path(), file.slice(zip.position(name, pickle), pickle.size()));
        return unpickler(in, identifier -> storage(identifier, (key, bytes) -> place(zip, top + "data/" + key, bytes)))
                .read();
    }

    private VilamException tooLong() {
        return Refusals.unsupported(
                file.path(), "its pickle is longer than " + Unpickler.MAX_BYTES + " bytes", SAVE_AGAIN);
    }

    /** The folder that every entry lies in, with a slash at the end; any name will do. */
    private String top(ZipDirectory zip) {
        List<String> found = zip.entries().keySet().stream()
                .filter(name -> name.equals("data.pkl") || name.indexOf('/') == name.length() - "/data.pkl".length())
                .filter(name -> name.endsWith("data.pkl"))
                .toList();
        if (found.size() != 1) {
            throw Refusals.unsupported(
                    file.path(), "a zip archive, but not of torch.save: data.pkl is missing", "Check the file.");
        }
        return found.get(0).substring(0, found.get(0).length() - "data.pkl".length());
    }

    private String text(ZipDirectory zip, String name, ZipDirectory.Entry entry) {
        byte[] bytes = new byte[(int) Math.min(entry.size(), 16)];
        file.slice(zip.position(name, entry), bytes.length).get(bytes);
        return new String(bytes, StandardCharsets.US_ASCII).strip();
    }

    private ZipDirectory.Entry entry(ZipDirectory zip, String name) {
        ZipDirectory.Entry entry = zip.entries().get(name);
        if (entry == null) {
            throw Refusals.corrupt(file.path(), "the zip archive lacks " + name);
        }
        return entry;
    }

    private TorchStorage.Memory place(ZipDirectory zip, String name, long bytes) {
        ZipDirectory.Entry entry = entry(zip, name);
        if (entry.size() < bytes) {
            throw Refusals.corrupt(
                    file.path(),
                    "zip entry " + name + " has " + entry.size() + " of the " + bytes + " bytes it should");
        }
        return at(zip.position(name, entry));
    }

    private TorchStorage.Memory at(long position) {
        return (offset, length) -> file.slice(position + offset, length);
    }

    private Pickled readLegacy() {
        PickleInput in = new PickleInput(file.path(), file.slice(0, Math.min(file.size(), Unpickler.MAX_BYTES)));
        Unpickler plain = unpickler(in, identifier -> {
            throw identifier.wrong("one where none belongs");
        });
        if (!(plain.read() instanceof Pickled.BigWhole magic) || !magic.value().equals(LEGACY_MAGIC)) {
            throw Refusals.unsupported(file.path(), "a pickle, but not one of torch.save", SAVE_AGAIN);
        }
        if (!(plain.read() instanceof Pickled.Whole protocol) || protocol.value() != LEGACY_PROTOCOL) {
            throw Refusals.unsupported(file.path(), "an unknown version of the legacy form", SAVE_AGAIN);
        }
        if (!(plain.read() instanceof Pickled.Dict system)
                || !(system.entries().get("little_endian") instanceof Pickled.Flag little)) {
            throw Refusals.corrupt(file.path(), "the description of the machine is missing");
        }
        if (!little.value()) {
            throw Refusals.unsupported(file.path(), "saved on a big-endian machine", SAVE_AGAIN);
        }
        Pickled root = unpickler(in, identifier -> storage(identifier, (key, bytes) -> null))
                .read();
        placeStorages(
                in,
                unpickler(in, identifier -> {
                            throw identifier.wrong("one where none belongs");
                        })
                        .read());
        return root;
    }

    /** The storages follow the last pickle in the order of their keys: a count of elements, then the elements. */
    private void placeStorages(PickleInput in, Pickled keys) {
        List<Pickled> order = keys instanceof Pickled.Sequence sequence ? sequence.items() : new ArrayList<>();
        long position = in.position();
        for (Pickled key : order) {
            TorchStorage storage = key instanceof Pickled.Text text ? storages.get(text.value()) : null;
            if (storage == null || storage.placed() || storage.dtype() == null) {
                throw Refusals.corrupt(file.path(), "the list of storages does not fit the tensors");
            }
            if (position > file.size() - Long.BYTES) {
                throw Refusals.corrupt(file.path(), "it ends before its last storage");
            }
            long elements = file.slice(position, Long.BYTES).getLong();
            position += Long.BYTES;
            if (elements != storage.bytes() / storage.dtype().bytes()) {
                throw Refusals.corrupt(
                        file.path(),
                        "a storage of " + elements + " elements where "
                                + storage.bytes() / storage.dtype().bytes() + " belong");
            }
            if (storage.bytes() > file.size() - position) {
                throw Refusals.corrupt(file.path(), "it ends within a storage");
            }
            storage.place(at(position));
            position += storage.bytes();
        }
        if (!storages.values().stream().allMatch(TorchStorage::placed)) {
            throw Refusals.corrupt(file.path(), "the list of storages does not fit the tensors");
        }
    }

    private Unpickler unpickler(PickleInput in, Function<Arguments, Pickled> persistent) {
        return new Unpickler(in, globals, allowance, persistent);
    }

    /** Finds the bytes of a storage, or null where they are not known yet. */
    private interface Placement {
        TorchStorage.@Nullable Memory find(String key, long bytes);
    }

    /** ('storage', class, key, location, elements[, view]); the location is the device it was on, which does not matter. */
    private Pickled storage(Arguments identifier, Placement placement) {
        if (!identifier.text(0).equals("storage")) {
            throw identifier.wrong("an object that is no storage");
        }
        Pickled.Global type = identifier.global(1);
        // An untyped storage counts bytes.
        DType counted = type.name().equals("torch.storage.UntypedStorage") ? DType.U8 : type.dtype();
        if (counted == null || !type.name().endsWith("Storage")) {
            throw identifier.wrong(type.name() + " is no class of storages");
        }
        if (identifier.size() > 5 && identifier.get(5) != Pickled.None.NONE) {
            throw identifier.unsupported("a storage that is a view of another, as PyTorch wrote before version 0.4");
        }
        String key = identifier.text(2);
        long bytes = TensorInfo.bytes(counted, new long[] {identifier.whole(4)});
        if (bytes < 0) {
            throw identifier.wrong("an impossible number of elements");
        }
        TorchStorage known = storages.get(key);
        if (known == null) {
            known = new TorchStorage(type.dtype(), bytes, placement.find(key, bytes));
            storages.put(key, known);
        } else if (known.bytes() != bytes || known.dtype() != type.dtype()) {
            throw identifier.wrong("storage " + key + " has two types or sizes");
        }
        return new Pickled.Storage(known);
    }
}
