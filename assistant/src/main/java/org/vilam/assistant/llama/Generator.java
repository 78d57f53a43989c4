package org.vilam.assistant.llama;

import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.vilam.vision.tensor.GradientScope;

/**
 * Chooses the tokens of an answer: greedily, by sampling, or by beam search, as Hugging Face's {@code generate} does.
 *
 * <p>The penalty for repetition acts on raw scores in greedy decoding and sampling, and on log-probabilities in a beam search.
 */
public final class Generator {
    private final LlamaModel model;

    /** A generator over a model. */
    public Generator(LlamaModel model) {
        this.model = model;
    }

    /**
     * One answer.
     *
     * @param tokens the new tokens, the ending token included where it was said
     * @param score sum of the log-probabilities (after penalties) divided by the length to the power of the length penalty
     * @param finished whether it ended by itself rather than at the limit
     */
    @SuppressWarnings("ArrayRecordComponent") // a result to be read; answers are not compared
    public record Answer(int[] tokens, double score, boolean finished) {}

    /** Is told each token as it is chosen, and says whether to go on. */
    @FunctionalInterface
    public interface TokenListener {
        /** Returns false to stop at once. */
        boolean onToken(int row, int token);
    }

    /**
     * The answers of each row of a prompt, best first: one, or as many as there are beams.
     *
     * @param manager gives the device; nothing is left on it
     */
    public List<List<Answer>> generate(NDManager manager, Prompt prompt, Generation generation) {
        return generate(manager, prompt, generation, (row, token) -> true);
    }

    /** As the three-argument form; the listener hears the tokens of greedy decoding and sampling, not those of beams. */
    public List<List<Answer>> generate(
            NDManager manager, Prompt prompt, Generation generation, TokenListener listener) {
        try (GradientScope scope = GradientScope.noGradient();
                Decoding decoding = new Decoding(model, manager, prompt, generation.maxNewTokens())) {
            return generation.beams() > 1
                    ? beamSearch(decoding, prompt, generation)
                    : oneByOne(decoding, prompt, generation, listener);
        }
    }

    private static List<List<Answer>> oneByOne(
            Decoding decoding, Prompt prompt, Generation generation, TokenListener listener) {
        int rows = prompt.mask().length;
        SplittableRandom random = new SplittableRandom(generation.seed());
        Said said = new Said(rows, prompt.ids());
        double[] scores = new double[rows];
        boolean[] finished = new boolean[rows];
        boolean goOn = true;
        float[][] logits = decoding.begin(prompt);
        for (int step = 0; goOn; step++) {
            int[] tokens = new int[rows];
            for (int row = 0; row < rows; row++) {
                if (finished[row]) {
                    continue; // says padding, which nobody reads
                }
                double[] adjusted = adjusted(asDoubles(logits[row]), said.of(row), step, generation);
                tokens[row] = generation.temperature() > 0 ? sample(adjusted, generation, random) : argMax(adjusted);
                scores[row] += logSoftmax(adjusted)[tokens[row]];
                said.add(row, tokens[row]);
                finished[row] = tokens[row] == generation.eosTokenId();
                goOn &= listener.onToken(row, tokens[row]);
            }
            goOn &= step + 1 < generation.maxNewTokens() && !allOf(finished);
            if (goOn) {
                logits = decoding.say(tokens);
            }
        }
        List<List<Answer>> answers = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            int[] tokens = said.newTokens(row);
            answers.add(List.of(new Answer(
                    tokens, scores[row] / Math.pow(tokens.length, generation.lengthPenalty()), finished[row])));
        }
        return answers;
    }

    private List<List<Answer>> beamSearch(Decoding decoding, Prompt prompt, Generation generation) {
        int rows = prompt.mask().length;
        int beams = generation.beams();
        List<BeamSearch> searches = new ArrayList<>();
        float[][] logits = decoding.begin(prompt);
        decoding.select(IntStream.range(0, rows * beams).map(i -> i / beams).toArray());
        for (int row = 0; row < rows; row++) {
            int[] ids = prompt.ids().isEmpty() ? new int[0] : prompt.ids().get(row);
            searches.add(new BeamSearch(generation, ids));
        }
        for (int step = 0; ; step++) {
            int[] origin = new int[rows * beams];
            int[] tokens = new int[rows * beams];
            for (int row = 0; row < rows; row++) {
                BeamSearch search = searches.get(row);
                double[][] scores = new double[beams][];
                for (int beam = 0; beam < beams; beam++) {
                    double[] log = logSoftmax(asDoubles(logits[step == 0 ? row : row * beams + beam]));
                    scores[beam] = adjusted(log, search.said(beam), step, generation);
                }
                search.advance(scores);
                for (int beam = 0; beam < beams; beam++) {
                    origin[row * beams + beam] = row * beams + search.origin(beam);
                    tokens[row * beams + beam] = search.last(beam);
                }
            }
            if (searches.stream().allMatch(BeamSearch::done) || step + 1 == generation.maxNewTokens()) {
                return searches.stream().map(BeamSearch::answers).toList();
            }
            decoding.select(origin);
            logits = decoding.say(tokens);
        }
    }

    /** Scores after the repetition penalty and the minimum length; the input is changed. */
    static double[] adjusted(double[] scores, int[] said, int step, Generation generation) {
        if (generation.repetitionPenalty() != 1) {
            for (int token : Arrays.stream(said).distinct().toArray()) {
                scores[token] = scores[token] < 0
                        ? scores[token] * generation.repetitionPenalty()
                        : scores[token] / generation.repetitionPenalty();
            }
        }
        if (step < generation.minNewTokens()) {
            scores[generation.eosTokenId()] = Double.NEGATIVE_INFINITY;
        }
        return scores;
    }

    /** Nucleus sampling (Holtzman et al. 2020): the fewest tokens whose probabilities reach {@code topP}, at least one. */
    static int sample(double[] scores, Generation generation, SplittableRandom random) {
        double[] log = logSoftmax(
                Arrays.stream(scores).map(s -> s / generation.temperature()).toArray());
        int[] order = IntStream.range(0, log.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> -log[i]).thenComparing(i -> i))
                .mapToInt(Integer::intValue)
                .toArray();
        int kept = 0;
        double mass = 0;
        while (kept == 0 || (kept < order.length && mass < generation.topP())) {
            mass += Math.exp(log[order[kept++]]);
        }
        double u = random.nextDouble() * mass;
        for (int i = 0; i < kept - 1; i++) {
            u -= Math.exp(log[order[i]]);
            if (u < 0) {
                return order[i];
            }
        }
        return order[kept - 1];
    }

    static double[] logSoftmax(double[] scores) {
        double max = Arrays.stream(scores).max().orElse(0);
        double sum = 0;
        for (double s : scores) {
            sum += Math.exp(s - max);
        }
        double log = max + Math.log(sum);
        return Arrays.stream(scores).map(s -> s - log).toArray();
    }

    private static int argMax(double[] scores) {
        int best = 0;
        for (int i = 1; i < scores.length; i++) {
            best = scores[i] > scores[best] ? i : best;
        }
        return best;
    }

    private static double[] asDoubles(float[] values) {
        return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
    }

    private static boolean allOf(boolean[] values) {
        for (boolean value : values) {
            if (!value) {
                return false;
            }
        }
        return true;
    }

    /** The tokens said so far, each row's prompt first. */
    private static final class Said {
        private final List<List<Integer>> rows = new ArrayList<>();
        private final int[] prompts;

        Said(int rows, List<int[]> ids) {
            this.prompts = new int[rows];
            for (int row = 0; row < rows; row++) {
                List<Integer> said = new ArrayList<>();
                if (!ids.isEmpty()) {
                    Arrays.stream(ids.get(row)).forEach(said::add);
                }
                prompts[row] = said.size();
                this.rows.add(said);
            }
        }

        int[] of(int row) {
            return rows.get(row).stream().mapToInt(Integer::intValue).toArray();
        }

        void add(int row, int token) {
            rows.get(row).add(token);
        }

        int[] newTokens(int row) {
            return rows.get(row).stream()
                    .skip(prompts[row])
                    .mapToInt(Integer::intValue)
                    .toArray();
        }
    }
}
