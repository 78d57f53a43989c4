package org.vilam.grounding.family;

import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.vilam.vision.checkpoint.TensorSource;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

/** Sizes of a network as they show in its tensors. All methods throw CHECKPOINT_MISMATCH naming a tensor that is missing. */
public final class PublishedSizes {
    private static final int HEAD_WIDTH = 64;

    private final TensorSource tensors;

    /** Of tensors under the network's names. */
    public PublishedSizes(TensorSource tensors) {
        this.tensors = tensors;
    }

    /** One side of a tensor. */
    public int side(String name, int axis) {
        if (!tensors.names().contains(name)) {
            throw mismatch("tensor " + name + " is missing, and the network's sizes show in it");
        }
        Shape shape = tensors.shape(name);
        if (axis >= shape.dimension() || shape.get(axis) < 1) {
            throw mismatch("tensor " + name + " has the shape " + shape + ", in which no size shows");
        }
        return Math.toIntExact(shape.get(axis));
    }

    /** Patches along one side of a square grid, from a table of positions with some rows before it. */
    public int grid(String table, int rowsBefore) {
        int rows = side(table, 0) - rowsBefore;
        int grid = (int) Math.round(Math.sqrt(rows));
        if (grid < 1 || grid * grid != rows) {
            throw mismatch("tensor " + table + " has " + side(table, 0) + " rows, which are not " + rowsBefore
                    + " and a square grid of patches");
        }
        return grid;
    }

    /** How many heads an attention of this width has where every head is 64 wide. */
    public int heads(int width) {
        return Math.max(1, width / HEAD_WIDTH);
    }

    /** Which numbers stand at {@code {i}} in the names of tensors, ascending. */
    public List<Integer> indices(String template) {
        int at = template.indexOf("{i}");
        Pattern pattern = Pattern.compile(
                Pattern.quote(template.substring(0, at)) + "(\\d{1,6})" + Pattern.quote(template.substring(at + 3)));
        List<Integer> indices = new ArrayList<>();
        for (String name : tensors.names()) {
            Matcher matcher = pattern.matcher(name);
            if (matcher.matches()) {
                indices.add(Integer.valueOf(matcher.group(1)));
            }
        }
        indices.sort(null);
        return indices;
    }

    /** How many there are of what is numbered at {@code {i}}, from 0 without a gap. */
    public int count(String template) {
        List<Integer> indices = indices(template);
        if (indices.isEmpty() || indices.get(indices.size() - 1) != indices.size() - 1) {
            throw mismatch("of " + template + " there are the numbers " + indices + ", not all from 0 on");
        }
        return indices.size();
    }

    /** Puts the values of {@code published} into {@code config} where both have the field; others are not looked at. */
    public static void override(ObjectNode config, @Nullable JsonNode published) {
        if (published == null) {
            return;
        }
        List<String> fields = new ArrayList<>();
        config.fieldNames().forEachRemaining(fields::add);
        for (String field : fields) {
            JsonNode value = published.get(field);
            if (value != null && config.get(field) instanceof ObjectNode deeper) {
                override(deeper, value);
            } else if (value != null) {
                config.set(field, value);
            }
        }
    }

    private static VilamException mismatch(String message) {
        return new VilamException(
                ErrorCode.CHECKPOINT_MISMATCH,
                message,
                "Check that the file is a whole checkpoint of this family, not a part of one.");
    }
}
