package org.vilam.vision.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Numbers of an independent computation (a Python transcription of the documented algorithm) are met bit for bit. */
class SeededRandomTest {
    @Test
    void the_published_first_output_for_seed_0_is_met() {
        assertThat(new SeededRandom(0).nextLong()).isEqualTo(0xE220A8397B1DCDAFL);
    }

    @Test
    void longs_doubles_and_normals_equal_an_independent_computation() {
        SeededRandom longs = new SeededRandom(42);
        assertThat(new long[] {longs.nextLong(), longs.nextLong(), longs.nextLong()})
                .containsExactly(-4767286540954276203L, 2949826092126892291L, 5139283748462763858L);
        SeededRandom doubles = new SeededRandom(42);
        assertThat(new double[] {doubles.nextDouble(), doubles.nextDouble(), doubles.nextDouble()})
                .containsExactly(0.7415648787718233, 0.1599103928769201, 0.27860113025513866);
        SeededRandom normals = new SeededRandom(42);
        double[] expected = {0.49295065581737485, -0.6940056672160174, -1.2810773478777024, -0.901557193497174};
        for (double normal : expected) {
            assertThat(normals.nextNormal()).isCloseTo(normal, within(1e-15));
        }
    }

    @Test
    void the_stream_of_a_name_equals_an_independent_computation() {
        SeededRandom random = SeededRandom.named(42, "layers.0.fc1.weight");
        assertThat(random.nextLong()).isEqualTo(-4064393957355265368L);
        assertThat(random.nextLong()).isEqualTo(2366454283994252100L);
    }

    @Test
    void normals_have_the_moments_of_the_normal_distribution() {
        SeededRandom random = new SeededRandom(3);
        double[] sums = new double[5];
        int count = 400_000;
        for (int i = 0; i < count; i++) {
            double z = random.nextNormal();
            for (int power = 1; power <= 4; power++) {
                sums[power] += Math.pow(z, power) / count;
            }
        }
        assertThat(sums[1]).isCloseTo(0, within(0.01));
        assertThat(sums[2]).isCloseTo(1, within(0.01));
        assertThat(sums[3]).isCloseTo(0, within(0.03));
        assertThat(sums[4]).isCloseTo(3, within(0.06));
    }

    @Property(tries = 200)
    void uniform_numbers_stay_in_their_range(@ForAll long seed) {
        SeededRandom random = new SeededRandom(seed);
        for (int i = 0; i < 20; i++) {
            assertThat(random.nextUniform(-3, 5)).isBetween(-3.0, 5.0);
        }
    }

    @Property(tries = 200)
    void names_that_differ_have_streams_that_differ(@ForAll long seed, @ForAll String a, @ForAll String b) {
        if (!a.equals(b)) {
            long first = SeededRandom.named(seed, a).nextLong();
            assertThat(first).isNotEqualTo(SeededRandom.named(seed, b).nextLong());
            assertThat(first).isNotEqualTo(SeededRandom.named(seed + 1, a).nextLong());
        }
    }
}
