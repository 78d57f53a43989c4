package org.vilam.training.run;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.vilam.assistant.vilam.VilamConfig;
import org.vilam.assistant.vilam.VilamModel;
import org.vilam.grounding.head.QueryHead;
import org.vilam.grounding.head.RegionHead;
import org.vilam.grounding.head.TokenHead;
import org.vilam.grounding.loss.BoxLoss;
import org.vilam.grounding.loss.HungarianMatcher;
import org.vilam.grounding.loss.MaskLoss;
import org.vilam.grounding.loss.SetCriterion;
import org.vilam.grounding.loss.SetLoss;
import org.vilam.training.sample.Framed;
import org.vilam.vision.beit3.Beit3Encoder;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.tensor.Constants;
import org.vilam.vision.tensor.Intermediates;
import org.vilam.vision.tensor.Mode;
import org.vilam.vision.tensor.PatchEmbed;

/**
 * What the heads have to learn from expressions and their objects (REC).
 *
 * <p>Letters: B expressions, N patches, T text tokens, R regions looked at, K keypoints, G grid of a look.
 */
final class GroundingLoss {
    private static final SetCriterion SET = new SetCriterion(HungarianMatcher.DETREX, 1, 5, 2, 0.25);
    private static final double L1 = 5;
    private static final double GIOU = 2;
    /** Standard deviation of a keypoint's heat, in cells. */
    private static final double HEAT = 0.8;

    private final VilamModel model;
    private final LossWeights weights;

    GroundingLoss(VilamModel model, LossWeights weights) {
        this.model = model;
        this.weights = weights;
    }

    /**
     * Adds the losses of a batch.
     *
     * @param images (I, 3, S, S)
     * @param owners which image each expression is about
     * @param words of the patches of each expression's image
     */
    void add(
            StepLosses losses,
            NDArray images,
            List<Integer> owners,
            List<int[][]> words,
            List<Framed.Grounding> groundings,
            Mode mode) {
        NDManager manager = images.getManager();
        TextBatch text = TextBatch.of(
                manager, groundings.stream().map(Framed.Grounding::ids).toList());
        Beit3Encoder.Encoded encoded = model.encoder().forward(images, owners, text.ids(), text.padding(), mode);
        token(losses, model.tokenHead().forward(encoded, text.padding(), mode), groundings);
        if (weights.stemWords() > 0) {
            List<int[][]> ofImages = new ArrayList<>();
            for (int b = 0; b < words.size(); b++) {
                if (owners.get(b) == ofImages.size()) {
                    ofImages.add(words.get(b));
                }
            }
            stemWords(losses, encoded.maps(), ofImages, mode);
        }
        if (weights.words() > 0) {
            words("words", losses, encoded.patches(), f -> model.words(f, mode), words, weights.words());
        }
        if (weights.set() > 0) {
            set(losses, model.queryHead().forward(encoded, mode), groundings);
        }
        if (weights.refine() + weights.mask() + weights.keypoints() > 0) {
            regions(losses, images, encoded, groundings, mode);
        }
    }

    private void token(StepLosses losses, TokenHead.Output output, List<Framed.Grounding> groundings) {
        NDManager manager = output.attention().getManager();
        int batch = groundings.size();
        long patches = output.attention().getShape().get(1);
        float[] share = new float[batch * (int) patches];
        float[] referent = new float[batch * (int) patches];
        float[] present = new float[batch];
        for (int b = 0; b < batch; b++) {
            System.arraycopy(groundings.get(b).share(), 0, share, b * (int) patches, (int) patches);
            System.arraycopy(groundings.get(b).referent(), 0, referent, b * (int) patches, (int) patches);
            present[b] = groundings.get(b).boxes().isEmpty() ? 0 : 1;
        }
        Shape shape = new Shape(batch, patches);
        double found = Math.max(
                1, groundings.stream().filter(g -> !g.boxes().isEmpty()).count());
        losses.add(
                "attention",
                Intermediates.freeing(() -> Constants.scale(
                        output.attention()
                                .logSoftmax(1)
                                .mul(Constants.of(manager, share, shape))
                                .sum(),
                        -1 / found)),
                weights.attention());
        losses.add(
                "referent",
                Intermediates.freeing(
                        () -> MaskLoss.binaryCrossEntropy(output.referent(), Constants.of(manager, referent, shape))
                                .mean()),
                weights.referent());
        losses.add(
                "presence",
                Intermediates.freeing(() -> MaskLoss.binaryCrossEntropy(
                                output.presence().expandDims(1), Constants.of(manager, present, new Shape(batch, 1)))
                        .mean()),
                weights.presence());
        List<Integer> single = indices(groundings, g -> g.boxes().size() == 1);
        if (!single.isEmpty()) {
            losses.add(
                    "box",
                    Intermediates.freeing(() -> boxLoss(
                            rows(output.box(), single),
                            boxes(
                                    manager,
                                    single.stream()
                                            .map(b -> groundings.get(b).boxes().get(0))
                                            .toList()))),
                    weights.box());
        }
    }

    /**
     * Adds what pictures teach without any expression.
     *
     * @param images (I, 3, S, S)
     * @param words of the patches of each image
     */
    void addSeen(StepLosses losses, NDArray images, List<int[][]> words, Mode mode) {
        stemWords(losses, model.encoder().forwardStem(images, mode).maps(), words, mode);
    }

    private void stemWords(StepLosses losses, List<NDArray> maps, List<int[][]> words, Mode mode) {
        NDArray patches = PatchEmbed.tokens(maps.get(maps.size() - 1));
        words(
                "stem_words",
                losses,
                patches,
                f -> model.encoder().stemWords().logits(f, mode),
                words,
                weights.stemWords());
    }

    /**
     * Each patch on an object tells the object's words: visual features and word embeddings meet.
     *
     * @param patches (B, N, D)
     * @param head features (R, D) to logits (R, V)
     * @param words of the patches of each row
     */
    private static void words(
            String name,
            StepLosses losses,
            NDArray patches,
            UnaryOperator<NDArray> head,
            List<int[][]> words,
            double weight) {
        List<Integer> rows = new ArrayList<>();
        List<int[]> tokens = new ArrayList<>();
        for (int b = 0; b < words.size(); b++) {
            int[][] said = words.get(b);
            for (int i = 0; i < said.length; i++) {
                if (said[i].length > 0) {
                    rows.add(b * said.length + i);
                    tokens.add(said[i]);
                }
            }
        }
        if (rows.isEmpty()) {
            return;
        }
        int longest = tokens.stream().mapToInt(t -> t.length).max().orElse(1);
        long[] ids = new long[rows.size() * longest];
        float[] shares = new float[ids.length];
        for (int r = 0; r < rows.size(); r++) {
            int[] said = tokens.get(r);
            for (int t = 0; t < said.length; t++) {
                ids[r * longest + t] = said[t];
                shares[r * longest + t] = 1f / said.length;
            }
        }
        NDManager manager = patches.getManager();
        Shape shape = new Shape(rows.size(), longest);
        losses.add(
                name,
                Intermediates.freeing(() -> {
                    NDArray flat = rows(patches.reshape(-1, patches.getShape().get(2)), rows);
                    NDArray picked = head.apply(flat)
                            .logSoftmax(1)
                            .gather(manager.create(ids, shape).duplicate(), 1);
                    return Constants.scale(
                            picked.mul(Constants.of(manager, shares, shape)).sum(), -1.0 / rows.size());
                }),
                weight);
    }

    private void set(StepLosses losses, QueryHead.Output output, List<Framed.Grounding> groundings) {
        List<SetLoss> layers = SET.layers(
                output.logits(),
                output.boxes(),
                groundings.stream().map(Framed.Grounding::boxes).toList());
        for (int i = 0; i < layers.size(); i++) {
            losses.add("set" + i, layers.get(i).total(), weights.set() / layers.size());
        }
    }

    private void regions(
            StepLosses losses,
            NDArray images,
            Beit3Encoder.Encoded encoded,
            List<Framed.Grounding> groundings,
            Mode mode) {
        List<RegionHead.Region> regions = new ArrayList<>();
        List<Framed.Look> looks = new ArrayList<>();
        for (int b = 0; b < groundings.size(); b++) {
            for (Framed.Look look : groundings.get(b).looks()) {
                regions.add(new RegionHead.Region(b, look.region()));
                looks.add(look);
            }
        }
        if (looks.isEmpty()) {
            return;
        }
        RegionHead head = model.regionHead();
        RegionHead.Look look = head.look(images, encoded, regions, mode);
        NDManager manager = images.getManager();
        losses.add(
                "refine",
                Intermediates.freeing(() -> boxLoss(
                        head.refine(look, mode),
                        boxes(manager, looks.stream().map(Framed.Look::box).toList()))),
                weights.refine());
        NDArray maps = head.maps(look); // (R, 1 + K, G, G)
        masks(losses, maps, looks);
        keypoints(losses, maps, head.visible(look, mode), looks);
    }

    private void masks(StepLosses losses, NDArray maps, List<Framed.Look> looks) {
        List<Integer> masked = indices(looks, l -> l.mask().length > 0);
        if (masked.isEmpty()) {
            return;
        }
        NDManager manager = maps.getManager();
        long cells = maps.getShape().get(2) * maps.getShape().get(3);
        float[] target = new float[masked.size() * (int) cells];
        for (int i = 0; i < masked.size(); i++) {
            System.arraycopy(looks.get(masked.get(i)).mask(), 0, target, i * (int) cells, (int) cells);
        }
        losses.add(
                "mask",
                Intermediates.freeing(() -> {
                    NDArray logits = rows(maps, masked).get(new NDIndex(":, 0")).reshape(masked.size(), cells);
                    NDArray wanted = Constants.of(manager, target, new Shape(masked.size(), cells));
                    return MaskLoss.binaryCrossEntropy(logits, wanted)
                            .add(MaskLoss.dice(logits, wanted))
                            .mean();
                }),
                weights.mask());
    }

    private void keypoints(StepLosses losses, NDArray maps, NDArray visible, List<Framed.Look> looks) {
        List<Integer> posed = indices(looks, l -> l.keypoints().length > 0);
        VilamConfig config = model.config();
        int count = config.heads().keypoints();
        if (posed.isEmpty() || count == 0) {
            return;
        }
        int grid = config.heads().regionGrid();
        float[] heat = new float[posed.size() * count * grid * grid];
        float[] seen = new float[posed.size() * count];
        float[] place = new float[posed.size() * count * 2];
        float[] known = new float[posed.size() * count];
        for (int i = 0; i < posed.size(); i++) {
            float[] xyv = looks.get(posed.get(i)).keypoints();
            for (int k = 0; k < count; k++) {
                int at = i * count + k;
                float x = xyv[3 * k];
                float y = xyv[3 * k + 1];
                boolean inside = xyv[3 * k + 2] > 0 && x > 0 && x < 1 && y > 0 && y < 1;
                seen[at] = xyv[3 * k + 2] == 2 ? 1 : 0;
                known[at] = inside ? 1 : 0;
                place[2 * at] = x;
                place[2 * at + 1] = y;
                if (inside) {
                    splat(heat, at * grid * grid, grid, x, y);
                }
            }
        }
        NDManager manager = maps.getManager();
        double total = Math.max(1, sum(known));
        losses.add(
                "keypoints",
                Intermediates.freeing(() -> {
                    NDArray logits = rows(maps, posed)
                            .get(new NDIndex(":, 1:"))
                            .reshape((long) posed.size() * count, (long) grid * grid);
                    NDArray wanted = Constants.of(manager, heat, logits.getShape());
                    NDArray cross =
                            Constants.scale(logits.logSoftmax(1).mul(wanted).sum(), -0.2 / total);
                    NDArray expected = logits.softmax(1).matMul(cells(manager, grid)); // (R * K, 2)
                    NDArray off = expected.sub(Constants.of(manager, place, expected.getShape()))
                            .abs()
                            .sum(new int[] {1})
                            .mul(Constants.of(manager, known, new Shape(known.length)));
                    NDArray seeing = MaskLoss.binaryCrossEntropy(
                                    rows(visible, posed), Constants.of(manager, seen, new Shape(posed.size(), count)))
                            .mean();
                    return cross.add(Constants.scale(off.sum(), 3 / total)).add(Constants.scale(seeing, 0.3));
                }),
                weights.keypoints());
    }

    private static void splat(float[] heat, int at, int grid, float x, float y) {
        double sum = 0;
        for (int i = 0; i < grid * grid; i++) {
            double dx = (i % grid + 0.5) - x * grid;
            double dy = (Math.floorDiv(i, grid) + 0.5) - y * grid;
            heat[at + i] = (float) Math.exp(-(dx * dx + dy * dy) / (2 * HEAT * HEAT));
            sum += heat[at + i];
        }
        for (int i = 0; i < grid * grid; i++) {
            heat[at + i] /= (float) sum;
        }
    }

    /** The centres (x, y) of the cells, (G * G, 2). */
    private static NDArray cells(NDManager manager, int grid) {
        float[] values = new float[2 * grid * grid];
        for (int i = 0; i < grid * grid; i++) {
            values[2 * i] = (i % grid + 0.5f) / grid;
            values[2 * i + 1] = (Math.floorDiv(i, grid) + 0.5f) / grid;
        }
        return Constants.of(manager, values, new Shape((long) grid * grid, 2));
    }

    static NDArray boxLoss(NDArray predicted, NDArray target) {
        NDArray l1 = Constants.scale(BoxLoss.l1(predicted, target).mean(), L1);
        NDArray giou = BoxLoss.giou(predicted, target, 1e-6).neg().add(1).mean();
        return l1.add(Constants.scale(giou, GIOU));
    }

    static NDArray boxes(NDManager manager, List<Box> boxes) {
        float[] values = new float[4 * boxes.size()];
        for (int i = 0; i < boxes.size(); i++) {
            double[] b = boxes.get(i).toCxcywh();
            for (int k = 0; k < 4; k++) {
                values[4 * i + k] = (float) b[k];
            }
        }
        return Constants.of(manager, values, new Shape(boxes.size(), 4));
    }

    /** Rows of the first axis. */
    static NDArray rows(NDArray x, List<Integer> rows) {
        try (NDArray borrowed = x.getManager()
                        .create(rows.stream().mapToLong(Integer::longValue).toArray());
                NDArray index = borrowed.duplicate()) {
            return x.get(new NDIndex("{}", index));
        }
    }

    private static <T> List<Integer> indices(List<T> items, Predicate<T> wanted) {
        List<Integer> out = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            if (wanted.test(items.get(i))) {
                out.add(i);
            }
        }
        return out;
    }

    private static double sum(float[] values) {
        double sum = 0;
        for (float v : values) {
            sum += v;
        }
        return sum;
    }

    /** Texts of different lengths side by side: ids (B, T) and 1 where there is padding (B, T). */
    record TextBatch(NDArray ids, NDArray padding) {
        static TextBatch of(NDManager manager, List<int[]> texts) {
            int longest =
                    Math.max(1, texts.stream().mapToInt(t -> t.length).max().orElse(1));
            long[] ids = new long[texts.size() * longest];
            float[] padding = new float[ids.length];
            java.util.Arrays.fill(padding, 1);
            for (int b = 0; b < texts.size(); b++) {
                int[] text = texts.get(b);
                for (int t = 0; t < text.length; t++) {
                    ids[b * longest + t] = text[t];
                    padding[b * longest + t] = 0;
                }
            }
            Shape shape = new Shape(texts.size(), longest);
            return new TextBatch(
                    manager.create(ids, shape).toType(DataType.INT64, true), Constants.of(manager, padding, shape));
        }
    }
}
