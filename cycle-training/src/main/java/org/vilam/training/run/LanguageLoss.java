package org.vilam.training.run;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.vilam.assistant.vilam.SpecialTokens;
import org.vilam.assistant.vilam.VilamModel;
import org.vilam.grounding.head.RegionHead;
import org.vilam.training.run.GroundingLoss.TextBatch;
import org.vilam.training.sample.Framed;
import org.vilam.vision.beit3.Beit3Encoder;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.tensor.AttentionMasks;
import org.vilam.vision.tensor.Constants;
import org.vilam.vision.tensor.Intermediates;
import org.vilam.vision.tensor.Mode;

/**
 * What the language model has to learn from questions and answers (REG): the cross-entropy of the answers' tokens, teacher
 * forced, behind soft prompts, region tokens and the question.
 *
 * <p>Letters: I images, P questions, Q soft prompts, R region tokens, T tokens, V vocabulary.
 */
final class LanguageLoss {
    private static final Box NOWHERE = new Box(0, 0, 1, 1);

    private final VilamModel model;

    LanguageLoss(VilamModel model) {
        this.model = model;
    }

    /**
     * A question about one of the images.
     *
     * @param image which
     */
    record Asked(int image, Framed.Telling telling) {}

    /**
     * The mean cross-entropy of the answers' tokens.
     *
     * @param images (I, 3, S, S)
     * @return one element
     */
    NDArray of(NDArray images, List<Asked> asked, Mode mode) {
        NDManager manager = images.getManager();
        Beit3Encoder.Encoded encoded = model.encoder().forwardImage(images, mode);
        List<Integer> owners = asked.stream().map(Asked::image).toList();
        TextBatch questions = TextBatch.of(
                manager, asked.stream().map(a -> a.telling().instruction()).toList());
        List<RegionHead.Region> regions = asked.stream()
                .map(a -> new RegionHead.Region(
                        a.image(),
                        a.telling().region() == null ? NOWHERE : a.telling().region()))
                .toList();
        List<int[]> texts = asked.stream().map(a -> text(a.telling())).toList();
        return Intermediates.freeing(() -> {
            NDArray soft = model.softPrompts(
                    GroundingLoss.rows(encoded.patches(), owners),
                    questions.ids(),
                    questions.padding().neg().add(1),
                    mode); // (P, Q, E)
            RegionHead.Look look = model.regionHead().look(images, encoded, regions, mode);
            NDArray regionTokens = model.regionHead().tokens(look, encoded, mode); // (P, R, E)
            TextBatch words = TextBatch.of(manager, texts);
            NDArray embeds = model.inputsEmbeds(soft, regionTokens, words.ids());
            int lead = Math.toIntExact(
                    soft.getShape().get(1) + regionTokens.getShape().get(1));
            NDArray logits = model.language()
                    .forward(embeds, mask(manager, asked, texts, lead), positions(asked, texts, lead), null, mode);
            return crossEntropy(logits, asked, texts, lead);
        });
    }

    /** Beginning, question, answer, end. */
    private static int[] text(Framed.Telling telling) {
        int[] question = telling.instruction();
        int[] answer = telling.answer();
        int[] ids = new int[question.length + answer.length + 2];
        ids[0] = SpecialTokens.BEGIN;
        System.arraycopy(question, 0, ids, 1, question.length);
        System.arraycopy(answer, 0, ids, 1 + question.length, answer.length);
        ids[ids.length - 1] = SpecialTokens.END;
        return ids;
    }

    /** What is real: soft prompts, region tokens where there is a region, and the text. (P, 1, T, T), causal. */
    private NDArray mask(NDManager manager, List<Asked> asked, List<int[]> texts, int lead) {
        int tokens = lead + texts.stream().mapToInt(t -> t.length).max().orElse(1);
        float[] real = new float[asked.size() * tokens];
        for (int p = 0; p < asked.size(); p++) {
            Arrays.fill(real, p * tokens, p * tokens + lead + texts.get(p).length, 1);
            if (asked.get(p).telling().region() == null) {
                int soft = model.config().queryTokens();
                Arrays.fill(real, p * tokens + soft, p * tokens + lead, 0);
            }
        }
        return Intermediates.freeing(
                () -> AttentionMasks.padding(Constants.of(manager, real, new Shape(asked.size(), tokens))));
    }

    private int[][] positions(List<Asked> asked, List<int[]> texts, int lead) {
        int tokens = lead + texts.stream().mapToInt(t -> t.length).max().orElse(1);
        int[][] positions = new int[asked.size()][tokens];
        int soft = model.config().queryTokens();
        for (int p = 0; p < asked.size(); p++) {
            boolean region = asked.get(p).telling().region() != null;
            int next = 0;
            for (int t = 0; t < tokens; t++) {
                boolean counts = t < soft || t >= lead || region;
                positions[p][t] = counts ? next++ : 1;
            }
        }
        return positions;
    }

    private static NDArray crossEntropy(NDArray logits, List<Asked> asked, List<int[]> texts, int lead) {
        long tokens = logits.getShape().get(1);
        List<Integer> rows = new ArrayList<>();
        List<Integer> labels = new ArrayList<>();
        for (int p = 0; p < asked.size(); p++) {
            int[] text = texts.get(p);
            int first = 1 + asked.get(p).telling().instruction().length;
            for (int t = first; t < text.length; t++) {
                rows.add((int) (p * tokens) + lead + t - 1); // the token before predicts this one
                labels.add(text[t]);
            }
        }
        NDArray said = GroundingLoss.rows(logits.reshape(-1, logits.getShape().get(2)), rows)
                .logSoftmax(1);
        NDManager manager = logits.getManager();
        try (NDArray borrowed =
                manager.create(labels.stream().mapToLong(Integer::longValue).toArray())) {
            NDArray index = borrowed.duplicate().reshape(-1, 1);
            NDArray picked = said.gather(index, 1);
            return picked.mean().neg();
        }
    }
}
