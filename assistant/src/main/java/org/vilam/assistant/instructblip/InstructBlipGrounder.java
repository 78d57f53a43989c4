package org.vilam.assistant.instructblip;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.vilam.assistant.vilam.Teller;
import org.vilam.grounding.answer.Grounded;
import org.vilam.grounding.answer.Grounded.Found;
import org.vilam.grounding.answer.Grounder;
import org.vilam.grounding.language.PlaceSentences;
import org.vilam.vision.geometry.Mask;
import org.vilam.vision.image.RgbImage;

/** Places out of an InstructBLIP that was trained to say them, as ViLaM is: each is asked for in words and read from the answer. */
public final class InstructBlipGrounder implements Grounder, Teller {
    private static final int BOX_TOKENS = 64;
    private static final int POLYGON_TOKENS = 1024;

    private final InstructBlip model;

    /** Answers with a model, which stays open meanwhile and belongs to the caller. */
    public InstructBlipGrounder(InstructBlip model) {
        this.model = model;
    }

    @Override
    public Set<Ability> abilities() {
        return EnumSet.of(Ability.MASKS);
    }

    /**
     * The model cannot say that nothing fits: presence is how sure it is of its words.
     *
     * @throws org.vilam.vision.error.VilamException MODEL_OUTPUT_INVALID when an answer holds no place
     */
    @Override
    public List<Grounded> ground(List<Query> queries, Detail detail) {
        List<RgbImage> images = queries.stream().map(Query::image).toList();
        List<InstructBlip.Answer> boxes = model.answer(
                images,
                queries.stream().map(q -> VilamPrompts.box(q.expression())).toList(),
                model.grounding(BOX_TOKENS));
        List<InstructBlip.Answer> outlines = detail.masks()
                ? model.answer(
                        images,
                        queries.stream()
                                .map(q -> VilamPrompts.polygons(q.expression()))
                                .toList(),
                        model.grounding(POLYGON_TOKENS))
                : List.of();
        List<Grounded> answers = new ArrayList<>();
        for (int i = 0; i < images.size(); i++) {
            RgbImage image = images.get(i);
            PlaceSentences sentences = new PlaceSentences(image.width(), image.height());
            Optional<Mask> mask = outlines.isEmpty()
                    ? Optional.empty()
                    : Optional.of(Mask.ofPolygons(
                            image.width(),
                            image.height(),
                            sentences.readPolygons(outlines.get(i).text())));
            double sure = boxes.get(i).probability();
            Found found = new Found(sentences.readBox(boxes.get(i).text()), sure, mask, List.of());
            answers.add(new Grounded(sure, found, List.of(found)));
        }
        return answers;
    }

    @Override
    public List<String> answer(List<Question> questions) {
        return model
                .answer(
                        questions.stream().map(Question::image).toList(),
                        questions.stream().map(InstructBlipGrounder::prompt).toList(),
                        model.grounding(BOX_TOKENS))
                .stream()
                .map(InstructBlip.Answer::text)
                .toList();
    }

    private static String prompt(Question question) {
        return question.region() == null
                ? VilamPrompts.framed(question.instruction())
                : VilamPrompts.describe(
                        question.region(),
                        question.image().width(),
                        question.image().height());
    }
}
