package org.vilam.vision.beit3;

import ai.djl.ndarray.types.Shape;
import java.util.Set;
import org.vilam.vision.checkpoint.TensorSource;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

/** What the weights of a BEiT-3 encoder tell of its sizes. */
public final class Beit3Checkpoint {
    /** The width of an attention head, in all published sizes. */
    private static final int HEAD_WIDTH = 64;

    private static final double EPS = 1e-5;

    private Beit3Checkpoint() {}

    /**
     * The sizes of an encoder.
     *
     * @param scope what the names of its weights begin with, such as {@code vis_enc.beit3}
     * @param heads how many attention heads, which no tensor tells; 0 for heads of width 64, as in all published sizes
     * @param dropPathRate what it is trained with, which no tensor tells either
     * @throws VilamException CHECKPOINT_MISMATCH naming a tensor that is missing or of an impossible shape
     */
    public static Beit3Config config(TensorSource source, String scope, int heads, double dropPathRate) {
        Shape kernel = shape(source, scope + ".vision_embed.proj.weight", 4);
        Shape table = shape(source, scope + ".encoder.embed_positions.A.weight", 2);
        Shape words = shape(source, scope + ".text_embed.weight", 2);
        Shape wordPlaces = shape(source, scope + ".encoder.embed_positions.B.weight", 2);
        Shape hidden = shape(source, scope + ".encoder.layers.0.ffn.A.fc1.weight", 2);
        int width = Math.toIntExact(kernel.get(0));
        int patch = Math.toIntExact(kernel.get(2));
        long patches = table.get(0) - Beit3Encoder.FIRST_POSITION - 1;
        int grid = (int) Math.round(Math.sqrt((double) Math.max(0, patches)));
        if (grid < 1 || (long) grid * grid != patches) {
            throw mismatch("tensor " + scope + ".encoder.embed_positions.A.weight of shape " + table
                    + " is not three rows and a square grid of patches");
        }
        if (heads == 0 && width % HEAD_WIDTH != 0) {
            throw mismatch(
                    "the encoder's width " + width + " does not divide into attention heads of width " + HEAD_WIDTH);
        }
        try {
            return new Beit3Config(
                    grid * patch,
                    patch,
                    width,
                    heads == 0 ? width / HEAD_WIDTH : heads,
                    Math.toIntExact(hidden.get(0)),
                    count(source.names(), scope + ".encoder.layers."),
                    Math.toIntExact(words.get(0)),
                    Math.toIntExact(wordPlaces.get(0)),
                    EPS,
                    dropPathRate);
        } catch (IllegalArgumentException e) {
            throw mismatch("the weights are of no BEiT-3 encoder: " + e.getMessage());
        }
    }

    /** How many elements a list of modules has: one more than the largest number that follows {@code prefix}. */
    public static int count(Set<String> names, String prefix) {
        int count = 0;
        for (String name : names) {
            int end = name.indexOf('.', prefix.length());
            if (name.startsWith(prefix) && end > prefix.length()) {
                String number = name.substring(prefix.length(), end);
                if (number.matches("\\d{1,6}")) {
                    count = Math.max(count, Integer.parseInt(number) + 1);
                }
            }
        }
        return count;
    }

    /**
     * The shape of a tensor.
     *
     * @throws VilamException CHECKPOINT_MISMATCH when there is none of this name and so many axes
     */
    public static Shape shape(TensorSource source, String name, int axes) {
        if (!source.names().contains(name)) {
            throw mismatch("the weights have no tensor " + name);
        }
        Shape shape = source.shape(name);
        if (shape.dimension() != axes || shape.size() == 0) {
            throw mismatch("tensor " + name + " is of shape " + shape + ", expected " + axes + " axes");
        }
        return shape;
    }

    private static VilamException mismatch(String detail) {
        return new VilamException(
                ErrorCode.CHECKPOINT_MISMATCH,
                detail,
                "Give the weights of a whole model as its authors publish them, or its config.json beside them.");
    }
}
