package org.vilam.assistant.text;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.vilam.assistant.text.SentencePieceModel.Algorithm;
import org.vilam.assistant.text.SentencePieceModel.Piece;

/**
 * BEiT-3's {@code beit3.spm} as Hugging Face's {@code XLMRobertaTokenizer} numbers it: {@code <s>} 0, {@code <pad>} 1, {@code </s>}
 * 2, {@code <unk>} 3, piece i of the file (from 3 on) i + 1, and {@code <mask>} last, 64001 for the 64,000 pieces published.
 *
 * <p>The table of character replacements is applied by Hugging Face's own code, which sees a character together with its combining
 * marks; for sequences of those that the table does not list as a whole the result can differ from SentencePiece's.
 */
final class XlmRobertaTokenizerFile {
    private static final int FIRST_PIECE = 3;

    private XlmRobertaTokenizerFile() {}

    static ObjectNode of(SentencePieceModel model, String name) {
        List<Piece> pieces = model.pieces();
        if (model.algorithm() != Algorithm.UNIGRAM) {
            throw TokenTable.damaged(name, "it is a model of byte pairs; BEiT-3's is one of unigrams", null);
        }
        if (pieces.size() <= FIRST_PIECE
                || !pieces.get(0).text().equals("<unk>")
                || !pieces.get(1).text().equals("<s>")
                || !pieces.get(2).text().equals("</s>")) {
            throw TokenTable.damaged(name, "its first pieces are not <unk>, <s> and </s>", null);
        }
        int mask = pieces.size() + 1;
        Map<String, Integer> specials = new LinkedHashMap<>();
        specials.put("<s>", 0);
        specials.put("<pad>", 1);
        specials.put("</s>", 2);
        specials.put("<unk>", 3);
        specials.put("<mask>", mask);
        ObjectNode file = TokenizerJson.file(specials);
        file.set("normalizer", TokenizerJson.normalizer(model));
        file.set("post_processor", TokenizerJson.template(Map.of("<s>", 0), Map.of("</s>", 2)));
        ObjectNode strip =
                TokenizerJson.type("Strip").put("content", " ").put("start", 1).put("stop", 0);
        file.set(
                "decoder",
                TokenizerJson.sequence(
                        "decoders",
                        List.of(
                                TokenizerJson.replace("String", TokenizerJson.SPACE, " "),
                                TokenizerJson.type("Fuse"),
                                strip)));
        ObjectNode unigram =
                file.putObject("model").put("type", "Unigram").put("unk_id", 3).put("byte_fallback", false);
        ArrayNode vocab = unigram.putArray("vocab");
        Set<String> seen = new HashSet<>();
        for (String special : List.of("<s>", "<pad>", "</s>", "<unk>")) {
            add(vocab, seen, special, 0, name);
        }
        for (Piece piece : pieces.subList(FIRST_PIECE, pieces.size())) {
            if (piece.type() != SentencePieceModel.Type.NORMAL) {
                throw TokenTable.damaged(
                        name,
                        "piece '" + piece.text() + "' is of type " + piece.type() + ", which is not supported",
                        null);
            }
            add(vocab, seen, piece.text(), piece.score(), name);
        }
        add(vocab, seen, "<mask>", 0, name);
        return file;
    }

    private static void add(ArrayNode vocab, Set<String> seen, String piece, float score, String name) {
        if (!seen.add(piece)) {
            throw TokenTable.damaged(name, "two pieces read '" + piece + "'", null);
        }
        vocab.addArray().add(piece).add((double) score);
    }
}
