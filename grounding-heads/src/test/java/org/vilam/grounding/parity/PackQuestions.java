package org.vilam.grounding.parity;

import java.util.ArrayList;
import java.util.List;
import org.vilam.grounding.answer.Grounder;
import org.vilam.grounding.answer.TextPieces;
import org.vilam.vision.image.RgbImage;
import org.vilam.vision.parity.ParityPack;

/** A pack's pictures and texts as questions: the expressions are "expression 0", "expression 1", ..., and stand for the ids. */
public final class PackQuestions {
    private static final int END = 2;

    private PackQuestions() {}

    /** One question a sample. */
    public static List<Grounder.Query> of(ParityPack pack) {
        ParityPack.Tensor images = pack.io("image_u8");
        int height = (int) images.shape()[1];
        int width = (int) images.shape()[2];
        byte[] all = images.bytes();
        List<Grounder.Query> out = new ArrayList<>();
        for (int b = 0; b < images.shape()[0]; b++) {
            byte[] rgb = java.util.Arrays.copyOfRange(all, 3 * b * height * width, 3 * (b + 1) * height * width);
            out.add(new Grounder.Query(new RgbImage(width, height, rgb), "Expression, " + b + "!"));
        }
        return out;
    }

    /** The pieces of each question, found by its number: the pack's ids without the marks around them. */
    public static TextPieces pieces(ParityPack pack) {
        ParityPack.Tensor ids = pack.io("text_ids");
        int length = (int) ids.shape()[1];
        return text -> {
            int row = Integer.parseInt(text.substring(text.length() - 1));
            List<Long> pieces = new ArrayList<>();
            for (int i = 1; (long) ids.values()[row * length + i] != END; i++) {
                pieces.add((long) ids.values()[row * length + i]);
            }
            return pieces.stream().mapToLong(Long::longValue).toArray();
        };
    }
}
