package org.vilam.assistant.text;

import ai.djl.engine.EngineException;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

/**
 * The tokenizer of a language model, as its {@code tokenizer.json} describes it.
 *
 * <p>The work is done by Hugging Face tokenizers 0.21 in DJL's jar: its native library is unpacked from the jar on first use (to
 * {@code DJL_CACHE_DIR}, else {@code ~/.djl.ai}) and nothing is ever downloaded. Text is never cut off or padded, whatever the
 * file says about truncation and padding.
 *
 * <p>Safe for use by several threads at once. Every method but {@link #close()} throws {@link IllegalStateException} after the
 * tokenizer was closed.
 */
public final class TextTokenizer implements AutoCloseable {
    static {
        // DJL would fetch a CUDA build of the library where it sees a GPU, and look for a cloud machine's name tag:
        // neither is
        // of use here, and both need a network. A choice made by the environment or on the command line stands.
        setUnlessChosen("RUST_FLAVOR", "cpu");
        setUnlessChosen("OPT_OUT_TRACKING", "true");
    }

    /** DJL cuts at 512 tokens unless told not to. */
    private static final Map<String, String> WHOLE_TEXT =
            Map.of("addSpecialTokens", "false", "truncation", "do_not_truncate", "padding", "do_not_pad");

    /** As code points these are never half of a pair. */
    private static final Pattern UNPAIRED_SURROGATE = Pattern.compile("\\p{Cs}");

    private final HuggingFaceTokenizer tokenizer;
    private final TokenTable tokens;
    private final String name;
    // The native tokenizer is shared freely for reading; only its end must wait for those who are inside.
    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private boolean closed;

    private TextTokenizer(HuggingFaceTokenizer tokenizer, TokenTable tokens, String name) {
        this.tokenizer = tokenizer;
        this.tokens = tokens;
        this.name = name;
    }

    /**
     * Reads a {@code tokenizer.json}.
     *
     * @throws VilamException {@link ErrorCode#FILE_UNREADABLE} if there is no such file or it cannot be read;
     *     {@link ErrorCode#MODEL_INVALID} if it is damaged or not a tokenizer
     */
    public static TextTokenizer load(Path file) {
        try {
            return load(Files.readAllBytes(file), file.toString());
        } catch (IOException e) {
            throw unreadable(file.toString(), e);
        }
    }

    /**
     * Reads a {@code tokenizer.json} from a stream, to its end; the caller closes the stream.
     *
     * @param name what to call the file in error messages
     * @throws VilamException as {@link #load(Path)}
     */
    public static TextTokenizer load(InputStream json, String name) {
        try {
            return load(json.readAllBytes(), name);
        } catch (IOException e) {
            throw unreadable(name, e);
        }
    }

    /**
     * Reads the bytes of a {@code tokenizer.json}.
     *
     * @param name what to call the file in error messages
     * @throws VilamException {@link ErrorCode#MODEL_INVALID} if the bytes are damaged or not a tokenizer
     */
    public static TextTokenizer load(byte[] json, String name) {
        TokenTable tokens = TokenTable.read(json, name);
        TextTokenizer tokenizer = new TextTokenizer(open(json, name), tokens, name);
        try {
            tokenizer.checkSpecials();
        } catch (VilamException e) {
            tokenizer.close();
            throw e;
        }
        return tokenizer;
    }

    private static HuggingFaceTokenizer open(byte[] json, String name) {
        try {
            return HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(json), WHOLE_TEXT);
        } catch (EngineException | LinkageError e) {
            throw new VilamException(
                    ErrorCode.FILE_UNREADABLE,
                    "the native library of the tokenizers cannot be unpacked or loaded: " + e.getMessage(),
                    "Set DJL_CACHE_DIR to a folder that can be written and run from; the library comes for Linux (x86-64, ARM),"
                            + " macOS (ARM) and Windows (x86-64).",
                    e);
        } catch (IOException | RuntimeException e) {
            throw TokenTable.damaged(name, String.valueOf(e.getMessage()), e);
        }
    }

    /** Hugging Face's library numbers added tokens itself where {@code model.vocab} has gaps, against what the file says. */
    private void checkSpecials() {
        tokens.specialTokens().forEach(token -> {
            long id = tokens.id(token);
            if (LongStream.of(encode(token)).noneMatch(found -> found == id)) {
                throw TokenTable.damaged(name, "special token " + token + " does not get its id " + id, null);
            }
        });
    }

    /**
     * The ids of a text, with none added. A special token spelled out in the text, such as {@code <image>}, becomes its id; see
     * {@link #encodeLiteral} for text that must not be trusted with that.
     */
    public long[] encode(String text) {
        return encode(text, false);
    }

    /**
     * The ids of a text.
     *
     * @param addSpecial whether to add what the file's post-processor adds to a sentence, for LLaMA the id of {@code <s>} in front
     */
    public long[] encode(String text, boolean addSpecial) {
        // The native side takes a text with half a surrogate pair for Latin-1 and garbles all of it.
        String whole = UNPAIRED_SURROGATE.matcher(text).replaceAll("\uFFFD");
        return whileOpen(() -> tokenizer.encode(whole, addSpecial, false).getIds());
    }

    /**
     * The ids of a text in which special tokens have no power: {@code <image>} written by a person becomes the characters
     * {@code <}, {@code image}, {@code >}. The text is cut after the first character of every special token in it, so that the
     * parts hold none; other text gives the same ids as {@link #encode(String)}.
     */
    public long[] encodeLiteral(String text) {
        Matcher special = tokens.specials().matcher(text);
        if (!special.find()) {
            return encode(text);
        }
        long[] out = new long[0];
        int from = 0;
        for (int at = special.start(); ; at = special.start()) {
            int cut = text.offsetByCodePoints(at, 1);
            out = concat(out, encode(text.substring(from, cut)));
            from = cut;
            if (!special.find(cut)) {
                return concat(out, encode(text.substring(from)));
            }
        }
    }

    /**
     * The text of some ids, without the spaces a tokenizer put in front of words for itself.
     *
     * @param skipSpecial whether special tokens are left out
     * @throws IllegalArgumentException if an id is not below {@link #vocabSize()} or is negative
     */
    public String decode(long[] ids, boolean skipSpecial) {
        for (long id : ids) {
            if (id < 0 || id >= tokens.size()) {
                throw new IllegalArgumentException(
                        "token id " + id + " is outside 0.." + (tokens.size() - 1) + " of tokenizer " + name);
            }
        }
        return whileOpen(() -> tokenizer.decode(ids, skipSpecial));
    }

    /** A decoder for one answer whose ids arrive one by one. */
    public StreamingDecoder streamingDecoder(boolean skipSpecial) {
        return new StreamingDecoder(this, skipSpecial);
    }

    /** One more than the highest id: how many rows an embedding table needs. */
    public int vocabSize() {
        return tokens.size();
    }

    /**
     * The id of a token, spelled as in the file: {@code </s>}, {@code <region>}.
     *
     * @throws VilamException {@link ErrorCode#MODEL_INVALID} if the tokenizer has no such token
     */
    public long id(String token) {
        return tokens.id(token);
    }

    /** Whether an id is a special token, which {@link #decode} can leave out. */
    public boolean isSpecial(long id) {
        return tokens.isSpecial(id);
    }

    /** Frees the native tokenizer, after calls under way have ended. Closing twice does nothing. */
    @Override
    public void close() {
        lock.writeLock().lock();
        try {
            closed = true;
            tokenizer.close();
        } finally {
            lock.writeLock().unlock();
        }
    }

    private <T> T whileOpen(Supplier<T> call) {
        lock.readLock().lock();
        try {
            if (closed) {
                throw new IllegalStateException("tokenizer " + name + " is closed");
            }
            return call.get();
        } finally {
            lock.readLock().unlock();
        }
    }

    private static long[] concat(long[] a, long[] b) {
        long[] out = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, out, a.length, b.length);
        return out;
    }

    private static void setUnlessChosen(String key, String value) {
        if (System.getenv(key) == null && System.getProperty(key) == null) {
            System.setProperty(key, value);
        }
    }

    private static VilamException unreadable(String name, IOException e) {
        return new VilamException(
                ErrorCode.FILE_UNREADABLE,
                "tokenizer " + name + " cannot be read: " + e,
                "Check that the model folder holds a tokenizer.json and may be read.",
                e);
    }
}
