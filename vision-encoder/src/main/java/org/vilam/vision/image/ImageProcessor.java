package org.vilam.vision.image;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.vilam.vision.geometry.CoordinateTransform;
import org.vilam.vision.image.FitMode.Placement;
import org.vilam.vision.image.ImageProcessorConfig.Padding;

/**
 * Makes network inputs from pictures: resize, pad, rescale, normalise. Holds tables only, so one object serves all threads.
 */
public final class ImageProcessor {
    private final ImageProcessorConfig config;
    private final int width;
    private final int height;
    /** (3, 256): the network input of each grey level. */
    private final float[][] levels = new float[3][256];

    private final float[] padding = new float[3];

    /** A processor for one configuration. */
    public ImageProcessor(ImageProcessorConfig config) {
        this.config = Objects.requireNonNull(config, "config");
        width = config.size().width();
        height = config.size().height();
        for (int c = 0; c < 3; c++) {
            for (int level = 0; level < 256; level++) {
                levels[c][level] = normalized(c, level);
            }
            double fill = config.padding().value().get(c);
            padding[c] =
                    config.padding().stage() == Padding.Stage.BEFORE_NORMALIZATION ? normalized(c, fill) : (float) fill;
        }
    }

    /** What this processor does. */
    public ImageProcessorConfig config() {
        return config;
    }

    /** The way from pixels of a picture of this size to pixels of the network's frame. */
    public CoordinateTransform transform(int imageWidth, int imageHeight) {
        return place(imageWidth, imageHeight).transform();
    }

    /** One picture as a batch of one. */
    public ProcessedImages process(NDManager manager, RgbImage image) {
        return process(manager, List.of(image));
    }

    /**
     * Pictures of any sizes as one batch.
     *
     * @param manager owns the result
     * @param images at least one
     */
    public ProcessedImages process(NDManager manager, List<RgbImage> images) {
        if (images.isEmpty()) {
            throw new IllegalArgumentException("a batch has at least one picture");
        }
        int area = width * height;
        ByteBuffer pixels = ByteBuffer.allocateDirect(Math.multiplyExact(12 * images.size(), area))
                .order(ByteOrder.nativeOrder());
        FloatBuffer values = pixels.asFloatBuffer();
        ByteBuffer mask = ByteBuffer.allocateDirect(Math.multiplyExact(images.size(), area));
        List<CoordinateTransform> transforms = new ArrayList<>();
        for (int i = 0; i < images.size(); i++) {
            transforms.add(
                    fill(images.get(i), values, 3 * i * area, mask, i * area).transform());
        }
        Shape frame = new Shape(images.size(), height, width);
        NDArray pixelValues = manager.create(pixels, new Shape(images.size(), 3, height, width), DataType.FLOAT32);
        return new ProcessedImages(pixelValues, manager.create(mask, frame, DataType.BOOLEAN), transforms);
    }

    /** One picture as plain numbers, (3, H, W) row-major: what training makes on threads of its own. */
    public float[] pixels(RgbImage image) {
        int area = width * height;
        FloatBuffer values = FloatBuffer.allocate(3 * area);
        fill(image, values, 0, ByteBuffer.allocate(area), 0);
        return values.array();
    }

    /** Writes one picture from {@code at} on, and 1 into its mask where there is padding. */
    private Placement fill(RgbImage image, FloatBuffer values, int at, ByteBuffer mask, int maskAt) {
        Placement place = place(image.width(), image.height());
        fillPadding(place, values, at, mask, maskAt);
        int corner = at + place.top() * width + place.left();
        if (config.resample().continuous()) {
            fillFloats(image, place, values, corner);
        } else {
            fillLevels(image, place, values, corner);
        }
        return place;
    }

    /**
     * A target mask of a picture in the network's frame, 0 where there is padding.
     *
     * @param mask (imageHeight, imageWidth) row-major labels
     * @return (H, W) row-major
     */
    public byte[] processMask(byte[] mask, int imageWidth, int imageHeight) {
        Placement place = place(imageWidth, imageHeight);
        byte[] resized = Resampler.resizePlane(
                mask, imageWidth, imageHeight, place.width(), place.height(), config.maskResample());
        byte[] framed = new byte[width * height];
        for (int y = 0; y < place.height(); y++) {
            int to = (place.top() + y) * width + place.left();
            System.arraycopy(resized, y * place.width(), framed, to, place.width());
        }
        return framed;
    }

    private Placement place(int imageWidth, int imageHeight) {
        if (imageWidth < 1 || imageHeight < 1) {
            throw new IllegalArgumentException("no picture is " + imageWidth + " x " + imageHeight);
        }
        return config.fit().place(imageWidth, imageHeight, width, height);
    }

    private float normalized(int channel, double level) {
        return (float) ((level * config.rescaleFactor() - config.imageMean().get(channel))
                / config.imageStd().get(channel));
    }

    private void fillPadding(Placement place, FloatBuffer values, int at, ByteBuffer mask, int maskAt) {
        int bottom = place.top() + place.height();
        int right = place.left() + place.width();
        for (int y = 0; y < height; y++) {
            boolean beside = y >= place.top() && y < bottom;
            for (int x = 0; x < width; x++) {
                if (beside && x >= place.left() && x < right) {
                    x = right - 1;
                    continue;
                }
                int pixel = y * width + x;
                mask.put(maskAt + pixel, (byte) 1);
                for (int c = 0; c < 3; c++) {
                    values.put(at + c * width * height + pixel, padding[c]);
                }
            }
        }
    }

    /** {@code corner} is where the picture's first red value goes. */
    private void fillLevels(RgbImage image, Placement place, FloatBuffer values, int corner) {
        byte[] rgb = Resampler.resize(image, place.width(), place.height(), config.resample())
                .rgb();
        float[] row = new float[place.width()];
        for (int c = 0; c < 3; c++) {
            float[] table = levels[c];
            for (int y = 0; y < place.height(); y++) {
                int from = 3 * y * place.width() + c;
                for (int x = 0; x < row.length; x++) {
                    row[x] = table[rgb[from + 3 * x] & 0xFF];
                }
                values.put(corner + (c * height + y) * width, row);
            }
        }
    }

    private void fillFloats(RgbImage image, Placement place, FloatBuffer values, int corner) {
        float[] resized = Resampler.resizeToFloat(image, place.width(), place.height(), config.resample());
        int from = 0;
        for (int c = 0; c < 3; c++) {
            for (int y = 0; y < place.height(); y++) {
                for (int x = 0; x < place.width(); x++) {
                    values.put(corner + (c * height + y) * width + x, normalized(c, resized[from++]));
                }
            }
        }
    }
}
