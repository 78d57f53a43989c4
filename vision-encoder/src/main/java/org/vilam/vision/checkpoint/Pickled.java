package org.vilam.vision.checkpoint;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a pickle becomes: data, never a live object. */
sealed interface Pickled {
    /** Python's {@code None}. */
    enum None implements Pickled {
        NONE
    }

    record Text(String value) implements Pickled {}

    record Flag(boolean value) implements Pickled {}

    /** An integer of up to 64 bits. */
    record Whole(long value) implements Pickled {}

    /** A longer integer. */
    record BigWhole(BigInteger value) implements Pickled {}

    record Real(double value) implements Pickled {}

    /** Bytes; never changed after reading. */
    @SuppressWarnings("ArrayRecordComponent") // compared nowhere
    record Bytes(byte[] value) implements Pickled {}

    /** A list, tuple or set. */
    record Sequence(List<Pickled> items, boolean growing) implements Pickled {
        static Sequence list() {
            return new Sequence(new ArrayList<>(0), true);
        }

        /** A tuple or frozen set: no opcode adds to it. */
        static Sequence fixed(List<Pickled> items) {
            return new Sequence(items, false);
        }
    }

    /** A dictionary; keys are kept as text, see {@link PickleText#key}. */
    record Dict(Map<String, Pickled> entries) implements Pickled {
        static Dict empty() {
            return new Dict(new LinkedHashMap<>(4));
        }
    }

    /**
     * An object of a class that is read as data: its attributes and, for subclasses of list and dict, its content.
     *
     * @param type the class, module.name
     */
    record Instance(String type, Dict attributes, Dict entries, Sequence items) implements Pickled {
        static Instance of(String type) {
            return new Instance(type, Dict.empty(), Dict.empty(), Sequence.list());
        }
    }

    /**
     * A global on the list of what is understood: a name, no more.
     *
     * @param name module.name in today's spelling
     * @param dtype the element type, for torch's storage classes and dtypes
     * @param call what applying it to arguments yields; null where it is only ever mentioned
     */
    record Global(
            String name, @Nullable DType dtype, @Nullable Call call) implements Pickled {}

    /** Applies a global to its arguments, yielding data. */
    interface Call {
        Pickled apply(Arguments arguments);
    }

    /** The memory tensors lie in. */
    record Storage(TorchStorage memory) implements Pickled {}

    record Tensor(TensorView view) implements Pickled {}

    /** A numpy element type; its byte order arrives with its state. */
    final class NumpyType implements Pickled {
        final String code;
        boolean bigEndian;

        NumpyType(String code) {
            this.code = code;
        }
    }

    /** A numpy array that its state has not filled yet. */
    final class NumpyArray implements Pickled {
        @Nullable
        TensorView view;
    }
}
