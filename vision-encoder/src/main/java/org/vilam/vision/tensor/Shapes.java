package org.vilam.vision.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

/**
 * The checks at the entry of every block: a tensor of the wrong shape or type is refused by name, before any arithmetic.
 *
 * <p>All throw {@link VilamException} with {@link ErrorCode#TENSOR_MISMATCH}, naming the block, the tensor, what it is and
 * what was expected.
 */
public final class Shapes {
    private Shapes() {}

    /**
     * A float32 tensor with these sides.
     *
     * @param block which block asks, usually the path of its weights
     * @param tensor what the tensor is to the block
     * @param sides for each axis a number it must have, or a letter that stands for any
     */
    public static void require(String block, String tensor, NDArray x, Object... sides) {
        Shape shape = x.getShape();
        boolean fits = shape.dimension() == sides.length;
        for (int i = 0; fits && i < sides.length; i++) {
            fits = !(sides[i] instanceof Number side) || side.longValue() == shape.get(i);
        }
        if (!fits) {
            throw mismatch(block, tensor, shape.toString(), expected(sides));
        }
        requireFloat(block, tensor, x);
    }

    /** A float32 tensor of one axis or more, the last of which has {@code width} elements. */
    public static void requireLast(String block, String tensor, NDArray x, long width) {
        Shape shape = x.getShape();
        if (shape.dimension() == 0 || shape.get(shape.dimension() - 1) != width) {
            throw mismatch(block, tensor, shape.toString(), "(..., " + width + ")");
        }
        requireFloat(block, tensor, x);
    }

    /** A float32 tensor that broadcasts to these sides, as an additive mask does. */
    public static void requireBroadcast(String block, String tensor, NDArray x, long... sides) {
        Shape shape = x.getShape();
        int offset = sides.length - shape.dimension();
        boolean fits = offset >= 0;
        for (int i = 0; fits && i < shape.dimension(); i++) {
            fits = shape.get(i) == 1 || shape.get(i) == sides[i + offset];
        }
        if (!fits) {
            throw mismatch(block, tensor, shape.toString(), "what broadcasts to " + new Shape(sides));
        }
        requireFloat(block, tensor, x);
    }

    private static void requireFloat(String block, String tensor, NDArray x) {
        if (x.getDataType() != DataType.FLOAT32) {
            throw mismatch(block, tensor, x.getDataType() + " " + x.getShape(), "float32");
        }
    }

    /** The exception for a tensor that is one thing where another was expected. */
    static VilamException mismatch(String block, String tensor, String given, String expected) {
        return new VilamException(
                ErrorCode.TENSOR_MISMATCH,
                block + ": " + tensor + " is " + given + ", expected " + expected,
                "Check that the input and the sizes in the model's config.json belong together.");
    }

    private static String expected(Object... sides) {
        return Arrays.stream(sides).map(String::valueOf).collect(Collectors.joining(", ", "(", ")"));
    }
}
