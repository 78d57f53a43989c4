package org.vilam.training.sample;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.vilam.assistant.vilam.VilamConfig;
import org.vilam.grounding.head.RegionHead;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.geometry.CoordinateTransform;
import org.vilam.vision.geometry.Keypoint;
import org.vilam.vision.geometry.Mask;
import org.vilam.vision.geometry.Point;
import org.vilam.vision.geometry.Skeleton;
import org.vilam.vision.geometry.Visibility;
import org.vilam.vision.image.ImageProcessor;

/** Brings examples into the network's frame. Safe for several threads. */
public final class Framer {
    /** Objects of one expression that are looked at closely. */
    private static final int LOOKS = 1;
    /** Sub-cells along each side of a cell in which a mask is sampled. */
    private static final int SUPERSAMPLING = 3;

    private final ImageProcessor processor;
    private final Words words;
    private final VilamConfig config;
    private final int side;
    private final int unspokenAtMost;

    /** Words to tokens. */
    @FunctionalInterface
    public interface Words {
        /** The tokens of a text, without beginning or end. */
        int[] encode(String text);
    }

    /** A framer for a model's sizes. */
    public Framer(VilamConfig config, ImageProcessor processor, Words words) {
        this(config, processor, words, 0);
    }

    /**
     * As the three-argument form.
     *
     * @param unspokenAtMost objects of each picture that are made ready for cycle training
     */
    public Framer(VilamConfig config, ImageProcessor processor, Words words, int unspokenAtMost) {
        this.unspokenAtMost = unspokenAtMost;
        this.config = config;
        this.processor = processor;
        this.words = words;
        this.side = config.encoder().imgSize();
    }

    /**
     * Frames an example.
     *
     * @param random of the regions that are looked at: objects' boxes, shifted and scaled as predicted boxes are
     */
    public Framed frame(Example example, SplittableRandom random) {
        CoordinateTransform toFrame =
                processor.transform(example.image().width(), example.image().height());
        List<Framed.Grounding> groundings = new ArrayList<>();
        for (Example.Grounding grounding : example.groundings()) {
            groundings.add(frame(grounding, toFrame, random));
        }
        List<Framed.Telling> tellings = new ArrayList<>();
        for (Example.Telling telling : example.tellings()) {
            tellings.add(new Framed.Telling(
                    telling.region().map(box -> part(toFrame.apply(box))).orElse(null),
                    words.encode(telling.instruction()),
                    words.encode(" " + telling.answer())));
        }
        List<Framed.Grounding> unspoken = new ArrayList<>();
        List<Example.Thing> rest = new ArrayList<>(example.things());
        while (!rest.isEmpty() && unspoken.size() < unspokenAtMost) {
            Example.Thing thing = rest.remove(random.nextInt(rest.size()));
            unspoken.add(frame(new Example.Grounding("", List.of(thing.target())), toFrame, random));
        }
        return new Framed(
                processor.pixels(example.image()),
                patchWords(example, toFrame),
                groundings,
                tellings,
                unspoken,
                new Framed.Place(example.image().width(), example.image().height(), toFrame, side));
    }

    /** The tokens of a question or an answer. */
    public int[] tokens(String text) {
        return words.encode(text);
    }

    /** The tokens of an expression, cut to the longest the heads read. */
    public int[] expression(String text) {
        int[] ids = words.encode(" " + text.strip()); // so that a first word has the same token as any other
        return ids.length <= config.maxText() ? ids : java.util.Arrays.copyOf(ids, config.maxText());
    }

    private Framed.Grounding frame(Example.Grounding grounding, CoordinateTransform toFrame, SplittableRandom random) {
        int grid = config.encoder().grid();
        float[] share = new float[grid * grid];
        float[] referent = new float[grid * grid];
        List<Box> boxes = new ArrayList<>();
        for (Example.Target target : grounding.targets()) {
            boxes.add(part(toFrame.apply(target.box())));
            cover(target, toFrame, share, referent);
        }
        float sum = 0;
        for (float s : share) {
            sum += s;
        }
        for (int i = 0; i < share.length && sum > 0; i++) {
            share[i] /= sum;
        }
        List<Framed.Look> looks = new ArrayList<>();
        List<Example.Target> rest = new ArrayList<>(grounding.targets());
        while (!rest.isEmpty() && looks.size() < LOOKS) {
            looks.add(look(rest.remove(random.nextInt(rest.size())), toFrame, random));
        }
        return new Framed.Grounding(expression(grounding.expression()), boxes, share, referent, looks);
    }

    /** The words of the object that has most of a patch, where it has enough of it. */
    private int[][] patchWords(Example example, CoordinateTransform toFrame) {
        int patches = config.encoder().grid() * config.encoder().grid();
        int[][] out = new int[patches][0];
        double[] most = new double[patches];
        for (Example.Thing thing : example.things()) {
            Coverage coverage = coverage(thing.target(), toFrame);
            int[] ids = thing.words().isEmpty() ? new int[0] : words.encode(" " + thing.words());
            for (int i = 0; i < patches; i++) {
                double has = coverage.ofPatch(i);
                if (has > most[i] && (has >= 0.25 || coverage.ofObject(i) >= 0.4)) {
                    most[i] = has;
                    out[i] = ids;
                }
            }
        }
        return out;
    }

    /** Adds an object's pixels to the patches they lie in. */
    private void cover(Example.Target target, CoordinateTransform toFrame, float[] share, float[] referent) {
        Coverage coverage = coverage(target, toFrame);
        for (int i = 0; i < share.length; i++) {
            double ofObject = coverage.ofObject(i);
            share[i] += (float) ofObject;
            referent[i] = (float) Math.max(referent[i], Math.min(1, 2 * Math.max(coverage.ofPatch(i), ofObject)));
        }
    }

    /** How an object lies on the patches: samples of it in each, of it in all, and those a patch can hold. */
    @SuppressWarnings("ArrayRecordComponent") // used where it is made
    private record Coverage(int[] counts, int total, double capacity) {
        double ofPatch(int i) {
            return counts[i] / capacity;
        }

        double ofObject(int i) {
            return (double) counts[i] / Math.max(1, total);
        }
    }

    private Coverage coverage(Example.Target target, CoordinateTransform toFrame) {
        int grid = config.encoder().grid();
        Box box = target.box();
        Mask mask = target.mask();
        // At most about 48 x 48 samples: the shares need no more.
        double stepX = Math.max(1, box.width() / 48);
        double stepY = Math.max(1, box.height() / 48);
        int[] counts = new int[grid * grid];
        int total = 0;
        for (double y = box.y1() + stepY / 2; y < box.y2(); y += stepY) {
            double frameY = toFrame.scaleY() * y + toFrame.offsetY();
            int row = Math.min(grid - 1, Math.max(0, (int) (frameY / side * grid)));
            for (double x = box.x1() + stepX / 2; x < box.x2(); x += stepX) {
                if (mask == null || mask.get((int) x, (int) y)) {
                    double frameX = toFrame.scaleX() * x + toFrame.offsetX();
                    counts[row * grid + Math.min(grid - 1, Math.max(0, (int) (frameX / side * grid)))]++;
                    total++;
                }
            }
        }
        return new Coverage(
                counts,
                total,
                Math.pow((double) side / grid, 2) / (stepX * toFrame.scaleX() * stepY * toFrame.scaleY()));
    }

    private Framed.Look look(Example.Target target, CoordinateTransform toFrame, SplittableRandom random) {
        Box box = part(toFrame.apply(target.box()));
        double w = box.width() * Math.exp(0.3 * (random.nextDouble() * 2 - 1));
        double h = box.height() * Math.exp(0.3 * (random.nextDouble() * 2 - 1));
        Box region = Box.ofCxcywh(
                box.centre().x() + 0.2 * w * (random.nextDouble() * 2 - 1),
                box.centre().y() + 0.2 * h * (random.nextDouble() * 2 - 1),
                w,
                h);
        Box view = new RegionHead.Region(0, region).view();
        CoordinateTransform back = toFrame.inverse();
        int grid = config.heads().regionGrid();
        Mask known = target.mask();
        float[] mask = new float[known == null ? 0 : grid * grid];
        if (known != null) {
            sample(known, view, back, mask);
        }
        return new Framed.Look(region, box, mask, keypoints(target.keypoints(), view, toFrame));
    }

    private void sample(Mask mask, Box view, CoordinateTransform back, float[] cells) {
        int grid = config.heads().regionGrid();
        int fine = grid * SUPERSAMPLING;
        for (int i = 0; i < fine; i++) {
            double frameY = (view.y1() + (i + 0.5) / fine * view.height()) * side;
            int y = (int) Math.floor(frameY * back.scaleY() + back.offsetY());
            if (y < 0 || y >= mask.height()) {
                continue;
            }
            for (int j = 0; j < fine; j++) {
                double frameX = (view.x1() + (j + 0.5) / fine * view.width()) * side;
                int x = (int) Math.floor(frameX * back.scaleX() + back.offsetX());
                if (x >= 0 && x < mask.width() && mask.get(x, y)) {
                    cells[i / SUPERSAMPLING * grid + j / SUPERSAMPLING] += 1f / (SUPERSAMPLING * SUPERSAMPLING);
                }
            }
        }
    }

    private float[] keypoints(List<Keypoint> keypoints, Box view, CoordinateTransform toFrame) {
        if (keypoints.isEmpty() || config.heads().keypoints() == 0) {
            return new float[0];
        }
        List<String> names = Skeleton.COCO_PERSON.names();
        float[] out = new float[3 * config.heads().keypoints()];
        for (Keypoint keypoint : keypoints) {
            int k = names.indexOf(keypoint.name());
            Point point = keypoint.point();
            if (k >= 0 && point != null) {
                Point p = toFrame.apply(point);
                out[3 * k] = (float) ((p.x() / side - view.x1()) / view.width());
                out[3 * k + 1] = (float) ((p.y() / side - view.y1()) / view.height());
                out[3 * k + 2] = keypoint.visibility() == Visibility.VISIBLE ? 2 : 1;
            }
        }
        return out;
    }

    private Box part(Box inFrame) {
        return new Box(inFrame.x1() / side, inFrame.y1() / side, inFrame.x2() / side, inFrame.y2() / side);
    }
}
