package org.vilam.vision.checkpoint;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.vilam.vision.checkpoint.Pickled.Call;
import org.vilam.vision.checkpoint.Pickled.NumpyArray;
import org.vilam.vision.checkpoint.Pickled.NumpyType;

/**
 * numpy's numbers and arrays in pickles: scalars become plain values, arrays become tensors.
 *
 * @see <a href="https://numpy.org/doc/stable/reference/generated/numpy.dtype.html">numpy.dtype</a>
 */
final class NumpyPickle {
    private NumpyPickle() {}

    /** The globals of this part of the list; a null call is a name that is only mentioned. */
    static Map<String, @Nullable Call> globals() {
        Map<String, @Nullable Call> globals = new LinkedHashMap<>();
        globals.put("numpy.ndarray", null);
        globals.put("numpy.dtype", arguments -> new NumpyType(arguments.text(0)));
        globals.put("numpy.core.multiarray.scalar", NumpyPickle::scalar);
        globals.put("numpy.core.multiarray._reconstruct", arguments -> new NumpyArray());
        globals.put("numpy.core.numeric._frombuffer", NumpyPickle::fromBuffer);
        return globals;
    }

    /** State of a type: (version, byte order, ...). */
    static void setType(NumpyType type, Arguments context) {
        Arguments state = context.with("the state of numpy.dtype", context.sequence(0));
        type.bigEndian = state.text(1).equals(">");
    }

    /** State of an array: (version, shape, type, column-major, bytes). */
    static void setArray(NumpyArray array, Arguments context) {
        Arguments state = context.with("the state of numpy.ndarray", context.sequence(0));
        if (array.view != null || state.size() != 5) {
            throw state.wrong("not the five parts of an array");
        }
        NumpyType type = type(state, 2);
        if (!(state.get(4) instanceof Pickled.Bytes || state.get(4) instanceof Pickled.Text)) {
            throw state.unsupported("a numpy array of Python objects");
        }
        array.view = view(type, state.bytes(4), state.sides(1), state.flag(3), state);
    }

    /** (buffer, type, shape, order), of protocol 5. */
    private static Pickled fromBuffer(Arguments arguments) {
        NumpyArray array = new NumpyArray();
        boolean columnMajor = arguments.text(3).equals("F");
        array.view = view(type(arguments, 1), arguments.bytes(0), arguments.sides(2), columnMajor, arguments);
        return array;
    }

    private static NumpyType type(Arguments arguments, int index) {
        if (arguments.get(index) instanceof NumpyType type) {
            if (type.bigEndian) {
                throw arguments.unsupported("numpy values in big-endian order");
            }
            return type;
        }
        throw arguments.wrong("argument " + index + " is no numpy type");
    }

    private static TensorView view(NumpyType type, byte[] bytes, long[] shape, boolean columnMajor, Arguments context) {
        DType dtype = switch (type.code) {
            case "f8" -> DType.F64;
            case "f4" -> DType.F32;
            case "f2" -> DType.F16;
            case "i8" -> DType.I64;
            case "i4" -> DType.I32;
            case "i2" -> DType.I16;
            case "i1" -> DType.I8;
            case "u1" -> DType.U8;
            case "b1" -> DType.BOOL;
            default -> throw context.unsupported("a numpy array of type " + type.code);
        };
        long expected = TensorInfo.bytes(dtype, shape);
        if (expected != bytes.length) {
            throw context.wrong(bytes.length + " bytes for an array of " + expected);
        }
        long[] strides = StridedCopy.rowMajorStrides(shape);
        if (columnMajor) {
            long stride = 1;
            for (int i = 0; i < shape.length; i++) {
                strides[i] = stride;
                stride *= shape[i];
            }
        }
        return new TensorView(TorchStorage.of(dtype, bytes), dtype, 0, shape, strides, context);
    }

    /** (type, bytes) */
    private static Pickled scalar(Arguments arguments) {
        NumpyType type = type(arguments, 0);
        byte[] bytes = arguments.bytes(1);
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (!List.of("f8", "f4", "f2", "i8", "i4", "i2", "i1", "u8", "u4", "u2", "u1", "b1")
                .contains(type.code)) {
            throw arguments.unsupported("a numpy value of type " + type.code);
        }
        if (bytes.length != type.code.charAt(1) - '0') {
            throw arguments.wrong(bytes.length + " bytes for a number of type " + type.code);
        }
        return switch (type.code) {
            case "f8" -> new Pickled.Real(in.getDouble());
            case "f4" -> new Pickled.Real(in.getFloat());
            case "f2" -> new Pickled.Real(Float16.toFloat(in.getShort()));
            case "i8" -> new Pickled.Whole(in.getLong());
            case "i4" -> new Pickled.Whole(in.getInt());
            case "i2" -> new Pickled.Whole(in.getShort());
            case "i1" -> new Pickled.Whole(in.get());
            case "u8" -> unsigned(in.getLong());
            case "u4" -> new Pickled.Whole(in.getInt() & 0xFFFFFFFFL);
            case "u2" -> new Pickled.Whole(in.getShort() & 0xFFFF);
            case "u1" -> new Pickled.Whole(in.get() & 0xFF);
            default -> new Pickled.Flag(in.get() != 0);
        };
    }

    private static Pickled unsigned(long value) {
        return value >= 0
                ? new Pickled.Whole(value)
                : new Pickled.BigWhole(new BigInteger(Long.toUnsignedString(value)));
    }
}
