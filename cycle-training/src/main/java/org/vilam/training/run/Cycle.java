package org.vilam.training.run;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.vilam.assistant.llama.Generation;
import org.vilam.assistant.vilam.Questions;
import org.vilam.assistant.vilam.SpecialTokens;
import org.vilam.assistant.vilam.VilamModel;
import org.vilam.grounding.language.LocationCodec;
import org.vilam.prompts.Instructions;
import org.vilam.prompts.Task;
import org.vilam.training.run.GroundingLoss.TextBatch;
import org.vilam.training.sample.Framed;
import org.vilam.training.sample.Framer;
import org.vilam.vision.beit3.Beit3Encoder;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.tensor.GradientScope;
import org.vilam.vision.tensor.Mode;

/**
 * The cycle between describing (REG) and grounding (REC), ViLaM section 3.3: each teaches the other where only half of a pair is
 * known.
 *
 * <p>REG to REC: the model describes a box, and learns to ground the description to that box. REC to REG: it grounds an expression,
 * and learns to tell the expression of the box it found. What is generated passes no gradient back. A description that is empty,
 * does not end or is too long for the heads, and a box without area, are left out and counted.
 */
final class Cycle {
    private static final int LONGEST = 24;
    /** A found box that overlaps the known one less than this teaches nothing true. */
    private static final double FOUND = 0.5;

    private final VilamModel model;
    private final Framer framer;

    Cycle(VilamModel model, Framer framer) {
        this.model = model;
        this.framer = framer;
    }

    /**
     * Describes the unspoken objects of examples.
     *
     * @param counts gets {@code reg_to_rec_made} and {@code reg_to_rec_skipped}
     * @return examples whose expressions are the descriptions
     */
    List<Framed> regToRec(NDManager manager, List<Framed> examples, Map<String, Double> counts) {
        List<Questions.Question> questions = new ArrayList<>();
        List<float[]> pictures = new ArrayList<>();
        for (Framed example : examples) {
            for (Framed.Grounding object : example.unspoken()) {
                Box box = object.boxes().get(0);
                questions.add(new Questions.Question(pictures.size(), box, describe(example.place(), box)));
            }
            pictures.add(example.pixels());
        }
        if (questions.isEmpty()) {
            return List.of();
        }
        List<int[]> said;
        try (GradientScope scope = GradientScope.noGradient();
                NDManager scratch = manager.newSubManager()) {
            NDArray images =
                    Trainer.images(scratch, pictures, model.config().encoder().imgSize());
            Beit3Encoder.Encoded encoded = model.encoder().forwardImage(images, Mode.INFERENCE);
            said = new Questions(model, questions)
                    .answer(images, encoded, Generation.grounding(LONGEST, SpecialTokens.END));
        }
        List<Framed> out = new ArrayList<>();
        int next = 0;
        int made = 0;
        for (Framed example : examples) {
            List<Framed.Grounding> groundings = new ArrayList<>();
            for (Framed.Grounding object : example.unspoken()) {
                int[] description = said.get(next++);
                boolean whole = description.length > 0
                        && description.length < LONGEST
                        && description.length <= model.config().maxText();
                if (whole) {
                    groundings.add(object.with(description));
                    made++;
                }
            }
            if (!groundings.isEmpty()) {
                out.add(example.with(groundings, List.of()));
            }
        }
        counts.put("reg_to_rec_made", (double) made);
        counts.put("reg_to_rec_skipped", (double) questions.size() - made);
        return out;
    }

    /**
     * Grounds the expressions of examples that mean one object.
     *
     * @param counts gets {@code rec_to_reg_made} and {@code rec_to_reg_skipped}
     * @return examples whose questions are about the boxes found, answered by the expressions
     */
    List<Framed> recToReg(NDManager manager, List<Framed> examples, Map<String, Double> counts) {
        List<float[]> pictures = new ArrayList<>();
        List<int[]> texts = new ArrayList<>();
        for (Framed example : examples) {
            for (Framed.Grounding grounding : example.groundings()) {
                if (grounding.boxes().size() == 1) {
                    pictures.add(example.pixels());
                    texts.add(grounding.ids());
                }
            }
        }
        if (texts.isEmpty()) {
            return List.of();
        }
        float[] boxes;
        try (GradientScope scope = GradientScope.noGradient();
                NDManager scratch = manager.newSubManager()) {
            NDArray images =
                    Trainer.images(scratch, pictures, model.config().encoder().imgSize());
            TextBatch text = TextBatch.of(scratch, texts);
            Beit3Encoder.Encoded encoded = model.encoder().forward(images, text.ids(), text.padding(), Mode.INFERENCE);
            boxes = model.tokenHead()
                    .forward(encoded, text.padding(), Mode.INFERENCE)
                    .box()
                    .toFloatArray();
        }
        List<Framed> out = new ArrayList<>();
        int next = 0;
        int made = 0;
        for (Framed example : examples) {
            List<Framed.Telling> tellings = new ArrayList<>();
            for (Framed.Grounding grounding : example.groundings()) {
                if (grounding.boxes().size() == 1) {
                    int at = 4 * next++;
                    Box found = Box.ofCxcywh(boxes[at], boxes[at + 1], boxes[at + 2], boxes[at + 3]);
                    if (!found.isEmpty() && found.iou(grounding.boxes().get(0)) >= FOUND) {
                        tellings.add(new Framed.Telling(found, describe(example.place(), found), grounding.ids()));
                        made++;
                    }
                }
            }
            if (!tellings.isEmpty()) {
                out.add(example.with(List.of(), tellings));
            }
        }
        counts.put("rec_to_reg_made", (double) made);
        counts.put("rec_to_reg_skipped", (double) next - made);
        return out;
    }

    /** The question that asks for a description of a box. */
    private int[] describe(Framed.Place place, Box part) {
        String region = new LocationCodec(place.width(), place.height()).box(place.toPicture(part));
        return framer.tokens(Instructions.canonical(Task.DESCRIBE).fill(Map.of("region", region)));
    }
}
