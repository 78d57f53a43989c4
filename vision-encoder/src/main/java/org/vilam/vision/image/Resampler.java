package org.vilam.vision.image;

import org.vilam.vision.tensor.AxisSampling;

/**
 * Brings images, masks and float images to another size, equal to Pillow, OpenCV and PyTorch to the last grey level.
 *
 * <p>Runs on the calling thread and keeps nothing. Memory beyond input and output stays near 32 MiB for 8-bit pictures of up
 * to a million pixels a side, whatever their shape.
 */
public final class Resampler {
    private Resampler() {}

    /**
     * An image of another size. The float filters of PyTorch are rounded half to even and clamped to 0..255 here, as
     * torchvision does for 8-bit tensors; {@link #resizeToFloat} keeps their fractions.
     *
     * @param width pixels across, at least 1
     * @param height pixels down, at least 1
     * @return the given image itself where the size stays
     * @throws IllegalArgumentException when the sides are not positive or the result has 2^31 bytes or more
     */
    public static RgbImage resize(RgbImage image, int width, int height, ResampleFilter filter) {
        checkSize(width, height, 3);
        if (width == image.width() && height == image.height()) {
            return image;
        }
        byte[] rgb = switch (filter) {
            case PIL_NEAREST, OPENCV_NEAREST, TORCH_NEAREST ->
                NearestResize.resize(image.rgb(), 3, image.width(), image.height(), width, height, filter);
            case PIL_BILINEAR -> new PilResize(image, width, height, AxisSampling::smoothedLinear).resize();
            case PIL_BICUBIC -> new PilResize(image, width, height, AxisSampling::smoothedCubic).resize();
            case OPENCV_LINEAR -> OpenCvLinear.resize(image, width, height);
            case TORCH_BILINEAR, TORCH_BICUBIC -> interleave(resizeToFloat(image, width, height, filter));
        };
        return new RgbImage(width, height, rgb);
    }

    /**
     * A one-channel image of another size whose values are copied, never mixed: masks and label maps.
     *
     * @param plane (height, width) row-major
     * @param filter one of the nearest filters
     * @return (toHeight, toWidth) row-major, a new array
     */
    public static byte[] resizePlane(
            byte[] plane, int width, int height, int toWidth, int toHeight, ResampleFilter filter) {
        checkSize(toWidth, toHeight, 1);
        if (!filter.nearest()) {
            throw new IllegalArgumentException("a mask is resized by a nearest filter, not by " + filter);
        }
        if (width < 1 || height < 1 || plane.length != (long) width * height) {
            throw new IllegalArgumentException(
                    "a plane of " + width + " x " + height + " does not have " + plane.length + " values");
        }
        return NearestResize.resize(plane, 1, width, height, toWidth, toHeight, filter);
    }

    /**
     * An 8-bit image as a float image of another size, without rounding.
     *
     * @param filter {@link ResampleFilter#TORCH_BILINEAR} or {@link ResampleFilter#TORCH_BICUBIC}
     * @return (3, height, width) row-major, on the scale 0..255; bicubic may leave that range
     */
    public static float[] resizeToFloat(RgbImage image, int width, int height, ResampleFilter filter) {
        checkSize(width, height, 3);
        byte[] rgb = image.rgb();
        int stride = 3 * image.width();
        return TorchResize.resize(
                (c, y, x) -> rgb[y * stride + 3 * x + c] & 0xFF,
                3,
                image.width(),
                image.height(),
                width,
                height,
                filter);
    }

    /**
     * A float image of another size.
     *
     * @param planes (channels, height, width) row-major, finite
     * @param filter {@link ResampleFilter#TORCH_BILINEAR} or {@link ResampleFilter#TORCH_BICUBIC}
     * @return (channels, toHeight, toWidth) row-major
     */
    public static float[] resizeFloat(
            float[] planes, int channels, int width, int height, int toWidth, int toHeight, ResampleFilter filter) {
        checkSize(toWidth, toHeight, channels);
        if (channels < 1 || width < 1 || height < 1 || planes.length != (long) channels * width * height) {
            throw new IllegalArgumentException("a float image of " + channels + " x " + height + " x " + width
                    + " does not have " + planes.length + " values");
        }
        return TorchResize.resize(
                (c, y, x) -> planes[(c * height + y) * width + x], channels, width, height, toWidth, toHeight, filter);
    }

    private static byte[] interleave(float[] planes) {
        int area = planes.length / 3;
        byte[] rgb = new byte[planes.length];
        for (int i = 0; i < area; i++) {
            for (int c = 0; c < 3; c++) {
                rgb[3 * i + c] = (byte) Math.min(Math.max(Math.rint(planes[c * area + i]), 0), 255);
            }
        }
        return rgb;
    }

    private static void checkSize(int width, int height, int channels) {
        if (width < 1 || height < 1 || (long) width * height > (Integer.MAX_VALUE - 8) / Math.max(channels, 1)) {
            throw new IllegalArgumentException("cannot make an image of " + width + " x " + height);
        }
    }
}
