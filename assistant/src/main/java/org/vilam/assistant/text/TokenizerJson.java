package org.vilam.assistant.text;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** The parts that {@code tokenizer.json} files are made of, as Hugging Face tokenizers 0.21 reads them. */
final class TokenizerJson {
    /** U+2581, how SentencePiece writes a space. */
    static final String SPACE = "\u2581";

    private TokenizerJson() {}

    static ObjectNode type(String type) {
        return JsonNodeFactory.instance.objectNode().put("type", type);
    }

    /** The frame of a file, with special tokens; parts are set by the caller. */
    static ObjectNode file(Map<String, Integer> specials) {
        ObjectNode file = JsonNodeFactory.instance.objectNode().put("version", "1.0");
        file.putNull("truncation");
        file.putNull("padding");
        ArrayNode added = file.putArray("added_tokens");
        specials.entrySet().stream()
                .sorted(Map.Entry.comparingByValue())
                .forEach(token -> added.addObject()
                        .put("id", token.getValue())
                        .put("content", token.getKey())
                        .put("single_word", false)
                        .put("lstrip", false)
                        .put("rstrip", false)
                        .put("normalized", false)
                        .put("special", true));
        for (String part : List.of("normalizer", "pre_tokenizer", "post_processor", "decoder")) {
            file.putNull(part);
        }
        return file;
    }

    static ObjectNode sequence(String field, List<ObjectNode> steps) {
        ObjectNode sequence = type("Sequence");
        sequence.putArray(field).addAll(steps);
        return sequence;
    }

    static ObjectNode replace(String kind, String pattern, String content) {
        ObjectNode replace = type("Replace");
        replace.putObject("pattern").put(kind, pattern);
        return replace.put("content", content);
    }

    /** SentencePiece's preparation of a text, in its order ({@code normalizer.cc}). */
    static ObjectNode normalizer(SentencePieceModel model) {
        ArrayNode steps = JsonNodeFactory.instance.arrayNode();
        ByteBuffer charsMap = model.charsMap().duplicate();
        if (charsMap.hasRemaining()) {
            byte[] bytes = new byte[charsMap.remaining()];
            charsMap.get(bytes);
            steps.add(type("Precompiled")
                    .put("precompiled_charsmap", Base64.getEncoder().encodeToString(bytes)));
        }
        if (model.removeExtraWhitespaces()) {
            // Spaces alone: a line break, where the table does not replace it, is a character like others. U+2581 in
            // the
            // text itself counts as a space at the end only.
            steps.add(replace("Regex", "\\A +|[ \u2581]+\\z", ""));
            steps.add(replace("Regex", " {2,}", " "));
        }
        if (model.addDummyPrefix()) {
            steps.add(type("Prepend").put("prepend", SPACE));
        }
        steps.add(replace("String", " ", SPACE));
        ObjectNode normalizer = type("Sequence");
        normalizer.set("normalizers", steps);
        return normalizer;
    }

    /** Ids in front of and behind a text, where they are asked for. */
    static ObjectNode template(Map<String, Integer> before, Map<String, Integer> after) {
        ObjectNode template = type("TemplateProcessing");
        ArrayNode single = template.putArray("single");
        ArrayNode pair = template.putArray("pair");
        ObjectNode tokens = template.putObject("special_tokens");
        for (ArrayNode side : List.of(single, pair)) {
            before.keySet().forEach(token -> special(side, token));
            side.addObject().putObject("Sequence").put("id", "A").put("type_id", 0);
            after.keySet().forEach(token -> special(side, token));
        }
        pair.addObject().putObject("Sequence").put("id", "B").put("type_id", 1);
        after.keySet().forEach(token -> special(pair, token));
        for (Map<String, Integer> side : List.of(before, after)) {
            side.forEach((token, id) -> {
                ObjectNode entry = tokens.putObject(token).put("id", token);
                entry.putArray("ids").add(id);
                entry.putArray("tokens").add(token);
            });
        }
        return template;
    }

    private static void special(ArrayNode side, String token) {
        side.addObject().putObject("SpecialToken").put("id", token).put("type_id", 0);
    }
}
