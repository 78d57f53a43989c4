package org.vilam.assistant.vilam;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.vilam.assistant.llama.Generation;
import org.vilam.assistant.llama.Generator;
import org.vilam.assistant.text.StreamingDecoder;
import org.vilam.assistant.text.TextTokenizer;
import org.vilam.grounding.answer.Grounded;
import org.vilam.grounding.answer.Grounded.Found;
import org.vilam.grounding.answer.Grounder;
import org.vilam.grounding.head.QueryHead;
import org.vilam.grounding.head.RegionHead;
import org.vilam.grounding.head.TokenHead;
import org.vilam.vision.beit3.Beit3Encoder;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.geometry.CoordinateTransform;
import org.vilam.vision.image.ImageProcessor;
import org.vilam.vision.image.ProcessedImages;
import org.vilam.vision.image.RgbImage;
import org.vilam.vision.tensor.GradientScope;
import org.vilam.vision.tensor.Mode;

/**
 * A ViLaM that answers: pictures and words in, places and words out.
 *
 * <p>Safe for several threads. Deterministic: the same question gets the same answer.
 */
public final class Vilam implements Grounder, Teller {
    /** Objects of the set head that overlap more than this are one. */
    private static final double SAME = 0.7;

    private static final int REFINEMENTS = 2;
    private static final int LONGEST_ANSWER = 48;

    private final VilamModel model;
    private final TextTokenizer tokenizer;
    private final ImageProcessor processor;
    private final NDManager manager;

    /**
     * Puts the parts together; the caller keeps owning them.
     *
     * @param manager gives the device
     */
    public Vilam(VilamModel model, TextTokenizer tokenizer, ImageProcessor processor, NDManager manager) {
        this.model = model;
        this.tokenizer = tokenizer;
        this.processor = processor;
        this.manager = manager;
    }

    /** The networks. */
    public VilamModel model() {
        return model;
    }

    @Override
    public Set<Ability> abilities() {
        return EnumSet.allOf(Ability.class);
    }

    @Override
    public List<Grounded> ground(List<Query> queries, Detail detail) {
        try (GradientScope scope = GradientScope.noGradient();
                NDManager scratch = manager.newSubManager()) {
            ProcessedImages framed = processor.process(
                    scratch, queries.stream().map(Query::image).toList());
            NDArray images = framed.pixelValues();
            List<int[]> texts =
                    queries.stream().map(q -> expression(q.expression())).toList();
            NDArray ids = Questions.ids(scratch, texts, false);
            NDArray padding = Questions.real(scratch, texts).neg().add(1);
            Beit3Encoder.Encoded encoded = model.encoder().forward(images, ids, padding, Mode.INFERENCE);
            Looker looker = new Looker(model, images, encoded);
            TokenHead.Output token = model.tokenHead().forward(encoded, padding, Mode.INFERENCE);
            QueryHead.Output set = model.queryHead().forward(encoded, Mode.INFERENCE);
            float[] presence = token.presence().toFloatArray();
            List<Candidate> candidates = new ArrayList<>(ones(token, presence));
            candidates.addAll(sets(set, queries.size()));
            List<RegionHead.Region> regions =
                    looker.refined(candidates.stream().map(Candidate::region).toList(), REFINEMENTS);
            List<Looker.Drawn> drawn = detail.masks() || detail.keypoints() ? looker.draw(regions) : List.of();
            List<Grounded> answers = new ArrayList<>();
            for (int b = 0; b < queries.size(); b++) {
                RgbImage image = queries.get(b).image();
                CoordinateTransform toFrame = framed.toNetwork().get(b);
                Found one = found(b, regions, candidates, drawn, image, toFrame, detail);
                List<Found> all = new ArrayList<>();
                for (int c = queries.size(); c < candidates.size(); c++) {
                    if (candidates.get(c).region().image() == b) {
                        all.add(found(c, regions, candidates, drawn, image, toFrame, detail));
                    }
                }
                answers.add(new Grounded(sigmoid(presence[b]), one, distinct(all)));
            }
            return answers;
        }
    }

    /** A box before the closer look. */
    private record Candidate(RegionHead.Region region, double score) {}

    private static List<Candidate> ones(TokenHead.Output token, float[] presence) {
        float[] boxes = token.box().toFloatArray();
        List<Candidate> out = new ArrayList<>();
        for (int b = 0; b < presence.length; b++) {
            out.add(new Candidate(region(b, boxes, 4 * b), sigmoid(presence[b])));
        }
        return out;
    }

    private static List<Candidate> sets(QueryHead.Output set, int batch) {
        float[] logits = set.logits().get(-1).toFloatArray();
        float[] boxes = set.boxes().get(-1).toFloatArray();
        int queries = logits.length / 2 / batch;
        List<Candidate> out = new ArrayList<>();
        for (int i = 0; i < batch * queries; i++) {
            double score = sigmoid(logits[2 * i] - logits[2 * i + 1]);
            if (score >= 0.5) {
                out.add(new Candidate(region(i / queries, boxes, 4 * i), score));
            }
        }
        return out;
    }

    private static RegionHead.Region region(int image, float[] b, int at) {
        return new RegionHead.Region(image, Box.ofCxcywh(b[at], b[at + 1], b[at + 2], b[at + 3]));
    }

    private Found found(
            int index,
            List<RegionHead.Region> regions,
            List<Candidate> candidates,
            List<Looker.Drawn> drawn,
            RgbImage image,
            CoordinateTransform toFrame,
            Detail detail) {
        int side = model.config().encoder().imgSize();
        Box part = regions.get(index).box();
        Box inFrame = new Box(part.x1() * side, part.y1() * side, part.x2() * side, part.y2() * side);
        Box box = toFrame.inverse().apply(inFrame).clamp(image.width(), image.height());
        return new Found(
                box,
                candidates.get(index).score(),
                detail.masks()
                        ? Optional.of(drawn.get(index).mask(image.width(), image.height(), toFrame, side))
                        : Optional.empty(),
                detail.keypoints() ? drawn.get(index).keypoints(toFrame, side) : List.of());
    }

    private static List<Found> distinct(List<Found> all) {
        List<Found> sorted = new ArrayList<>(all);
        sorted.sort(Comparator.comparingDouble(Found::score).reversed());
        List<Found> kept = new ArrayList<>();
        for (Found found : sorted) {
            if (kept.stream().noneMatch(k -> k.box().iou(found.box()) > SAME)) {
                kept.add(found);
            }
        }
        return kept;
    }

    @Override
    public List<String> answer(List<Question> questions) {
        return answer(questions, (row, token) -> true);
    }

    @Override
    public String answer(Question question, Consumer<String> listener) {
        StreamingDecoder decoder = tokenizer.streamingDecoder(true);
        String whole = answer(List.of(question), (row, token) -> {
                    tell(token == SpecialTokens.END ? "" : decoder.push(token), listener);
                    return true;
                })
                .get(0);
        tell(decoder.finish(), listener);
        return whole;
    }

    private static void tell(String piece, Consumer<String> listener) {
        if (!piece.isEmpty()) {
            listener.accept(piece);
        }
    }

    private List<String> answer(List<Question> questions, Generator.TokenListener listener) {
        try (GradientScope scope = GradientScope.noGradient();
                NDManager scratch = manager.newSubManager()) {
            ProcessedImages framed = processor.process(
                    scratch, questions.stream().map(Question::image).toList());
            int side = model.config().encoder().imgSize();
            List<Questions.Question> asked = new ArrayList<>();
            for (int i = 0; i < questions.size(); i++) {
                Box region = questions.get(i).region();
                Box part = null;
                if (region != null) {
                    Box box = framed.toNetwork().get(i).apply(region);
                    part = new Box(box.x1() / side, box.y1() / side, box.x2() / side, box.y2() / side);
                }
                asked.add(
                        new Questions.Question(i, part, encode(questions.get(i).instruction())));
            }
            NDArray images = framed.pixelValues();
            Beit3Encoder.Encoded encoded = model.encoder().forwardImage(images, Mode.INFERENCE);
            return new Questions(model, asked)
                    .answer(images, encoded, Generation.grounding(LONGEST_ANSWER, SpecialTokens.END), listener).stream()
                            .map(said -> tokenizer
                                    .decode(Arrays.stream(said).asLongStream().toArray(), true)
                                    .strip())
                            .toList();
        }
    }

    private int[] expression(String text) {
        int[] ids = encode(" " + text.strip());
        int longest = model.config().maxText();
        return ids.length <= longest ? ids : Arrays.copyOf(ids, longest);
    }

    private int[] encode(String text) {
        return Arrays.stream(tokenizer.encode(text)).mapToInt(Math::toIntExact).toArray();
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }
}
