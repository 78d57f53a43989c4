package org.vilam.grounding.simvg;

import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.vilam.grounding.answer.Grounded;
import org.vilam.grounding.answer.Grounder;
import org.vilam.grounding.answer.TextPieces;
import org.vilam.grounding.metrics.ScoredBox;
import org.vilam.vision.checkpoint.ModelFolder;
import org.vilam.vision.checkpoint.TensorSource;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.image.ImageProcessor;
import org.vilam.vision.image.ImageProcessorConfig;
import org.vilam.vision.image.ProcessedImages;
import org.vilam.vision.tensor.GradientScope;
import org.vilam.vision.tensor.Mode;
import org.vilam.vision.tensor.Parameters;

/**
 * A SimVG that answers: a picture and an expression in, boxes out. A model of one query (REC) always answers with one box; one of
 * several (GREC) with all that score {@link SimVgBoxes#PRESENT} or more, be they none.
 */
public final class SimVgGrounder implements Grounder, AutoCloseable {
    private final SimVgModel model;
    private final ExpressionReader reader;
    private final ImageProcessor processor;
    private final NDManager manager;

    /**
     * Puts the parts together; the caller keeps owning them.
     *
     * @param pieces the checkpoint's vocabulary
     * @param parent gives the device
     */
    public SimVgGrounder(SimVgModel model, TextPieces pieces, ImageProcessor processor, NDManager parent) {
        this(parent.newSubManager(), model, pieces, processor);
    }

    /** As above, owning the manager. */
    private SimVgGrounder(NDManager manager, SimVgModel model, TextPieces pieces, ImageProcessor processor) {
        this.manager = manager;
        this.model = model;
        this.reader = new ExpressionReader(pieces, model.config().head().textMaxToken());
        this.processor = processor;
    }

    /**
     * Reads a model into memory.
     *
     * @param pieces what the folder's tokenizer does
     * @param parent gives the device; closing it closes the model
     * @throws org.vilam.vision.error.VilamException MODEL_INVALID when a file of the folder is not understood;
     *     CHECKPOINT_MISMATCH when the weights are not exactly the network's
     */
    public static SimVgGrounder open(ModelFolder folder, TextPieces pieces, NDManager parent) {
        SimVgModelConfig config = FamilyConfig.read(folder.config(), SimVgModelConfig.class);
        ImageProcessor processor =
                FamilyConfig.processor(folder, config.encoder().imgSize());
        NDManager manager = parent.newSubManager();
        try (TensorSource weights = folder.openWeights()) {
            Parameters parameters = Parameters.load(manager, weights);
            SimVgModel model = new SimVgModel(parameters.root(), config);
            parameters.loadReport().requireExact();
            return new SimVgGrounder(manager, model, pieces, processor);
        } catch (RuntimeException | Error e) {
            manager.close();
            throw e;
        }
    }

    /** The networks. */
    public SimVgModel model() {
        return model;
    }

    @Override
    public Set<Ability> abilities() {
        return severalQueries() ? EnumSet.of(Ability.SETS, Ability.PRESENCE) : EnumSet.noneOf(Ability.class);
    }

    private boolean severalQueries() {
        return model.config().head().numQueries() > 1;
    }

    @Override
    public List<Grounded> ground(List<Query> queries, Detail detail) {
        try (GradientScope scope = GradientScope.noGradient();
                NDManager scratch = manager.newSubManager()) {
            ProcessedImages framed = processor.process(
                    scratch, queries.stream().map(Query::image).toList());
            ExpressionReader.Batch texts =
                    reader.read(scratch, queries.stream().map(Query::expression).toList());
            SimVgHead.Encoded encoded = model.encode(framed.pixelValues(), texts, Mode.INFERENCE);
            SimVgHead.Branch branch = model.config().branch() == SimVgModelConfig.Answering.TOKEN
                    ? model.head().forwardToken(encoded, Mode.INFERENCE)
                    : model.head().forwardDecoder(encoded, Mode.INFERENCE).last();
            ImageProcessorConfig.Size size = processor.config().size();
            List<Grounded> answers = new ArrayList<>();
            for (List<ScoredBox> boxes : SimVgBoxes.read(branch, size.width(), size.height(), framed.toNetwork())) {
                answers.add(answer(boxes, severalQueries()));
            }
            return answers;
        }
    }

    /**
     * An answer from a sample's boxes, surest first.
     *
     * @param set whether none and many are answers too
     */
    static Grounded answer(List<ScoredBox> boxes, boolean set) {
        List<Grounded.Found> found = boxes.stream()
                .map(b -> new Grounded.Found(b.box(), b.score(), Optional.empty(), List.of()))
                .toList();
        Grounded.Found one = found.isEmpty()
                ? new Grounded.Found(new Box(0, 0, 0, 0), 0, Optional.empty(), List.of())
                : found.get(0);
        return set
                ? new Grounded(
                        presence(one.score()),
                        one,
                        found.stream()
                                .filter(f -> f.score() >= SimVgBoxes.PRESENT)
                                .toList())
                : new Grounded(1, one, found.isEmpty() ? List.of() : List.of(one));
    }

    /** GREC's score as a presence: 0.7, from which on a box counts, becomes {@link Grounded#PRESENT}, and between is linear. */
    private static double presence(double score) {
        return score < SimVgBoxes.PRESENT
                ? score / SimVgBoxes.PRESENT * Grounded.PRESENT
                : 1 - (1 - score) / (1 - SimVgBoxes.PRESENT) * (1 - Grounded.PRESENT);
    }

    /** Frees what it owns: after {@link #open} the weights. */
    @Override
    public void close() {
        manager.close();
    }
}
