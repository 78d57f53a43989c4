package org.vilam.training.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

/**
 * A trained tokenizer.
 *
 * @param config what was asked for
 * @param tokens all tokens, spelled in the byte alphabet; the place in the list is the id
 * @param merges what to merge, most urgent first
 */
public record BpeVocabulary(BpeConfig config, List<String> tokens, List<Merge> merges) {
    private static final JsonMapper JSON = new JsonMapper();

    /** Copies the lists. */
    public BpeVocabulary {
        tokens = List.copyOf(tokens);
        merges = List.copyOf(merges);
    }

    /**
     * Two neighbouring tokens that become one, {@code left + right}.
     *
     * @param left spelled in the byte alphabet
     * @param right spelled in the byte alphabet
     */
    public record Merge(String left, String right) {}

    /**
     * Writes {@code tokenizer.json}.
     *
     * @throws VilamException {@link ErrorCode#FILE_UNREADABLE} if it cannot be written
     */
    public void write(Path file) {
        try {
            Files.write(file, toJson());
        } catch (IOException e) {
            throw new VilamException(
                    ErrorCode.FILE_UNREADABLE,
                    "tokenizer " + file + " cannot be written: " + e,
                    "Choose a folder that exists and can be written.",
                    e);
        }
    }

    /** The bytes of {@code tokenizer.json}, as Hugging Face tokenizers reads it (any version that knows byte-level BPE). */
    public byte[] toJson() {
        ObjectNode root = JSON.createObjectNode();
        root.put("version", "1.0").putNull("truncation").putNull("padding");
        ArrayNode added = root.putArray("added_tokens");
        for (String token : config.specials()) {
            added.addObject()
                    .put("id", added.size() - 1)
                    .put("content", token)
                    .put("single_word", false)
                    .put("lstrip", false)
                    .put("rstrip", false)
                    .put("normalized", false)
                    .put("special", true);
        }
        normalizer(root.putObject("normalizer"));
        preTokenizer(root.putObject("pre_tokenizer"));
        postProcessor(root.putObject("post_processor"));
        byteLevel(root.putObject("decoder"));
        model(root.putObject("model"));
        DefaultIndenter indent = new DefaultIndenter("  ", "\n"); // not the system's line end: same bytes everywhere
        DefaultPrettyPrinter pretty =
                new DefaultPrettyPrinter().withObjectIndenter(indent).withArrayIndenter(indent);
        try {
            return (JSON.writer(pretty).writeValueAsString(root) + "\n").getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a JSON tree cannot fail to be written", e);
        }
    }

    private void normalizer(ObjectNode node) {
        ArrayNode steps = node.put("type", "Sequence").putArray("normalizers");
        steps.addObject().put("type", "NFC");
        if (config.lowercase()) {
            steps.addObject().put("type", "Lowercase");
        }
    }

    private static void preTokenizer(ObjectNode node) {
        ArrayNode steps = node.put("type", "Sequence").putArray("pretokenizers");
        ObjectNode split = steps.addObject().put("type", "Split");
        split.putObject("pattern").put("Regex", PreTokenizer.SPLIT);
        split.put("behavior", "Isolated").put("invert", false);
        byteLevel(steps.addObject());
    }

    private static void byteLevel(ObjectNode node) {
        node.put("type", "ByteLevel")
                .put("add_prefix_space", false)
                .put("trim_offsets", true)
                .put("use_regex", false);
    }

    /** {@code <s>} in front of a text, for those who ask for special tokens. */
    private void postProcessor(ObjectNode node) {
        String begin = BpeConfig.BEGIN;
        node.put("type", "TemplateProcessing");
        ArrayNode single = node.putArray("single");
        sequence(special(single, begin, 0), "A", 0);
        ArrayNode pair = node.putArray("pair");
        sequence(special(sequence(special(pair, begin, 0), "A", 0), begin, 1), "B", 1);
        ObjectNode token = node.putObject("special_tokens").putObject(begin).put("id", begin);
        token.putArray("ids").add(config.specials().indexOf(begin));
        token.putArray("tokens").add(begin);
    }

    private static ArrayNode special(ArrayNode template, String token, int type) {
        template.addObject().putObject("SpecialToken").put("id", token).put("type_id", type);
        return template;
    }

    private static ArrayNode sequence(ArrayNode template, String which, int type) {
        template.addObject().putObject("Sequence").put("id", which).put("type_id", type);
        return template;
    }

    private void model(ObjectNode node) {
        node.put("type", "BPE")
                .putNull("dropout")
                .putNull("unk_token")
                .putNull("continuing_subword_prefix")
                .putNull("end_of_word_suffix")
                .put("fuse_unk", false)
                .put("byte_fallback", false)
                .put("ignore_merges", false);
        ObjectNode vocab = node.putObject("vocab");
        for (int id = 0; id < tokens.size(); id++) {
            vocab.put(tokens.get(id), id);
        }
        // One string a merge, as before version 0.20 of the library, which later ones read too; spelled bytes hold no
        // space.
        ArrayNode list = node.putArray("merges");
        merges.forEach(merge -> list.add(merge.left() + " " + merge.right()));
    }
}
