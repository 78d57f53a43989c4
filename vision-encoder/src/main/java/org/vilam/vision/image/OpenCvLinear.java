package org.vilam.vision.image;

/**
 * OpenCV's {@code INTER_LINEAR} on 8-bit images ({@code modules/imgproc/src/resize.cpp}: {@code HResizeLinear},
 * {@code VResizeLinear} with {@code FixedPtCast}): 11-bit weights, whole horizontal sums, and two truncations in the
 * vertical step that the vector instructions of the original impose.
 */
final class OpenCvLinear {
    private static final int ONE = 1 << 11;

    private OpenCvLinear() {}

    static byte[] resize(RgbImage image, int toWidth, int toHeight) {
        if (image.width() == 2L * toWidth && image.height() == 2L * toHeight) {
            return halve(image, toWidth, toHeight);
        }
        Axis across = new Axis(image.width(), toWidth);
        across.keepBorder();
        Axis down = new Axis(image.height(), toHeight);
        byte[] result = new byte[3 * toWidth * toHeight];
        int[] upper = new int[3 * toWidth];
        int[] lower = new int[3 * toWidth];
        int upperRow = -1;
        int lowerRow = -1;
        int at = 0;
        for (int y = 0; y < toHeight; y++) {
            int row0 = clamp(down.index[y], image.height());
            int row1 = clamp(down.index[y] + 1, image.height());
            if (row0 == lowerRow) {
                int[] spare = upper;
                upper = lower;
                lower = spare;
                lowerRow = upperRow;
                upperRow = row0;
            }
            if (row0 != upperRow) {
                horizontal(image, row0, across, upper);
                upperRow = row0;
            }
            if (row1 != lowerRow) {
                horizontal(image, row1, across, lower);
                lowerRow = row1;
            }
            int b0 = down.weight0[y];
            int b1 = down.weight1[y];
            for (int i = 0; i < upper.length; i++) {
                int sum = ((b0 * (upper[i] >> 4)) >> 16) + ((b1 * (lower[i] >> 4)) >> 16);
                result[at++] = (byte) ((sum + 2) >> 2);
            }
        }
        return result;
    }

    private static void horizontal(RgbImage image, int row, Axis across, int[] sums) {
        byte[] rgb = image.rgb();
        int start = row * image.width() * 3;
        int at = 0;
        for (int x = 0; x < across.index.length; x++) {
            int left = start + across.index[x] * 3;
            // At the right border weight 1 is 0 and the neighbour must not be read: it is the next row's.
            int right = across.weight1[x] == 0 ? left : left + 3;
            int a0 = across.weight0[x];
            int a1 = across.weight1[x];
            for (int c = 0; c < 3; c++) {
                sums[at++] = (rgb[left + c] & 0xFF) * a0 + (rgb[right + c] & 0xFF) * a1;
            }
        }
    }

    /** Exactly half of both sides: OpenCV switches to INTER_AREA, the rounded mean of 2 x 2 pixels. */
    private static byte[] halve(RgbImage image, int toWidth, int toHeight) {
        byte[] rgb = image.rgb();
        int stride = 3 * image.width();
        byte[] result = new byte[3 * toWidth * toHeight];
        int at = 0;
        for (int y = 0; y < toHeight; y++) {
            for (int x = 0; x < toWidth; x++) {
                int from = 2 * y * stride + 6 * x;
                for (int c = 0; c < 3; c++, from++) {
                    int sum = (rgb[from] & 0xFF)
                            + (rgb[from + 3] & 0xFF)
                            + (rgb[from + stride] & 0xFF)
                            + (rgb[from + stride + 3] & 0xFF);
                    result[at++] = (byte) ((sum + 2) >> 2);
                }
            }
        }
        return result;
    }

    private static int clamp(int at, int length) {
        return Math.min(Math.max(at, 0), length - 1);
    }

    /** Lower neighbour and 11-bit weights of every output position; the neighbour is -1 before the first centre. */
    private static final class Axis {
        private final int source;
        private final int[] index;
        private final int[] weight0;
        private final int[] weight1;

        Axis(int source, int size) {
            this.source = source;
            index = new int[size];
            weight0 = new int[size];
            weight1 = new int[size];
            double step = 1 / ((double) size / source);
            for (int i = 0; i < size; i++) {
                float position = (float) ((i + 0.5) * step - 0.5);
                index[i] = (int) Math.floor(position);
                float fraction = position - index[i];
                weight0[i] = (int) Math.rint((1f - fraction) * ONE);
                weight1[i] = (int) Math.rint(fraction * ONE);
            }
        }

        /** Left and right of the outermost centres the border pixel alone counts; up and down OpenCV keeps the fraction. */
        void keepBorder() {
            for (int i = 0; i < index.length; i++) {
                if (index[i] < 0 || index[i] >= source - 1) {
                    index[i] = clamp(index[i], source);
                    weight0[i] = ONE;
                    weight1[i] = 0;
                }
            }
        }
    }
}
