package org.vilam.assistant.llama;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * The beams of one row, and the answers they have finished, after Hugging Face's {@code GenerationMixin._beam_search}.
 *
 * <p>Of beams times vocabulary the {@code 2 * beams} best candidates are looked at. One that ends counts as an answer only if it
 * is among the best {@code beams}; the others continue. At the length limit the best running beams become answers as they are.
 */
final class BeamSearch {
    private static final double NEVER = -1e9;

    private final Generation generation;
    private final int[] prompt;
    private int[][] running;
    private double[] scores;
    private int[] origins;
    private final List<Generator.Answer> finished = new ArrayList<>();
    private boolean done;

    BeamSearch(Generation generation, int[] prompt) {
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
    List<Generator.Answer> answers() {
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
                finish(new Generator.Answer(
                        tokens, candidate.score() / Math.pow(length, generation.lengthPenalty()), ends));
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

    private void finish(Generator.Answer answer) {
        if (answer.score() <= NEVER / 2) {
            return;
        }
        if (generation.earlyStopping() && finished.size() == generation.beams()) {
            return;
        }
        finished.add(answer);
        finished.sort(Comparator.comparingDouble((Generator.Answer a) -> -a.score()));
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
