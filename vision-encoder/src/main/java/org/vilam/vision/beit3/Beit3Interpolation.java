package org.vilam.vision.beit3;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.vilam.vision.checkpoint.DType;
import org.vilam.vision.checkpoint.TensorSource;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;
import org.vilam.vision.tensor.Interpolation;

/**
 * Weights of one image and patch size as those of another, as the loaders of SimVG, C3VG and OneRef do it.
 *
 * <p>Two tensors depend on these sizes. Of the position table of vision the first three rows, two that are unused and that of
 * CLS, are kept, and the square grid of the others is resampled; the patch kernel is resampled where the patches are linear, and
 * its values are not rescaled. Both by {@link Interpolation#BICUBIC}, in float32. All other tensors are the source's own, and so
 * are these two where they have the wanted size already.
 */
public final class Beit3Interpolation {
    private static final int EXTRA_ROWS = Beit3Encoder.FIRST_POSITION + 1;

    private Beit3Interpolation() {}

    /** As {@link #resized(TensorSource, String, Beit3Config)}, for weights below {@code beit3}, as in BEiT-3's own files. */
    public static TensorSource resized(TensorSource source, Beit3Config config) {
        return resized(source, "beit3", config);
    }

    /**
     * A source seen in the sizes of an encoder; nothing is read or computed before a tensor is asked for. Closing the view
     * closes the source.
     *
     * @param scope what the names of the encoder's weights begin with, such as {@code vis_enc.beit3}
     * @param config whose {@code img_size} and {@code patch_size} are wanted; tensors that differ from it in other sizes are
     *     left for the {@link org.vilam.vision.checkpoint.LoadReport}
     * @throws VilamException CHECKPOINT_MISMATCH when the position table is no square grid of patches
     */
    public static TensorSource resized(TensorSource source, String scope, Beit3Config config) {
        String table = scope + ".encoder.embed_positions.A.weight";
        String kernel = scope + ".vision_embed.proj.weight";
        return new View(
                source,
                table,
                source.names().contains(table) ? table(table, source.shape(table), config) : null,
                kernel,
                source.names().contains(kernel) ? kernel(source.shape(kernel), config) : null);
    }

    /** The shape wanted of the position table, or null where it stays. */
    private static @Nullable Shape table(String name, Shape stored, Beit3Config config) {
        Shape wanted = new Shape((long) config.grid() * config.grid() + EXTRA_ROWS, config.embedDim());
        if (stored.equals(wanted) || stored.dimension() != 2 || stored.get(1) != wanted.get(1)) {
            return null;
        }
        long side = side(stored);
        if (side < 1 || side * side + EXTRA_ROWS != stored.get(0)) {
            throw new VilamException(
                    ErrorCode.CHECKPOINT_MISMATCH,
                    "tensor " + name + " of shape " + stored + " is not " + EXTRA_ROWS
                            + " rows and a square grid of patches, so it cannot be resampled to " + config.grid()
                            + " x "
                            + config.grid(),
                    "Give weights of an encoder of square images.");
        }
        return wanted;
    }

    private static long side(Shape table) {
        return Math.round(Math.sqrt(Math.max(0, table.get(0) - EXTRA_ROWS)));
    }

    /** The shape wanted of the patch kernel, or null where it stays. */
    private static @Nullable Shape kernel(Shape stored, Beit3Config config) {
        Shape wanted = new Shape(config.embedDim(), 3, config.patchSize(), config.patchSize());
        boolean resizable = stored.dimension() == 4
                && stored.get(0) == wanted.get(0)
                && stored.get(1) == wanted.get(1)
                && stored.get(2) > 0
                && stored.get(3) > 0;
        return resizable && !stored.equals(wanted) ? wanted : null;
    }

    /** The source, but for the tensors that have another shape here. */
    private record View(
            TensorSource source,
            String table,
            @Nullable Shape tableShape,
            String kernel,
            @Nullable Shape kernelShape) implements TensorSource {
        /** The shape a tensor is resampled to, or null where it is the source's own. */
        private @Nullable Shape resampled(String name) {
            return name.equals(table) ? tableShape : name.equals(kernel) ? kernelShape : null;
        }

        @Override
        public Set<String> names() {
            return source.names();
        }

        @Override
        public Shape shape(String name) {
            Shape shape = resampled(name);
            return shape == null ? source.shape(name) : shape;
        }

        @Override
        public DType dtype(String name) {
            return resampled(name) == null ? source.dtype(name) : DType.F32;
        }

        @Override
        public ByteBuffer data(String name) {
            Shape shape = resampled(name);
            if (shape == null) {
                return source.data(name);
            }
            try (NDManager manager = NDManager.newBaseManager(Device.cpu());
                    NDArray stored = source.load(name, manager);
                    NDArray resampled = name.equals(table) ? table(stored) : kernel(stored, shape)) {
                ByteBuffer bytes = ByteBuffer.allocateDirect(Math.toIntExact(shape.size() * Float.BYTES))
                        .order(ByteOrder.LITTLE_ENDIAN);
                bytes.asFloatBuffer().put(resampled.toFloatArray());
                return bytes.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
            }
        }

        private NDArray table(NDArray stored) {
            int from = (int) side(stored.getShape());
            int to = (int) side(Objects.requireNonNull(tableShape));
            return Interpolation.BICUBIC.positionTable(stored, EXTRA_ROWS, from, from, to, to);
        }

        private static NDArray kernel(NDArray stored, Shape shape) {
            return Interpolation.BICUBIC.resize(stored, (int) shape.get(2), (int) shape.get(3));
        }

        @Override
        public NDArray load(String name, NDManager manager) {
            return resampled(name) == null ? source.load(name, manager) : TensorSource.super.load(name, manager);
        }

        @Override
        public NDArray loadMapped(String name, NDManager manager) {
            return resampled(name) == null
                    ? source.loadMapped(name, manager)
                    : TensorSource.super.loadMapped(name, manager);
        }

        @Override
        public void close() {
            source.close();
        }
    }
}
