package org.vilam.vision.image;

import org.vilam.vision.tensor.AxisSampling;

/** Resampling by copying one source pixel for each output pixel, after Pillow, OpenCV or PyTorch. */
final class NearestResize {
    private NearestResize() {}

    /** {@code pixels} is (height, width, channels) row-major; the filter is one of the nearest ones. */
    static byte[] resize(
            byte[] pixels, int channels, int width, int height, int toWidth, int toHeight, ResampleFilter filter) {
        int[] columns = indices(width, toWidth, filter);
        int[] rows = indices(height, toHeight, filter);
        byte[] result = new byte[toWidth * toHeight * channels];
        int at = 0;
        for (int y = 0; y < toHeight; y++) {
            int row = rows[y] * width;
            for (int x = 0; x < toWidth; x++) {
                int from = (row + columns[x]) * channels;
                for (int c = 0; c < channels; c++) {
                    result[at++] = pixels[from + c];
                }
            }
        }
        return result;
    }

    private static int[] indices(int source, int size, ResampleFilter filter) {
        int[] indices = new int[size];
        switch (filter) {
            case PIL_NEAREST -> {
                // Geometry.c, ImagingScaleAffine: the position is summed up, not multiplied out, and so are its errors.
                double step = (double) source / size;
                double at = step * 0.5;
                for (int i = 0; i < size; i++) {
                    indices[i] = Math.min((int) at, source - 1);
                    at += step;
                }
            }
            case OPENCV_NEAREST -> {
                // resize.cpp, resizeNN: two divisions in double; i * source / size differs for some sizes.
                double step = 1 / ((double) size / source);
                for (int i = 0; i < size; i++) {
                    indices[i] = Math.min((int) Math.floor(i * step), source - 1);
                }
            }
            case TORCH_NEAREST -> {
                AxisSampling sampling = AxisSampling.nearest(source, size, (double) source / size, true);
                for (int i = 0; i < size; i++) {
                    indices[i] = sampling.first(i);
                }
            }
            default -> throw new IllegalArgumentException(filter + " is no nearest filter");
        }
        return indices;
    }
}
