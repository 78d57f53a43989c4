package org.vilam.training.run;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import org.vilam.assistant.vilam.Questions;
import org.vilam.assistant.vilam.SpecialTokens;
import org.vilam.assistant.vilam.VilamModel;
import org.vilam.training.run.GroundingLoss.TextBatch;
import org.vilam.training.sample.Framed;
import org.vilam.vision.beit3.Beit3Encoder;
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
     * The cross-entropy of the answers' tokens: the mean of each answer's, so that a box written in digits counts no more than a
     * word, then of all answers.
     *
     * @param images (I, 3, S, S)
     * @return one element
     */
    NDArray of(NDArray images, List<Asked> asked, Mode mode) {
        NDManager manager = images.getManager();
        Beit3Encoder.Encoded encoded = model.encoder().forwardImage(images, mode);
        Questions questions = new Questions(
                model,
                asked.stream()
                        .map(a -> new Questions.Question(
                                a.image(), a.telling().region(), a.telling().instruction()))
                        .toList());
        List<int[]> texts = asked.stream().map(a -> text(a.telling())).toList();
        return Intermediates.freeing(() -> {
            NDArray words = model.language().embed(TextBatch.of(manager, texts).ids());
            NDArray embeds = questions.leadEmbeds(images, encoded, mode).concat(words, 1); // (P, Q + R + T, E)
            NDArray logits = model.language()
                    .forward(embeds, mask(manager, questions, texts), positions(questions, texts), null, mode);
            return crossEntropy(logits, asked, texts, questions.lead());
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

    /** What is real: soft prompts, region tokens where there is a region, and the text; (P, 1, 1, T). */
    private static NDArray mask(NDManager manager, Questions questions, List<int[]> texts) {
        int lead = questions.lead();
        int tokens = lead + texts.stream().mapToInt(t -> t.length).max().orElse(1);
        float[] real = new float[texts.size() * tokens];
        for (int p = 0; p < texts.size(); p++) {
            for (int t = 0; t < lead + texts.get(p).length; t++) {
                real[p * tokens + t] = t >= lead || questions.real(p, t) ? 1 : 0;
            }
        }
        return Intermediates.freeing(
                () -> AttentionMasks.padding(Constants.of(manager, real, new Shape(texts.size(), tokens))));
    }

    private static int[][] positions(Questions questions, List<int[]> texts) {
        int lead = questions.lead();
        int tokens = lead + texts.stream().mapToInt(t -> t.length).max().orElse(1);
        int[][] positions = new int[texts.size()][tokens];
        for (int p = 0; p < texts.size(); p++) {
            int next = 0;
            for (int t = 0; t < tokens; t++) {
                positions[p][t] = t >= lead || questions.real(p, t) ? next++ : 1;
            }
        }
        return positions;
    }

    private static NDArray crossEntropy(NDArray logits, List<Asked> asked, List<int[]> texts, int lead) {
        long tokens = logits.getShape().get(1);
        List<Integer> rows = new ArrayList<>();
        List<Integer> labels = new ArrayList<>();
        List<Float> shares = new ArrayList<>();
        for (int p = 0; p < asked.size(); p++) {
            int[] text = texts.get(p);
            int first = 1 + asked.get(p).telling().instruction().length;
            for (int t = first; t < text.length; t++) {
                rows.add((int) (p * tokens) + lead + t - 1); // the token before predicts this one
                labels.add(text[t]);
                shares.add(1f / ((text.length - first) * asked.size()));
            }
        }
        NDArray said = GroundingLoss.rows(logits.reshape(-1, logits.getShape().get(2)), rows)
                .logSoftmax(1);
        NDManager manager = logits.getManager();
        float[] weights = new float[shares.size()];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = shares.get(i);
        }
        try (NDArray borrowed =
                manager.create(labels.stream().mapToLong(Integer::longValue).toArray())) {
            NDArray index = borrowed.duplicate().reshape(-1, 1);
            NDArray picked = said.gather(index, 1);
            return picked.mul(Constants.of(manager, weights, picked.getShape()))
                    .sum()
                    .neg();
        }
    }
}
