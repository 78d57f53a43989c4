package org.vilam.assistant.text;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The two kinds of tokenizer that language models use, as small as they can be. */
public final class TinyTokenizers {
    private static final JsonMapper JSON = new JsonMapper();

    private TinyTokenizers() {}

    /** Bytes as tokens (GPT-2, LLaMA-3), small letters, two merges; {@code <s>} 0, {@code </s>} 1, {@code <image>} 2, bytes from 3. */
    public static ObjectNode byteLevel() {
        ObjectNode root = skeleton(List.of("<s>", "</s>", "<image>"), false);
        root.putObject("normalizer").put("type", "Lowercase");
        root.putObject("pre_tokenizer")
                .put("type", "ByteLevel")
                .put("add_prefix_space", false)
                .put("trim_offsets", true)
                .put("use_regex", true);
        root.putObject("decoder")
                .put("type", "ByteLevel")
                .put("add_prefix_space", false)
                .put("trim_offsets", true)
                .put("use_regex", true);
        ObjectNode vocab = vocab(root);
        int next = 0x100;
        for (int b = 0; b < 256; b++) {
            boolean printable = (b >= 0x21 && b <= 0x7E) || (b >= 0xA1 && b <= 0xAC) || b >= 0xAE;
            vocab.put(Character.toString(printable ? b : next++), vocab.size());
        }
        vocab.put("do", vocab.size());
        vocab.put("dog", vocab.size());
        merges(root).add("d o").add("do g");
        return root;
    }

    /** Words with a mark in front and bytes as the last resort (SentencePiece: LLaMA, Vicuna). */
    public static ObjectNode sentencePiece() {
        ObjectNode root = skeleton(List.of("<unk>", "<s>", "</s>"), true);
        ArrayNode normalizers =
                root.putObject("normalizer").put("type", "Sequence").putArray("normalizers");
        normalizers.addObject().put("type", "Prepend").put("prepend", "\u2581");
        normalizers
                .addObject()
                .put("type", "Replace")
                .put("content", "\u2581")
                .putObject("pattern")
                .put("String", " ");
        ArrayNode decoders = root.putObject("decoder").put("type", "Sequence").putArray("decoders");
        decoders.addObject()
                .put("type", "Replace")
                .put("content", " ")
                .putObject("pattern")
                .put("String", "\u2581");
        decoders.addObject().put("type", "ByteFallback");
        decoders.addObject().put("type", "Fuse");
        decoders.addObject()
                .put("type", "Strip")
                .put("content", " ")
                .put("start", 1)
                .put("stop", 0);
        ((ObjectNode) root.get("model"))
                .put("unk_token", "<unk>")
                .put("fuse_unk", true)
                .put("byte_fallback", true);
        ObjectNode vocab = vocab(root);
        for (int b = 0; b < 256; b++) {
            vocab.put(String.format("<0x%02X>", b), vocab.size());
        }
        for (String token : List.of("\u2581", "d", "o", "g", "\u2581d", "og", "\u2581dog")) {
            vocab.put(token, vocab.size());
        }
        merges(root).add("\u2581 d").add("o g").add("\u2581d og");
        return root;
    }

    static byte[] bytes(ObjectNode tokenizer) {
        return tokenizer.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Opens one. */
    public static TextTokenizer load(ObjectNode tokenizer) {
        return TextTokenizer.load(bytes(tokenizer), "tiny");
    }

    private static ObjectNode skeleton(List<String> specials, boolean normalized) {
        ObjectNode root = JSON.createObjectNode().put("version", "1.0");
        root.putNull("truncation").putNull("padding");
        ArrayNode added = root.putArray("added_tokens");
        ObjectNode model = root.putObject("model").put("type", "BPE");
        ObjectNode vocab = model.putObject("vocab");
        model.putArray("merges");
        for (String token : specials) {
            vocab.put(token, vocab.size());
            added.addObject()
                    .put("id", added.size() - 1)
                    .put("content", token)
                    .put("single_word", false)
                    .put("lstrip", false)
                    .put("rstrip", false)
                    .put("normalized", normalized)
                    .put("special", true);
        }
        return root;
    }

    private static ObjectNode vocab(ObjectNode root) {
        return (ObjectNode) root.get("model").get("vocab");
    }

    private static ArrayNode merges(ObjectNode root) {
        return (ArrayNode) root.get("model").get("merges");
    }
}
