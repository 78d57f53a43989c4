package org.vilam.assistant.text;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** A SentencePiece model of byte pairs as small as can be: {@code <unk>}, {@code <s>}, {@code </s>}, the space and some letters. */
public final class TinySentencePiece {
    private TinySentencePiece() {}

    /** The bytes of {@code tokenizer.model} with one piece a letter. */
    public static byte[] letters(String letters) {
        ByteArrayOutputStream model = new ByteArrayOutputStream();
        piece(model, "<unk>", 0, 2);
        piece(model, "<s>", 0, 3);
        piece(model, "</s>", 0, 3);
        piece(model, "\u2581", 0, 1);
        letters.codePoints().forEach(c -> piece(model, Character.toString(c), -c, 1));
        field(model, 2, new byte[] {3 << 3, 2}); // trainer_spec: model_type BPE
        field(model, 3, new byte[] {4 << 3, 0}); // normalizer_spec: remove_extra_whitespaces false
        return model.toByteArray();
    }

    private static void piece(ByteArrayOutputStream model, String text, float score, int type) {
        ByteArrayOutputStream piece = new ByteArrayOutputStream();
        field(piece, 1, text.getBytes(StandardCharsets.UTF_8));
        piece.write(2 << 3 | 5);
        piece.writeBytes(ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(score)
                .array());
        piece.write(3 << 3);
        piece.write(type);
        field(model, 1, piece.toByteArray());
    }

    private static void field(ByteArrayOutputStream out, int number, byte[] bytes) {
        out.write(number << 3 | 2);
        out.write(bytes.length); // all here are shorter than 128
        out.writeBytes(bytes);
    }
}
