package org.vilam.assistant.text;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.vilam.assistant.text.SentencePieceModel.Algorithm;
import org.vilam.assistant.text.SentencePieceModel.Piece;

/**
 * LLaMA's {@code tokenizer.model}: byte pairs whose ids are those of the file.
 *
 * <p>SentencePiece joins whatever two neighbours give the piece of the best score; Hugging Face's byte pairs are listed one by one.
 * So every way to cut a piece in two pieces is a pair, in the order of the whole's score and then of the halves' ids.
 */
final class LlamaTokenizerFile {
    private LlamaTokenizerFile() {}

    private record Merge(int left, int right, float score) {}

    static ObjectNode of(SentencePieceModel model, String name) {
        if (model.algorithm() != Algorithm.BPE) {
            throw TokenTable.damaged(name, "it is a model of unigrams; LLaMA's is one of byte pairs", null);
        }
        Map<String, Integer> specials = new LinkedHashMap<>();
        Map<String, Integer> ids = new LinkedHashMap<>();
        List<Piece> pieces = model.pieces();
        for (int id = 0; id < pieces.size(); id++) {
            Piece piece = pieces.get(id);
            if (ids.put(piece.text(), id) != null) {
                throw TokenTable.damaged(name, "two pieces read '" + piece.text() + "'", null);
            }
            if (piece.type() == SentencePieceModel.Type.CONTROL || piece.type() == SentencePieceModel.Type.UNKNOWN) {
                specials.put(piece.text(), id);
            } else if (piece.type() == SentencePieceModel.Type.USER_DEFINED
                    || piece.type() == SentencePieceModel.Type.UNUSED) {
                throw TokenTable.damaged(
                        name,
                        "piece '" + piece.text() + "' is of type " + piece.type() + ", which is not supported",
                        null);
            }
        }
        ObjectNode file = TokenizerJson.file(specials);
        file.set("normalizer", TokenizerJson.normalizer(model));
        Integer begin = ids.get("<s>");
        if (begin != null) {
            file.set("post_processor", TokenizerJson.template(Map.of("<s>", begin), Map.of()));
        }
        file.set("decoder", decoder(model));
        ObjectNode bpe = file.putObject("model").put("type", "BPE");
        bpe.putNull("dropout");
        bpe.put("unk_token", pieces.get(model.unknown()).text());
        bpe.putNull("continuing_subword_prefix");
        bpe.putNull("end_of_word_suffix");
        bpe.put("fuse_unk", true).put("byte_fallback", model.byteFallback()).put("ignore_merges", false);
        ObjectNode vocab = bpe.putObject("vocab");
        ids.forEach(vocab::put);
        ArrayNode merges = bpe.putArray("merges");
        for (Merge merge : merges(pieces, ids)) {
            merges.addArray()
                    .add(pieces.get(merge.left()).text())
                    .add(pieces.get(merge.right()).text());
        }
        return file;
    }

    private static List<Merge> merges(List<Piece> pieces, Map<String, Integer> ids) {
        List<Merge> merges = new ArrayList<>();
        for (Piece piece : pieces) {
            String text = piece.text();
            if (piece.type() != SentencePieceModel.Type.NORMAL) {
                continue;
            }
            for (int cut = text.offsetByCodePoints(0, 1); cut < text.length(); cut = text.offsetByCodePoints(cut, 1)) {
                Integer left = ids.get(text.substring(0, cut));
                Integer right = ids.get(text.substring(cut));
                if (left != null
                        && right != null
                        && pieces.get(left).type() == SentencePieceModel.Type.NORMAL
                        && pieces.get(right).type() == SentencePieceModel.Type.NORMAL) {
                    merges.add(new Merge(left, right, piece.score()));
                }
            }
        }
        merges.sort(Comparator.comparingDouble((Merge merge) -> -merge.score())
                .thenComparingInt(Merge::left)
                .thenComparingInt(Merge::right));
        return merges;
    }

    private static ObjectNode decoder(SentencePieceModel model) {
        List<ObjectNode> steps = new ArrayList<>(List.of(TokenizerJson.replace("String", TokenizerJson.SPACE, " ")));
        if (model.byteFallback()) {
            steps.add(TokenizerJson.type("ByteFallback"));
        }
        steps.add(TokenizerJson.type("Fuse"));
        if (model.addDummyPrefix()) {
            ObjectNode strip = JsonNodeFactory.instance.objectNode().put("type", "Strip");
            steps.add(strip.put("content", " ").put("start", 1).put("stop", 0));
        }
        return TokenizerJson.sequence("decoders", steps);
    }
}
