package org.vilam.grounding.hivg;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.vilam.grounding.answer.ExpressionTokenizer;
import org.vilam.grounding.answer.FramedMasks;
import org.vilam.grounding.answer.Grounded;
import org.vilam.grounding.answer.Grounder;
import org.vilam.grounding.oneref.OneRefAnswers;
import org.vilam.vision.clip.ClipConfig;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.geometry.CoordinateTransform;
import org.vilam.vision.geometry.Mask;
import org.vilam.vision.image.ImageProcessor;
import org.vilam.vision.image.ProcessedImages;
import org.vilam.vision.image.RgbImage;
import org.vilam.vision.tensor.GradientScope;
import org.vilam.vision.tensor.Mode;

/**
 * A HiVG that answers. It has one box for every expression and no opinion on whether there is anything to find, so that presence
 * and score are 1.
 *
 * <p>Questions are asked of the network in one batch only where its bridge is {@link BridgePolicy#CORRECTED}, and else one by
 * one: an answer does not depend on what else is asked. One by one both policies agree.
 */
public final class HiVgGrounder implements Grounder {
    private final HiVgModel model;
    private final ExpressionTokenizer tokenizer;
    private final ImageProcessor processor;
    private final NDManager manager;

    /**
     * Puts the parts together; the caller keeps owning them.
     *
     * @param tokenizer CLIP's byte pairs
     * @param processor usually of {@link org.vilam.vision.image.ImageProcessorConfig#HIVG}
     * @param manager gives the device
     */
    public HiVgGrounder(HiVgModel model, ExpressionTokenizer tokenizer, ImageProcessor processor, NDManager manager) {
        this.model = model;
        this.tokenizer = tokenizer;
        this.processor = processor;
        this.manager = manager;
    }

    @Override
    public Set<Ability> abilities() {
        return model.config().segMask() ? EnumSet.of(Ability.MASKS) : EnumSet.noneOf(Ability.class);
    }

    @Override
    public List<Grounded> ground(List<Query> queries, Detail detail) {
        if (model.config().bridge() == BridgePolicy.CORRECTED) {
            return together(queries, detail);
        }
        List<Grounded> answers = new ArrayList<>();
        queries.forEach(query -> answers.addAll(together(List.of(query), detail)));
        return answers;
    }

    private List<Grounded> together(List<Query> queries, Detail detail) {
        ClipConfig clip = model.config().clip();
        int side = clip.vision().imageSize();
        try (GradientScope scope = GradientScope.noGradient();
                NDManager scratch = manager.newSubManager()) {
            ProcessedImages framed = processor.process(
                    scratch, queries.stream().map(Query::image).toList());
            NDArray ids = HiVgTexts.ids(
                    scratch,
                    queries.stream()
                            .map(q -> tokenizer.words(q.expression().strip().toLowerCase(Locale.ROOT)))
                            .toList(),
                    clip.text());
            NDArray padding =
                    framed.paddingGrid(clip.vision().grid(), clip.vision().grid());
            HiVgModel.Output out = model.forward(framed.pixelValues(), padding, ids, Mode.INFERENCE);
            List<Box> boxes = OneRefAnswers.boxes(out.boxes(), side, framed.toNetwork());
            List<Mask> masks =
                    detail.masks() && model.config().segMask() ? OneRefAnswers.masks(out.masks(), side) : List.of();
            List<Grounded> answers = new ArrayList<>();
            for (int b = 0; b < queries.size(); b++) {
                RgbImage image = queries.get(b).image();
                CoordinateTransform toFrame = framed.toNetwork().get(b);
                Optional<Mask> mask = masks.isEmpty()
                        ? Optional.empty()
                        : Optional.of(FramedMasks.inPicture(masks.get(b), toFrame, image.width(), image.height()));
                Grounded.Found found =
                        new Grounded.Found(boxes.get(b).clamp(image.width(), image.height()), 1, mask, List.of());
                answers.add(new Grounded(1, found, List.of(found)));
            }
            return answers;
        }
    }
}
