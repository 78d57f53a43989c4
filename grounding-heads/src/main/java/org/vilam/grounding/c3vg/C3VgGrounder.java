package org.vilam.grounding.c3vg;

import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.vilam.grounding.answer.Grounded;
import org.vilam.grounding.answer.Grounder;
import org.vilam.grounding.answer.TextPieces;
import org.vilam.grounding.simvg.ExpressionReader;
import org.vilam.grounding.simvg.FamilyConfig;
import org.vilam.vision.checkpoint.ModelFolder;
import org.vilam.vision.checkpoint.TensorSource;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.geometry.Mask;
import org.vilam.vision.image.ImageProcessor;
import org.vilam.vision.image.ImageProcessorConfig;
import org.vilam.vision.image.ProcessedImages;
import org.vilam.vision.image.RgbImage;
import org.vilam.vision.tensor.GradientScope;
import org.vilam.vision.tensor.Mode;
import org.vilam.vision.tensor.Parameters;

/**
 * A C3VG that answers: a picture and an expression in, one box and its mask out. It always answers, and its score is how sure it
 * is of the mask's pixels ({@link C3VgAnswers.Drawn#confidence}).
 */
public final class C3VgGrounder implements Grounder, AutoCloseable {
    private final NDManager manager;
    private final C3VgModel model;
    private final ExpressionReader reader;
    private final ImageProcessor processor;

    /**
     * Puts the parts together; the caller keeps owning them.
     *
     * @param pieces the checkpoint's vocabulary
     * @param parent gives the device
     */
    public C3VgGrounder(C3VgModel model, TextPieces pieces, ImageProcessor processor, NDManager parent) {
        this(parent.newSubManager(), model, pieces, processor);
    }

    /** As above, owning the manager. */
    private C3VgGrounder(NDManager manager, C3VgModel model, TextPieces pieces, ImageProcessor processor) {
        this.manager = manager;
        this.model = model;
        this.reader = new ExpressionReader(pieces, model.config().maxToken());
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
    public static C3VgGrounder open(ModelFolder folder, TextPieces pieces, NDManager parent) {
        C3VgModelConfig config = FamilyConfig.read(folder.config(), C3VgModelConfig.class);
        ImageProcessor processor =
                FamilyConfig.processor(folder, config.encoder().imgSize());
        NDManager manager = parent.newSubManager();
        try (TensorSource weights = folder.openWeights()) {
            Parameters parameters = Parameters.load(manager, weights);
            C3VgModel model = new C3VgModel(parameters.root(), config);
            parameters.loadReport().requireExact();
            return new C3VgGrounder(manager, model, pieces, processor);
        } catch (RuntimeException | Error e) {
            manager.close();
            throw e;
        }
    }

    /** The networks. */
    public C3VgModel model() {
        return model;
    }

    @Override
    public Set<Ability> abilities() {
        return EnumSet.of(Ability.MASKS);
    }

    @Override
    public List<Grounded> ground(List<Query> queries, Detail detail) {
        try (GradientScope scope = GradientScope.noGradient();
                NDManager scratch = manager.newSubManager()) {
            ProcessedImages framed = processor.process(
                    scratch, queries.stream().map(Query::image).toList());
            ExpressionReader.Batch texts =
                    reader.read(scratch, queries.stream().map(Query::expression).toList());
            C3VgHead.Stage answer =
                    model.forward(framed.pixelValues(), texts, Mode.INFERENCE).second();
            ImageProcessorConfig.Size size = processor.config().size();
            List<Box> boxes = C3VgAnswers.boxes(answer, size.width(), size.height(), framed.toNetwork());
            List<C3VgAnswers.Drawn> masks = C3VgAnswers.masks(answer, size.width(), size.height());
            List<Grounded> answers = new ArrayList<>();
            for (int b = 0; b < queries.size(); b++) {
                RgbImage image = queries.get(b).image();
                Optional<Mask> mask = detail.masks()
                        ? Optional.of(masks.get(b).mask().resized(image.width(), image.height()))
                        : Optional.empty();
                Grounded.Found found = new Grounded.Found(
                        boxes.get(b).clamp(image.width(), image.height()),
                        masks.get(b).confidence(),
                        mask,
                        List.of());
                answers.add(new Grounded(1, found, List.of(found)));
            }
            return answers;
        }
    }

    /** Frees what it owns: after {@link #open} the weights. */
    @Override
    public void close() {
        manager.close();
    }
}
