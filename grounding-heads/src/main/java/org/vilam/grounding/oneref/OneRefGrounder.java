package org.vilam.grounding.oneref;

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
import org.vilam.vision.beit3.Beit3Encoder;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.geometry.CoordinateTransform;
import org.vilam.vision.geometry.Mask;
import org.vilam.vision.image.ImageProcessor;
import org.vilam.vision.image.ProcessedImages;
import org.vilam.vision.image.RgbImage;
import org.vilam.vision.tensor.GradientScope;
import org.vilam.vision.tensor.Mode;

/**
 * A OneRef that answers. Trained for boxes it has one for every expression; trained for masks it has a mask, and the box is the
 * mask's. A box has no score in this family, and presence is known of masks alone: scores are 1, and presence is 0 where a mask is
 * empty; the box is then the place that came nearest to belonging to it.
 */
public final class OneRefGrounder implements Grounder {
    private final OneRefModel model;
    private final ExpressionTokenizer tokenizer;
    private final ImageProcessor processor;
    private final NDManager manager;

    /**
     * Puts the parts together; the caller keeps owning them.
     *
     * @param tokenizer BEiT-3's SentencePiece, with XLM-R's ids
     * @param processor usually of {@link org.vilam.vision.image.ImageProcessorConfig#ONEREF}
     * @param manager gives the device
     */
    public OneRefGrounder(
            OneRefModel model, ExpressionTokenizer tokenizer, ImageProcessor processor, NDManager manager) {
        this.model = model;
        this.tokenizer = tokenizer;
        this.processor = processor;
        this.manager = manager;
    }

    @Override
    public Set<Ability> abilities() {
        return model.maskHead().isPresent() ? EnumSet.of(Ability.MASKS) : EnumSet.noneOf(Ability.class);
    }

    @Override
    public List<Grounded> ground(List<Query> queries, Detail detail) {
        try (GradientScope scope = GradientScope.noGradient();
                NDManager scratch = manager.newSubManager()) {
            ProcessedImages framed = processor.process(
                    scratch, queries.stream().map(Query::image).toList());
            OneRefTexts texts = OneRefTexts.of(
                    scratch,
                    queries.stream()
                            .map(q -> tokenizer.words(q.expression().strip().toLowerCase(Locale.ROOT)))
                            .toList(),
                    model.config().textLength());
            Beit3Encoder.Encoded encoded =
                    model.encoder().forward(framed.pixelValues(), texts.ids(), texts.padding(), Mode.INFERENCE);
            return model.maskHead().isPresent()
                    ? byMask(model.maskHead().get(), encoded, queries, framed, detail)
                    : byBox(encoded, queries, framed);
        }
    }

    private List<Grounded> byBox(Beit3Encoder.Encoded encoded, List<Query> queries, ProcessedImages framed) {
        OneRefHead.Output out = model.head().forward(encoded.cls(), encoded.patches(), encoded.text());
        List<Box> boxes =
                OneRefAnswers.boxes(out.boxes(), model.config().encoder().imgSize(), framed.toNetwork());
        List<Grounded> answers = new ArrayList<>();
        for (int b = 0; b < queries.size(); b++) {
            RgbImage image = queries.get(b).image();
            answers.add(answer(1, boxes.get(b).clamp(image.width(), image.height()), Optional.empty()));
        }
        return answers;
    }

    private List<Grounded> byMask(
            OneRefMaskHead head,
            Beit3Encoder.Encoded encoded,
            List<Query> queries,
            ProcessedImages framed,
            Detail detail) {
        int side = model.config().encoder().imgSize();
        NDArray logits = head.forward(encoded.patches(), model.head().languageAnchor(encoded.text()), Mode.INFERENCE);
        List<Mask> masks = OneRefAnswers.masks(logits, side);
        List<Grounded> answers = new ArrayList<>();
        for (int b = 0; b < queries.size(); b++) {
            RgbImage image = queries.get(b).image();
            CoordinateTransform toFrame = framed.toNetwork().get(b);
            Mask mask = FramedMasks.inPicture(masks.get(b), toFrame, image.width(), image.height());
            boolean present = !mask.isEmpty();
            Box box = present
                    ? mask.boundingBox()
                    : nearest(logits, b, side, toFrame).clamp(image.width(), image.height());
            answers.add(answer(present ? 1 : 0, box, detail.masks() ? Optional.of(mask) : Optional.empty()));
        }
        return answers;
    }

    /** The place of the largest logit, in pixels of the picture. */
    private static Box nearest(NDArray logits, int sample, int side, CoordinateTransform toFrame) {
        int cells = Math.toIntExact(logits.getShape().get(3));
        try (NDArray one = logits.get(sample);
                NDArray best = one.flatten().argMax()) {
            int at = Math.toIntExact(best.getLong());
            double cell = (double) side / cells;
            double x = at % cells * cell;
            double y = Math.floorDiv(at, cells) * cell;
            return toFrame.inverse().apply(new Box(x, y, x + cell, y + cell));
        }
    }

    private static Grounded answer(double presence, Box box, Optional<Mask> mask) {
        Grounded.Found found = new Grounded.Found(box, 1, mask, List.of());
        return new Grounded(presence, found, presence >= Grounded.PRESENT ? List.of(found) : List.of());
    }
}
