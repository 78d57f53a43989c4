package org.vilam.vision.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.ShortRange;
import net.jqwik.api.constraints.Size;

/** The window of any samples is that of the samples sorted. */
class GreyRangeTest {
    /** {@code numpy.percentile(values, q, method="nearest")}, ties rounded up. */
    private static double percentile(double[] sorted, double quantile) {
        return sorted[(int) Math.round(quantile * (sorted.length - 1))];
    }

    private static void assertWindow(GreyWindow window, double[] finite) {
        double[] sorted = finite.clone();
        Arrays.sort(sorted);
        double low = percentile(sorted, 0.005);
        double high = percentile(sorted, 0.995);
        if (low == high) {
            low = sorted[0];
            high = sorted[sorted.length - 1];
        }
        if (low < high) {
            assertThat(window).isEqualTo(new GreyWindow(low + 0.0, high + 0.0, GreyWindow.Source.PERCENTILES));
        } else {
            assertThat(window.low()).isLessThan(window.high());
        }
    }

    @Property(tries = 300)
    void of_floats(@ForAll @Size(min = 1, max = 1200) double[] values) {
        ByteBuffer data = ByteBuffer.allocate(values.length * 8).order(ByteOrder.LITTLE_ENDIAN);
        Arrays.stream(values).forEach(data::putDouble);
        byte[] file = TiffWriter.of(values.length, 1).samples(1, 1, 64, 3).write(data.array());
        double[] finite = Arrays.stream(values).filter(Double::isFinite).toArray();
        assertWindow(Pixels.decode(file).info().window(), finite);
    }

    @Property(tries = 300)
    void of_integers(@ForAll @Size(min = 1, max = 1200) int[] values) {
        ByteBuffer data = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
        Arrays.stream(values).forEach(data::putInt);
        byte[] file = TiffWriter.of(values.length, 1).samples(1, 1, 32, 2).write(data.array());
        assertWindow(
                Pixels.decode(file).info().window(),
                Arrays.stream(values).asDoubleStream().toArray());
    }

    @Property(tries = 300)
    void of_short_integers(@ForAll @Size(min = 1, max = 1200) @ShortRange(min = -300, max = 300) short[] values) {
        ByteBuffer data = ByteBuffer.allocate(values.length * 2).order(ByteOrder.LITTLE_ENDIAN);
        double[] numbers = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            data.putShort(values[i]);
            numbers[i] = values[i];
        }
        byte[] file = TiffWriter.of(values.length, 1).samples(1, 1, 16, 2).write(data.array());
        assertWindow(Pixels.decode(file).info().window(), numbers);
    }
}
