package org.vilam.assistant.llama;

import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.vilam.vision.tensor.GradientScope;

/**
 * Chooses the tokens of an answer: greedily, by sampling, or by beam search, as Hugging Face's {@code generate} does.
 *
 * <p>The penalty for repetition acts on raw scores in greedy decoding and sampling, and on log-probabilities in a beam search.
 */
public final class Generator {
    private static final double NEVER = -1e9;

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
        List<Beams> searches = new ArrayList<>();
        float[][] logits = decoding.begin(prompt);
        decoding.select(IntStream.range(0, rows * beams).map(i -> i / beams).toArray());
        for (int row = 0; row < rows; row++) {
            int[] ids = prompt.ids().isEmpty() ? new int[0] : prompt.ids().get(row);
            searches.add(new Beams(generation, ids));
        }
        for (int step = 0; ; step++) {
            int[] origin = new int[rows * beams];
            int[] tokens = new int[rows * beams];
            for (int row = 0; row < rows; row++) {
                Beams search = searches.get(row);
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
            if (searches.stream().allMatch(Beams::done) || step + 1 == generation.maxNewTokens()) {
                return searches.stream().map(Beams::answers).toList();
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

    /** The beams of one row, and the answers they have finished. */
    private static final class Beams {
        private final Generation generation;
        private final int[] prompt;
        private int[][] running;
        private double[] scores;
        private int[] origins;
        private final List<Answer> finished = new ArrayList<>();
        private boolean done;

        Beams(Generation generation, int[] prompt) {
            this.generation = generation;
            this.prompt = prompt;
            this.running = new int[generation.beams()][0];
            this.scores = new double[generation.beams()];
            this.origins = new int[generation.beams()];
            // All beams start alike, so only the first may branch.
            Arrays.fill(scores, 1, scores.length, NEVER);
        }

        private record Candidate(int beam, int token, double score) {}

        int[] said(int beam) {
            int[] all = Arrays.copyOf(prompt, prompt.length + running[beam].length);
            System.arraycopy(running[beam], 0, all, prompt.length, running[beam].length);
            return all;
        }

        int origin(int beam) {
            return origins[beam];
        }

        int last(int beam) {
            return running[beam].length == 0 ? 0 : running[beam][running[beam].length - 1];
        }

        boolean done() {
            return done;
        }

        /** Best first; those that never finished are not among them. */
        List<Answer> answers() {
            return List.copyOf(finished);
        }

        /** Extends the beams by one token, given the scores of every next token of every beam. */
        void advance(double[][] next) {
            if (done) {
                return;
            }
            int beams = generation.beams();
            List<Candidate> best = best(next, 2 * beams);
            int length = running[0].length + 1;
            boolean atLimit = length == generation.maxNewTokens();
            int[][] continued = new int[beams][];
            double[] continuedScores = new double[beams];
            int[] continuedOrigins = new int[beams];
            int taken = 0;
            for (int rank = 0; rank < best.size(); rank++) {
                Candidate candidate = best.get(rank);
                int[] tokens = Arrays.copyOf(running[candidate.beam()], length);
                tokens[length - 1] = candidate.token();
                boolean ends = candidate.token() == generation.eosTokenId();
                if ((ends || atLimit) && rank < beams) {
                    finish(new Answer(tokens, candidate.score() / Math.pow(length, generation.lengthPenalty()), ends));
                }
                if (!ends && taken < beams) {
                    continued[taken] = tokens;
                    continuedScores[taken] = candidate.score();
                    continuedOrigins[taken++] = candidate.beam();
                }
            }
            running = continued;
            scores = continuedScores;
            origins = continuedOrigins;
            done = atLimit || (finished.size() == beams && (generation.earlyStopping() || !canImprove(length)));
        }

        private void finish(Answer answer) {
            if (answer.score() <= NEVER / 2) {
                return;
            }
            if (generation.earlyStopping() && finished.size() == generation.beams()) {
                return;
            }
            finished.add(answer);
            finished.sort(Comparator.comparingDouble((Answer a) -> -a.score()));
            if (finished.size() > generation.beams()) {
                finished.remove(finished.size() - 1);
            }
        }

        /** Whether the best running beam, were it to end now, would beat the worst answer kept. */
        private boolean canImprove(int length) {
            return scores[0] / Math.pow(length, generation.lengthPenalty())
                    > finished.get(finished.size() - 1).score();
        }

        private List<Candidate> best(double[][] next, int count) {
            PriorityQueue<Candidate> heap = new PriorityQueue<>(Comparator.comparingDouble(Candidate::score));
            for (int beam = 0; beam < next.length; beam++) {
                for (int token = 0; token < next[beam].length; token++) {
                    double score = scores[beam] + next[beam][token];
                    if (heap.size() < count || score > heap.element().score()) {
                        heap.add(new Candidate(beam, token, score));
                        if (heap.size() > count) {
                            heap.remove();
                        }
                    }
                }
            }
            List<Candidate> sorted = new ArrayList<>(heap);
            sorted.sort(Comparator.comparingDouble((Candidate c) -> -c.score())
                    .thenComparingInt(Candidate::beam)
                    .thenComparingInt(Candidate::token));
            return sorted;
        }
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
