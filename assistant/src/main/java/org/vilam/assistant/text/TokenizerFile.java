package org.vilam.assistant.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.vilam.vision.checkpoint.TokenizerKind;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

/**
 * Makes the {@code tokenizer.json} of a model folder from the file that authors publish: SentencePiece's {@code tokenizer.model},
 * BERT's {@code vocab.txt}, or a {@code tokenizer.json} already.
 */
public final class TokenizerFile {
    private static final long MOST_BYTES = 64 << 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    private TokenizerFile() {}

    /**
     * The bytes of a {@code tokenizer.json}.
     *
     * @param source the published file
     * @param kind what it is, if it is no {@code tokenizer.json}
     * @throws VilamException FILE_UNREADABLE; MODEL_INVALID when the file is damaged or not of this kind
     */
    public static byte[] convert(Path source, TokenizerKind kind) {
        byte[] bytes = read(source);
        String name = source.toString();
        byte[] json = isJson(bytes) ? bytes : write(tokenizer(bytes, kind, name));
        TextTokenizer.load(json, name).close(); // it must open, and its special tokens keep their ids
        return json;
    }

    private static ObjectNode tokenizer(byte[] bytes, TokenizerKind kind, String name) {
        return switch (kind) {
            case LLAMA -> LlamaTokenizerFile.of(SentencePieceModel.read(bytes, name), name);
            case XLM_ROBERTA -> XlmRobertaTokenizerFile.of(SentencePieceModel.read(bytes, name), name);
            case BERT -> BertTokenizerFile.of(bytes, name);
            case CLIP -> throw TokenTable.damaged(name, "it is not JSON, as CLIP's tokenizer is published", null);
        };
    }

    private static byte[] read(Path source) {
        try {
            if (Files.size(source) > MOST_BYTES) {
                throw TokenTable.damaged(source.toString(), "it is longer than " + MOST_BYTES + " bytes", null);
            }
            return Files.readAllBytes(source);
        } catch (IOException e) {
            throw new VilamException(
                    ErrorCode.FILE_UNREADABLE,
                    "tokenizer " + source + " cannot be read: " + e,
                    "Name the tokenizer file that was published with the weights.",
                    e);
        }
    }

    /** No SentencePiece message and no useful vocabulary begins with a brace. */
    private static boolean isJson(byte[] bytes) {
        for (byte b : bytes) {
            if (!Character.isWhitespace(b)) {
                return b == '{';
            }
        }
        return false;
    }

    private static byte[] write(ObjectNode tokenizer) {
        try {
            return JSON.writeValueAsBytes(tokenizer);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree that cannot be written", e);
        }
    }
}
