package org.vilam.assistant.vilam;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.vilam.assistant.text.TextTokenizer;
import org.vilam.vision.checkpoint.ModelFolder;
import org.vilam.vision.checkpoint.TensorSource;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;
import org.vilam.vision.image.ImageProcessor;
import org.vilam.vision.image.ImageProcessorConfig;
import org.vilam.vision.tensor.Parameters;

/** A model folder of this family, open: it owns the weights and the tokenizer of the {@link Vilam} it gives. */
public final class OpenModel implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ModelFolder folder;
    private final NDManager manager;
    private final TextTokenizer tokenizer;
    private final Vilam vilam;
    private final long parameters;

    private OpenModel(ModelFolder folder, NDManager manager, TextTokenizer tokenizer, Vilam vilam, long parameters) {
        this.folder = folder;
        this.manager = manager;
        this.tokenizer = tokenizer;
        this.vilam = vilam;
        this.parameters = parameters;
    }

    /**
     * Reads a model into memory.
     *
     * @param parent gives the device; closing it closes the model
     * @throws VilamException MODEL_INVALID when a file of the folder cannot be understood or they contradict each other;
     *     CHECKPOINT_MISMATCH when the weights are not exactly the network's
     */
    public static OpenModel open(ModelFolder folder, NDManager parent) {
        VilamConfig config = config(folder);
        ImageProcessor processor = new ImageProcessor(ImageProcessorConfig.fromJson(folder.preprocessor()));
        ImageProcessorConfig.Size size = processor.config().size();
        int side = config.encoder().imgSize();
        if (size.width() != side || size.height() != side) {
            throw invalid(
                    folder,
                    "preprocessor.json makes pictures of " + size.width() + " x " + size.height()
                            + ", config.json wants encoder.img_size " + side);
        }
        TextTokenizer tokenizer = TextTokenizer.load(folder.tokenizer());
        NDManager manager = parent.newSubManager();
        try (TensorSource weights = folder.openWeights()) {
            if (tokenizer.vocabSize() > config.language().vocabSize()
                    || tokenizer.vocabSize() > config.encoder().vocabSize()
                    || tokenizer.vocabSize() > config.qformer().vocabSize()) {
                throw invalid(
                        folder,
                        "tokenizer.json has " + tokenizer.vocabSize()
                                + " tokens, more than a vocab_size of config.json");
            }
            Parameters parameters = Parameters.load(manager, weights);
            VilamModel model = new VilamModel(parameters.root(), config);
            parameters.loadReport().requireExact();
            Vilam vilam = new Vilam(model, tokenizer, processor, manager);
            return new OpenModel(folder, manager, tokenizer, vilam, parameters.count());
        } catch (RuntimeException | Error e) {
            manager.close();
            tokenizer.close();
            throw e;
        }
    }

    private static VilamConfig config(ModelFolder folder) {
        try {
            return JSON.treeToValue(folder.config(), VilamConfig.class);
        } catch (JsonProcessingException e) {
            throw invalid(folder, "config.json: " + e.getOriginalMessage());
        }
    }

    private static VilamException invalid(ModelFolder folder, String detail) {
        return new VilamException(
                ErrorCode.MODEL_INVALID,
                folder.path() + ": " + detail,
                "Install the model again, or choose one whose config.json says family " + VilamConfig.FAMILY + ".");
    }

    /** What answers; for use until this is closed. */
    public Vilam vilam() {
        return vilam;
    }

    /** Where the model comes from. */
    public ModelFolder folder() {
        return folder;
    }

    /** The number of weights' elements. */
    public long parameters() {
        return parameters;
    }

    /** Frees weights and tokenizer. */
    @Override
    public void close() {
        manager.close();
        tokenizer.close();
    }
}
