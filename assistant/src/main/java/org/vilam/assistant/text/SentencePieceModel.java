package org.vilam.assistant.text;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * What a SentencePiece {@code tokenizer.model} says: its pieces and how text is prepared for them.
 *
 * @param pieces the pieces in the order of their ids
 * @param algorithm how a text is cut into pieces
 * @param byteFallback whether characters without a piece are spelled as bytes
 * @param addDummyPrefix whether a text gets a space in front
 * @param removeExtraWhitespaces whether spaces at both ends and repeated ones are dropped
 * @param charsMap the compiled table of character replacements; empty for none
 * @see <a href="https://github.com/google/sentencepiece/blob/master/src/sentencepiece_model.proto">the message</a>
 */
record SentencePieceModel(
        List<Piece> pieces,
        Algorithm algorithm,
        boolean byteFallback,
        boolean addDummyPrefix,
        boolean removeExtraWhitespaces,
        ByteBuffer charsMap) {
    private static final int MOST_PIECES = 1 << 22;

    /** {@code TrainerSpec.ModelType}. */
    enum Algorithm {
        UNIGRAM,
        BPE
    }

    /** {@code ModelProto.SentencePiece.Type}, by number from 1. */
    enum Type {
        NORMAL,
        UNKNOWN,
        CONTROL,
        USER_DEFINED,
        UNUSED,
        BYTE
    }

    /** A piece; spaces are written as U+2581. */
    record Piece(String text, float score, Type type) {}

    /**
     * Reads the bytes of a {@code tokenizer.model}.
     *
     * @param name what to call the file in error messages
     * @throws org.vilam.vision.error.VilamException MODEL_INVALID when they are no such model, or one of words or characters
     */
    static SentencePieceModel read(byte[] bytes, String name) {
        ProtobufReader in = new ProtobufReader(ByteBuffer.wrap(bytes), name);
        Specification specification = new Specification();
        List<Piece> pieces = new ArrayList<>();
        while (in.next()) {
            switch (in.field()) {
                case 1 -> pieces.add(piece(in.message()));
                case 2 -> specification.readTrainer(in.message());
                case 3 -> specification.readNormalizer(in.message());
                default -> in.skip();
            }
            if (pieces.size() > MOST_PIECES) {
                throw in.damaged("more than " + MOST_PIECES + " pieces");
            }
        }
        if (pieces.stream().filter(piece -> piece.type() == Type.UNKNOWN).count() != 1) {
            throw in.damaged("it has not exactly one unknown piece, as every SentencePiece model has");
        }
        if (!specification.escapes || specification.suffixes) {
            throw in.damaged("it marks spaces in a way that is not supported");
        }
        return new SentencePieceModel(
                List.copyOf(pieces),
                specification.algorithm,
                specification.byteFallback,
                specification.addDummyPrefix,
                specification.removeExtraWhitespaces,
                specification.charsMap.asReadOnlyBuffer());
    }

    private static Piece piece(ProtobufReader in) {
        String text = "";
        float score = 0;
        Type type = Type.NORMAL;
        while (in.next()) {
            switch (in.field()) {
                case 1 -> text = in.text();
                case 2 -> score = in.float32();
                case 3 -> {
                    long number = in.integer();
                    if (number < 1 || number > Type.values().length) {
                        throw in.damaged("a piece of unknown type " + number);
                    }
                    type = Type.values()[(int) number - 1];
                }
                default -> in.skip();
            }
        }
        if (text.isEmpty() || !Float.isFinite(score)) {
            throw in.damaged("a piece without text or with score " + score);
        }
        return new Piece(text, score, type);
    }

    /** The two specifications, with the defaults of the message. */
    private static final class Specification {
        private Algorithm algorithm = Algorithm.UNIGRAM;
        private boolean byteFallback;
        private boolean suffixes;
        private boolean addDummyPrefix = true;
        private boolean removeExtraWhitespaces = true;
        private boolean escapes = true;
        private ByteBuffer charsMap = ByteBuffer.allocate(0);

        void readTrainer(ProtobufReader in) {
            while (in.next()) {
                switch (in.field()) {
                    case 3 -> {
                        long type = in.integer();
                        if (type != 1 && type != 2) {
                            throw in.damaged("it is a model of words or characters (type " + type
                                    + "), not of unigrams or byte pairs");
                        }
                        algorithm = type == 1 ? Algorithm.UNIGRAM : Algorithm.BPE;
                    }
                    case 24 -> suffixes = in.integer() != 0;
                    case 35 -> byteFallback = in.integer() != 0;
                    default -> in.skip();
                }
            }
        }

        void readNormalizer(ProtobufReader in) {
            while (in.next()) {
                switch (in.field()) {
                    case 2 -> charsMap = in.bytes();
                    case 3 -> addDummyPrefix = in.integer() != 0;
                    case 4 -> removeExtraWhitespaces = in.integer() != 0;
                    case 5 -> escapes = in.integer() != 0;
                    default -> in.skip();
                }
            }
        }
    }

    /** The id of the unknown piece. */
    int unknown() {
        int id = 0;
        while (pieces.get(id).type() != Type.UNKNOWN) {
            id++;
        }
        return id;
    }
}
