package org.vilam.vision.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class KvCacheTest extends BlockTest {
    @Test
    void appended_tokens_come_back_in_order_behind_those_held() {
        KvCache cache = new KvCache(manager, 2, 2, 3, 6, 4);
        NDArray k = random("k", 2, 3, 5, 4);
        NDArray v = random("v", 2, 3, 5, 4);
        for (int layer = 0; layer < 2; layer++) {
            int from = 0;
            for (int to : new int[] {2, 3, 5}) {
                KvCache.Entry entry =
                        cache.layer(layer).append(k.get(":, :, {}:{}", from, to), v.get(":, :, {}:{}", from, to));
                assertThat(TensorTesting.difference(entry.keys(), k.get(":, :, :{}", to)))
                        .isZero();
                assertThat(TensorTesting.difference(entry.values(), v.get(":, :, :{}", to)))
                        .isZero();
                assertThat(cache.layer(layer).length()).isEqualTo(to);
                from = to;
            }
        }
        assertThat(cache.length()).isEqualTo(5);
        assertThat(cache.capacity()).isEqualTo(6);
    }

    @Test
    void the_length_counts_tokens_that_every_layer_holds() {
        KvCache cache = new KvCache(manager, 2, 1, 1, 4, 2);
        NDArray token = random("t", 1, 1, 1, 2);
        cache.layer(0).append(token, token);
        assertThat(cache.length()).isZero();
        cache.layer(1).append(token, token);
        assertThat(cache.length()).isEqualTo(1);
    }

    @Test
    void reset_forgets_the_tokens_and_keeps_the_memory() {
        KvCache cache = new KvCache(manager, 1, 1, 1, 2, 2);
        NDArray token = random("t", 1, 1, 2, 2);
        cache.layer(0).append(token, token);
        cache.reset();
        assertThat(cache.length()).isZero();
        NDArray other = random("u", 1, 1, 1, 2);
        assertThat(TensorTesting.difference(cache.layer(0).append(other, other).keys(), other))
                .isZero();
    }

    @Test
    void select_reorders_and_repeats_rows() {
        KvCache cache = new KvCache(manager, 2, 3, 2, 8, 4);
        NDArray k = random("k", 3, 2, 5, 4);
        NDArray v = random("v", 3, 2, 5, 4);
        cache.layer(0).append(k, v);
        cache.layer(1).append(v, k);
        cache.select(2, 0, 2);
        NDArray token = random("t", 3, 2, 1, 4);
        KvCache.Entry entry = cache.layer(1).append(token, token);
        NDArray rows = manager.create(new long[] {2, 0, 2});
        assertThat(TensorTesting.difference(entry.keys().get(":, :, :5"), v.get(rows)))
                .isZero();
        assertThat(TensorTesting.difference(entry.values().get(":, :, :5"), k.get(rows)))
                .isZero();
        assertThat(TensorTesting.difference(entry.keys().get(":, :, 5:"), token))
                .isZero();
    }

    @Test
    void a_prompt_is_repeated_for_its_beams_and_rows_are_dropped_again() {
        KvCache cache = new KvCache(manager, 1, 2, 1, 4, 2);
        NDArray k = random("k", 2, 1, 3, 2);
        cache.layer(0).append(k, k);
        int held = manager.getManagedArrays().size();
        cache.select(0, 0, 0, 1, 1, 1);
        assertThat(cache.batch()).isEqualTo(6);
        cache.select(4);
        assertThat(cache.batch()).isEqualTo(1);
        assertThat(manager.getManagedArrays()).as("replaced arrays are freed").hasSize(held);
        NDArray token = random("t", 1, 1, 1, 2);
        NDArray keys = cache.layer(0).append(token, token).keys();
        assertThat(TensorTesting.difference(keys.get(":, :, :3"), k.get("1:2"))).isZero();
    }

    @Property(tries = 40)
    void any_sequence_of_selections_picks_the_rows_a_list_would(
            @ForAll @Size(min = 1, max = 5) List<@Size(min = 1, max = 4) List<@IntRange(max = 3) Integer>> steps) {
        try (NDManager scope = NDManager.newBaseManager();
                GradientScope gradients = GradientScope.noGradient();
                KvCache cache = new KvCache(scope, 1, 4, 1, 2, 1)) {
            NDArray k = scope.create(new float[] {0, 1, 2, 3}, new Shape(4, 1, 1, 1));
            cache.layer(0).append(k, k);
            List<Integer> rows = List.of(0, 1, 2, 3);
            for (List<Integer> step : steps) {
                List<Integer> previous = rows;
                int[] picked = step.stream().mapToInt(i -> i % previous.size()).toArray();
                cache.select(picked);
                rows = new ArrayList<>();
                for (int row : picked) {
                    rows.add(previous.get(row));
                }
            }
            NDArray token = scope.ones(new Shape(rows.size(), 1, 1, 1));
            float[] keys = cache.layer(0).append(token, token).keys().toFloatArray();
            for (int i = 0; i < rows.size(); i++) {
                assertThat(keys[2 * i]).isEqualTo(rows.get(i).floatValue());
            }
        }
    }

    @Test
    void what_is_stored_passes_no_gradient_back() {
        KvCache cache = new KvCache(manager, 1, 1, 1, 4, 2);
        NDArray weight = random("w", 1, 1, 1, 2);
        weight.setRequiresGradient(true);
        try (GradientScope scope = GradientScope.recording()) {
            NDArray k = Constants.scale(weight, 2);
            KvCache.Entry entry = cache.layer(0).append(k, k);
            NDArray loss = entry.keys().mul(k).add(entry.values().mul(k)).sum();
            // Were the stored tokens variable too, this would be twice as much.
            NDArray expected = Constants.scale(k, 4);
            assertThat(TensorTesting.difference(
                            Operations.get().gradients(loss, List.of(weight)).get(0), expected))
                    .isLessThan(1e-6);
        }
    }

    @Test
    void tokens_that_do_not_fit_are_refused() {
        KvCache cache = new KvCache(manager, 1, 2, 3, 4, 5);
        NDArray good = random("g", 2, 3, 3, 5);
        cache.layer(0).append(good, good);
        assertThatThrownBy(() -> cache.layer(0).append(random("x", 2, 3, 2, 5), random("x", 2, 3, 2, 5)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("4 places")
                .hasMessageContaining("3 of them");
        assertThat(cache.length()).as("a refused append changes nothing").isEqualTo(3);
        assertMismatch(() -> cache.layer(0).append(random("x", 1, 3, 1, 5), random("x", 1, 3, 1, 5)), "cache", "keys");
        assertMismatch(
                () -> cache.layer(0).append(random("x", 2, 3, 1, 5), random("x", 2, 3, 1, 4)), "cache", "values");
        assertThatThrownBy(() -> cache.layer(1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> cache.select(0, 2)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(cache::select).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void closing_frees_the_memory() {
        int before = manager.getManagedArrays().size();
        new KvCache(manager, 2, 1, 1, 4, 2).close();
        assertThat(manager.getManagedArrays()).hasSize(before);
    }
}
