package org.vilam.vision.checkpoint;

import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A float32 checkpoint of llama2.c: seven sizes, then all weights of one kind after another. Tensors are shown under Hugging
 * Face's names of a LLaMA, with the rows of queries and keys in Hugging Face's order: llama2.c turns neighbouring numbers
 * together by the rotary positions, Hugging Face's networks turn numbers half a head apart.
 *
 * @see <a href="https://github.com/karpathy/llama2.c/blob/master/export.py">export.py, legacy_export and version1_export</a>
 */
final class Llama2cFile implements TensorSource {
    private static final int MAGIC = 0x616b3432;
    private static final int LEGACY_HEADER = 7 * Integer.BYTES;
    private static final int VERSION1_HEADER = 256;
    private static final int LARGEST_SIDE = 1 << 24;

    private final MappedFile file;
    private final Sizes sizes;
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private long end = -1;

    /** The header. */
    private record Sizes(
            int dim, int hidden, int layers, int heads, int kvHeads, int vocab, int positions, boolean tied) {
        static @Nullable Sizes of(ByteBuffer ints, boolean tied) {
            int[] n = new int[7];
            for (int i = 0; i < n.length; i++) {
                n[i] = ints.getInt();
                if (n[i] <= 0 || n[i] > LARGEST_SIDE) {
                    return null;
                }
            }
            Sizes sizes = new Sizes(n[0], n[1], n[2], n[3], n[4], n[5], n[6], tied);
            return sizes.dim % sizes.heads == 0 && sizes.headWidth() % 2 == 0 && sizes.heads % sizes.kvHeads == 0
                    ? sizes
                    : null;
        }

        int headWidth() {
            return dim / heads;
        }
    }

    /**
     * Where a tensor lies.
     *
     * @param heads of which the rows must be sorted; 0 for rows as they are
     */
    private record Entry(long offset, Shape shape, int heads) {
        long bytes() {
            return shape.size() * Float.BYTES;
        }
    }

    private Llama2cFile(MappedFile file, Sizes sizes, boolean legacy) {
        this.file = file;
        this.sizes = sizes;
        lay(sizes, legacy);
    }

    /** Opens a file, or returns null (and closes it) when its header and its length are not those of such a checkpoint. */
    static @Nullable Llama2cFile openIfRecognised(Path path) {
        MappedFile file = MappedFile.open(path);
        Llama2cFile found = null;
        try {
            found = recognise(file);
            return found;
        } finally {
            if (found == null) {
                file.close();
            }
        }
    }

    private static @Nullable Llama2cFile recognise(MappedFile file) {
        if (file.size() < VERSION1_HEADER) {
            return null;
        }
        ByteBuffer header = file.slice(0, VERSION1_HEADER);
        if (header.getInt(0) == MAGIC) {
            int version = header.getInt(4);
            if (version != 1) {
                throw Refusals.unsupported(
                        file.path(),
                        "a llama2.c checkpoint of version " + version,
                        "Export it as float32: export.py --version 1.");
            }
            Sizes sizes = Sizes.of(header.position(8), header.get(36) != 0);
            Llama2cFile found = sizes == null ? null : new Llama2cFile(file, sizes, false);
            if (found == null || found.end != file.size()) {
                throw Refusals.corrupt(file.path(), "a llama2.c checkpoint whose sizes do not give its length");
            }
            return found;
        }
        int vocab = header.getInt(20);
        ByteBuffer sizesAlone = ByteBuffer.allocate(LEGACY_HEADER).order(ByteOrder.LITTLE_ENDIAN);
        sizesAlone
                .put(header.slice(0, LEGACY_HEADER))
                .putInt(20, Math.abs(vocab))
                .flip();
        // There is no magic number: only the exact length tells.
        Sizes sizes = Sizes.of(sizesAlone, vocab > 0);
        Llama2cFile found = sizes == null ? null : new Llama2cFile(file, sizes, true);
        return found != null && found.end == file.size() ? found : null;
    }

    private void lay(Sizes s, boolean legacy) {
        Shape norm = new Shape(s.dim);
        Shape square = new Shape(s.dim, s.dim);
        Shape keys = new Shape((long) s.kvHeads * s.headWidth(), s.dim);
        Shape up = new Shape(s.hidden, s.dim);
        Shape table = new Shape(s.vocab, s.dim);
        long[] at = {legacy ? LEGACY_HEADER : VERSION1_HEADER};
        if (legacy) {
            put(at, "model.embed_tokens.weight", table, 0);
            stack(at, s, "input_layernorm", norm, 0);
        } else {
            stack(at, s, "input_layernorm", norm, 0);
            stack(at, s, "post_attention_layernorm", norm, 0);
            put(at, "model.norm.weight", norm, 0);
            put(at, "model.embed_tokens.weight", table, 0);
        }
        stack(at, s, "self_attn.q_proj", square, s.heads);
        stack(at, s, "self_attn.k_proj", keys, s.kvHeads);
        stack(at, s, "self_attn.v_proj", keys, 0);
        stack(at, s, "self_attn.o_proj", square, 0);
        if (legacy) {
            stack(at, s, "post_attention_layernorm", norm, 0);
        }
        stack(at, s, "mlp.gate_proj", up, 0);
        stack(at, s, "mlp.down_proj", new Shape(s.dim, s.hidden), 0);
        stack(at, s, "mlp.up_proj", up, 0);
        if (legacy) {
            put(at, "model.norm.weight", norm, 0);
            // Cosines and sines, which follow from the sizes.
            at[0] += (long) s.positions * s.headWidth() * Float.BYTES;
        }
        if (!s.tied) {
            put(at, "lm_head.weight", table, 0);
        }
        end = at[0];
    }

    private void stack(long[] at, Sizes s, String name, Shape shape, int heads) {
        for (int i = 0; i < s.layers; i++) {
            put(at, "model.layers." + i + "." + name + ".weight", shape, heads);
        }
    }

    private void put(long[] at, String name, Shape shape, int heads) {
        if (at[0] > file.size()) {
            return; // beyond the end already: neither the length nor this place will fit
        }
        Entry entry = new Entry(at[0], shape, heads);
        entries.put(name, entry);
        at[0] += entry.bytes();
    }

    /** {@code config.json} of a LLaMA in Hugging Face's names; llama2.c fixes the norms' epsilon and the rotary base. */
    @Override
    public Optional<JsonNode> config() {
        ObjectNode config = JsonNodeFactory.instance.objectNode().put("model_type", "llama");
        config.put("vocab_size", sizes.vocab).put("hidden_size", sizes.dim).put("intermediate_size", sizes.hidden);
        config.put("num_hidden_layers", sizes.layers).put("num_attention_heads", sizes.heads);
        config.put("num_key_value_heads", sizes.kvHeads).put("max_position_embeddings", sizes.positions);
        config.put("rms_norm_eps", 1e-5).put("rope_theta", 10000.0).put("tie_word_embeddings", sizes.tied);
        return Optional.of(config.put("bos_token_id", 1).put("eos_token_id", 2));
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(entries.keySet());
    }

    @Override
    public Shape shape(String name) {
        return entry(name).shape();
    }

    @Override
    public DType dtype(String name) {
        entry(name);
        return DType.F32;
    }

    @Override
    public ByteBuffer data(String name) {
        Entry entry = entry(name);
        if (entry.bytes() > Integer.MAX_VALUE) {
            throw Refusals.tooLarge(file.path(), name, entry.bytes());
        }
        ByteBuffer stored = file.slice(entry.offset(), entry.bytes());
        return entry.heads() == 0 ? stored : halvesFromPairs(stored, entry);
    }

    /** Row (head, i, j) of pairs (i, j) becomes row (head, j, i) of halves j. */
    private static ByteBuffer halvesFromPairs(ByteBuffer stored, Entry entry) {
        int rowBytes = Math.toIntExact(entry.shape().get(1) * Float.BYTES);
        int width = Math.toIntExact(entry.shape().get(0) / entry.heads());
        ByteBuffer sorted = ByteBuffer.allocateDirect(stored.remaining()).order(ByteOrder.LITTLE_ENDIAN);
        for (int head = 0; head < entry.heads(); head++) {
            for (int row = 0; row < width; row++) {
                int from = head * width + 2 * (row % (width / 2)) + row / (width / 2);
                sorted.put(stored.slice(from * rowBytes, rowBytes));
            }
        }
        return sorted.flip().asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    private Entry entry(String name) {
        Entry entry = entries.get(name);
        if (entry == null) {
            throw Refusals.noTensor(name);
        }
        return entry;
    }

    @Override
    public void close() {
        file.close();
    }
}
