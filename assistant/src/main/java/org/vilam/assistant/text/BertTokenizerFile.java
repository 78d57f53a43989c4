package org.vilam.assistant.text;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * bert-base-uncased's {@code vocab.txt}, one word piece a line, with the token {@code [DEC]} that LAVIS adds behind it for the
 * Q-Former (LAVIS {@code Blip2Base.init_tokenizer}).
 */
final class BertTokenizerFile {
    private static final List<String> SPECIALS = List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]");

    private BertTokenizerFile() {}

    static ObjectNode of(byte[] bytes, String name) {
        Map<String, Integer> ids = new LinkedHashMap<>();
        for (String line : lines(bytes, name)) {
            if (ids.put(line, ids.size()) != null) {
                throw TokenTable.damaged(name, "line " + (ids.size() + 1) + " repeats '" + line + "'", null);
            }
        }
        Map<String, Integer> specials = new LinkedHashMap<>();
        for (String special : SPECIALS) {
            Integer id = ids.get(special);
            if (id == null) {
                throw TokenTable.damaged(name, "it has no line " + special + ", as BERT's vocabulary has", null);
            }
            specials.put(special, id);
        }
        specials.putIfAbsent("[DEC]", ids.size());
        ObjectNode file = TokenizerJson.file(specials);
        ObjectNode normalizer = file.putObject("normalizer").put("type", "BertNormalizer");
        normalizer.put("clean_text", true).put("handle_chinese_chars", true);
        normalizer.putNull("strip_accents"); // with lower case, accents go too
        normalizer.put("lowercase", true);
        file.set("pre_tokenizer", TokenizerJson.type("BertPreTokenizer"));
        file.set(
                "post_processor",
                TokenizerJson.template(
                        Map.of("[CLS]", specials.getOrDefault("[CLS]", 0)),
                        Map.of("[SEP]", specials.getOrDefault("[SEP]", 0))));
        file.putObject("decoder").put("type", "WordPiece").put("prefix", "##").put("cleanup", true);
        ObjectNode model = file.putObject("model").put("type", "WordPiece").put("unk_token", "[UNK]");
        model.put("continuing_subword_prefix", "##").put("max_input_chars_per_word", 100);
        ObjectNode vocab = model.putObject("vocab");
        ids.forEach(vocab::put);
        return file;
    }

    private static List<String> lines(byte[] bytes, String name) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString()
                    .lines()
                    .toList();
        } catch (CharacterCodingException e) {
            throw TokenTable.damaged(name, "it is no UTF-8 text", e);
        }
    }
}
