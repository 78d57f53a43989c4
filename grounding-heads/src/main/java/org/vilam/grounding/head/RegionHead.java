package org.vilam.grounding.head;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import org.vilam.vision.beit3.Beit3Encoder;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.tensor.Activation;
import org.vilam.vision.tensor.Constants;
import org.vilam.vision.tensor.ConvStem;
import org.vilam.vision.tensor.Initializer;
import org.vilam.vision.tensor.Intermediates;
import org.vilam.vision.tensor.Linear;
import org.vilam.vision.tensor.Mode;
import org.vilam.vision.tensor.Operations;
import org.vilam.vision.tensor.ParameterScope;

/**
 * A closer look at regions: the pixels, the stem's map of a quarter of the resolution and the encoder's patches are cut out
 * around a box and go through a few convolutions, from which the box is refined, its mask and keypoints are drawn, and tokens
 * are made that stand for the region before the language model (Mask R-CNN, He et al. 2017).
 *
 * <p>Letters: B batch, R regions, D the encoder's width, S the stem's channels, C channels, G grid, K keypoints.
 */
public final class RegionHead {
    /** The look is wider than the box by this factor, so that an edge that was cut off can be seen. */
    public static final double CONTEXT = 1.3;

    private static final int POOLED = 4;

    private final HeadConfig config;
    private final int grid;
    private final Linear patches;
    private final List<Convolution> trunk = new ArrayList<>();
    private final Convolution maps;
    private final Linear hidden;
    private final Linear box;
    private final Linear visible;
    private final Linear tokens;

    private record Convolution(NDArray weight, NDArray bias, int padding) {
        static Convolution of(ParameterScope p, long in, long out, int kernel) {
            Initializer weight = kernel == 1 ? Linear.DEFAULT_WEIGHT : Initializer.kaimingUniform(0);
            return new Convolution(
                    p.get("weight", new Shape(out, in, kernel, kernel), weight),
                    p.get("bias", new Shape(out), Initializer.zeros()),
                    kernel / 2);
        }

        NDArray forward(NDArray x, Mode mode) {
            return mode.isMixed()
                    ? Operations.get().mixedConv2d(x, weight, bias, 1, padding, 1)
                    : Operations.get().conv2d(x, weight, bias, 1, padding, 1);
        }
    }

    /**
     * Builds the head.
     *
     * @param width D
     * @param patchSize of the encoder's convolutional stem, at least 4
     * @param grid patches along one side
     * @param tokenWidth of the region tokens
     */
    public RegionHead(ParameterScope p, HeadConfig config, int width, int patchSize, int grid, int tokenWidth) {
        int channels = config.regionWidth();
        this.config = config;
        this.grid = grid;
        this.patches = new Linear(p.scope("patches"), width, channels, true);
        long in = 3 + ConvStem.channels(patchSize, width, 1) + channels;
        for (int i = 0; i < config.regionLayers(); i++) {
            trunk.add(Convolution.of(p.scope("trunk").scope(i), in, channels, 3));
            in = channels;
        }
        this.maps = Convolution.of(p.scope("maps"), channels, 1L + config.keypoints(), 1);
        int pooled = channels * POOLED * POOLED;
        this.hidden = new Linear(p.scope("hidden"), pooled, width, true);
        this.box = new Linear(p.scope("box"), width, 4, true, Initializer.normal(0.001));
        this.visible = new Linear(p.scope("visible"), width, Math.max(1, config.keypoints()), true);
        this.tokens = new Linear(p.scope("tokens"), pooled + width, (long) config.regionTokens() * tokenWidth, true);
    }

    /**
     * A region to look at.
     *
     * @param image which row of what was encoded
     * @param box parts 0..1 of the network input's sides
     */
    public record Region(int image, Box box) {
        /** What is looked at: the box, each side counting as at least a fiftieth of the frame's, widened by {@link #CONTEXT}. */
        public Box view() {
            double w = Math.max(box.width(), 0.02) * CONTEXT;
            double h = Math.max(box.height(), 0.02) * CONTEXT;
            return Box.ofCxcywh(box.centre().x(), box.centre().y(), w, h);
        }
    }

    /** The features of regions, from which all answers are read: (R, C, G, G), and pooled (R, C * 4 * 4). */
    public record Look(List<Region> regions, NDArray features, NDArray pooled) {
        /** Copies the list. */
        public Look {
            regions = List.copyOf(regions);
        }
    }

    /**
     * Looks.
     *
     * @param images (I, 3, height, width), what was encoded
     * @param encoded of an encoder with a convolutional stem, with or without a text
     * @param regions at least one
     */
    public Look look(NDArray images, Beit3Encoder.Encoded encoded, List<Region> regions, Mode mode) {
        if (regions.isEmpty()) {
            throw new IllegalArgumentException("there is no region to look at");
        }
        List<RegionSampler.Region> views = regions.stream()
                .map(r -> new RegionSampler.Region(r.image(), r.view()))
                .toList();
        RegionSampler sampler = new RegionSampler(views, config.regionGrid());
        RegionSampler ofImages = new RegionSampler(
                views.stream()
                        .map(v -> new RegionSampler.Region(encoded.image(v.image()), v.box()))
                        .toList(),
                config.regionGrid());
        NDArray features = Intermediates.freeing(() -> {
            NDArray coarse = patches.forward(encoded.patches(), mode) // (B, N, C)
                    .transpose(0, 2, 1)
                    .reshape(-1, config.regionWidth(), grid, grid);
            NDList parts = new NDList(
                    ofImages.sample(images), ofImages.sample(encoded.maps().get(1)), sampler.sample(coarse));
            NDArray x = NDArrays.concat(parts, 1); // (R, 3 + S + C, G, G)
            for (Convolution convolution : trunk) {
                x = Activation.GELU.apply(convolution.forward(x, mode)); // (R, C, G, G)
            }
            return x;
        });
        NDArray pooled = Intermediates.freeing(() -> {
            int cell = config.regionGrid() / POOLED;
            return features.reshape(regions.size(), config.regionWidth(), POOLED, cell, POOLED, cell)
                    .mean(new int[] {5})
                    .mean(new int[] {3})
                    .reshape(regions.size(), -1);
        });
        return new Look(regions, features, pooled);
    }

    /** Logits of the mask and of the K keypoints' heat over the cells of each region's view: (R, 1 + K, G, G). */
    public NDArray maps(Look look) {
        return maps.forward(look.features(), Mode.INFERENCE);
    }

    /**
     * Refined boxes: the step from the region's box, (dx, dy, log dw, log dh) with the offsets in parts of its sides (R-CNN,
     * Girshick et al. 2014, appendix C). The logarithms go through tanh: a side grows or shrinks by at most e.
     *
     * @return (R, 4) boxes (centre x, centre y, width, height)
     */
    public NDArray refine(Look look, Mode mode) {
        return Intermediates.freeing(() -> {
            NDArray step = box.forward(deep(look, mode)); // (R, 4)
            NDArray from = boxes(look); // (R, 4)
            NDArray size = from.get(new NDIndex(":, 2:"));
            NDArray centre = from.get(new NDIndex(":, :2"))
                    .add(step.get(new NDIndex(":, :2")).mul(size));
            return centre.concat(step.get(new NDIndex(":, 2:")).tanh().exp().mul(size), 1);
        });
    }

    /** Logits that each keypoint can be seen, (R, K); (R, 1) of no meaning where the head knows no keypoints. */
    public NDArray visible(Look look, Mode mode) {
        return Intermediates.freeing(() -> visible.forward(deep(look, mode)));
    }

    /**
     * The tokens that stand for the regions.
     *
     * @param encoded what was looked at
     * @return (R, tokens, tokenWidth)
     */
    public NDArray tokens(Look look, Beit3Encoder.Encoded encoded, Mode mode) {
        return Intermediates.freeing(() -> {
            NDArray mean = average(look, encoded.patches()); // (R, D)
            return tokens.forward(look.pooled().concat(mean, 1), mode)
                    .reshape(look.regions().size(), config.regionTokens(), -1);
        });
    }

    /**
     * What patches hold inside each region, on average.
     *
     * @param patches (B, N, C)
     * @return (R, C)
     */
    public NDArray average(Look look, NDArray patches) {
        List<RegionSampler.Region> boxes = look.regions().stream()
                .map(r -> new RegionSampler.Region(r.image(), r.box()))
                .toList();
        Shape shape = patches.getShape();
        return Intermediates.freeing(() -> {
            NDArray map = patches.transpose(0, 2, 1).reshape(shape.get(0), shape.get(2), grid, grid);
            return new RegionSampler(boxes, 1).sample(map).reshape(boxes.size(), shape.get(2));
        });
    }

    private NDArray deep(Look look, Mode mode) {
        return Activation.GELU.apply(hidden.forward(look.pooled(), mode)); // (R, D)
    }

    private static NDArray boxes(Look look) {
        int count = look.regions().size();
        float[] values = new float[4 * count];
        for (int i = 0; i < count; i++) {
            double[] b = look.regions().get(i).box().toCxcywh();
            for (int k = 0; k < 4; k++) {
                values[4 * i + k] = (float) b[k];
            }
        }
        return Constants.of(look.pooled().getManager(), values, new Shape(count, 4));
    }
}
