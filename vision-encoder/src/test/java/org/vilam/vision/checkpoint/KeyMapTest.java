package org.vilam.vision.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.vilam.vision.checkpoint.KeyMap.Part;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

class KeyMapTest {
    @Test
    void a_name_without_a_rule_stays_and_the_first_rule_that_fits_decides() {
        KeyMap map = KeyMap.builder()
                .drop("head.bias")
                .rename("head.{p}", "classifier.{p}")
                .rename("{rest:.+}.gamma", "{rest}.weight")
                .build();
        MemorySource source = new MemorySource()
                .with("head.weight", 2)
                .with("head.bias", 2)
                .with("a.b.gamma", 2)
                .with("gamma", 2)
                .with("head.a.b", 2);
        TensorSource mapped = map.apply(source);
        assertThat(mapped.names()).containsExactly("classifier.weight", "a.b.weight", "gamma", "head.a.b");
        assertThat(mapped.data("a.b.weight")).isEqualTo(source.data("a.b.gamma"));
    }

    @Test
    void literal_dots_and_brackets_are_literal() {
        KeyMap map = KeyMap.builder().rename("a.b[0]", "c").build();
        TensorSource mapped = map.apply(new MemorySource().with("axb0", 1).with("a.b[0]", 1));
        assertThat(mapped.names()).containsExactly("axb0", "c");
    }

    @Test
    void a_placeholder_that_occurs_twice_stands_for_the_same_text() {
        KeyMap map = KeyMap.builder().rename("a.{i}.{i}", "b.{i:\\d{1,2}}").build();
        TensorSource mapped =
                map.apply(new MemorySource().with("a.7.7", 1).with("a.7.8", 1).with("a.100.100", 1));
        assertThat(mapped.names()).containsExactly("b.7", "a.7.8", "a.100.100");
        assertThat(map.reversed().apply(mapped).names()).containsExactly("a.7.7", "a.7.8", "a.100.100");
    }

    @Test
    void what_a_placeholder_without_a_name_matches_is_left_out_of_the_new_name() {
        KeyMap map = KeyMap.builder()
                .drop("head.{:.+}")
                .rename("net.{:(?:wrapped\\.)*}{rest:.+}", "net.{rest}")
                .build();
        TensorSource mapped = map.apply(new MemorySource()
                .with("net.a", 1)
                .with("net.wrapped.b", 1)
                .with("net.wrapped.wrapped.c.d", 1)
                .with("head.a.b", 1));
        assertThat(mapped.names()).containsExactly("net.a", "net.b", "net.c.d");
        assertThat(map.reversed().apply(mapped).names()).containsExactly("net.a", "net.b", "net.c.d");
    }

    @Test
    void rows_are_joined_with_constants_between_and_split_again() {
        KeyMap map = KeyMap.builder()
                .concat("{i}.qkv", Part.of("{i}.q").share(2), Part.fill(0.5), Part.of("{i}.v"))
                .build();
        MemorySource source =
                new MemorySource().with("x.v", new Shape(1, 2), 5, 6).with("x.q", new Shape(2, 2), 1, 2, 3, 4);
        TensorSource mapped = map.apply(source);
        assertThat(mapped.names()).containsExactly("x.qkv");
        assertThat(mapped.shape("x.qkv")).isEqualTo(new Shape(4, 2));
        assertThat(Elements.of(mapped, "x.qkv")).containsExactly(1.0, 2.0, 3.0, 4.0, 0.5, 0.5, 5.0, 6.0);
        try (NDManager manager = NDManager.newBaseManager()) {
            assertThat(mapped.load("x.qkv", manager).toFloatArray()).containsExactly(1, 2, 3, 4, .5f, .5f, 5, 6);
        }
        TensorSource back = map.reversed().apply(mapped);
        assertThat(back.names()).containsExactly("x.q", "x.v");
        assertThat(back.shape("x.q")).isEqualTo(new Shape(2, 2));
        assertThat(Elements.of(back, "x.q")).containsExactly(1.0, 2.0, 3.0, 4.0);
        assertThat(Elements.of(back, "x.v")).containsExactly(5.0, 6.0);
    }

    @Test
    void a_split_joins_again() {
        KeyMap map = KeyMap.builder()
                .split("in_proj", Part.of("q"), Part.of("k"), Part.of("v"))
                .build();
        MemorySource source = new MemorySource().with("in_proj", 6, 2);
        TensorSource mapped = map.apply(source);
        assertThat(mapped.names()).containsExactly("q", "k", "v");
        assertThat(Elements.of(mapped, "k")).containsExactly(1004.0, 1005.0, 1006.0, 1007.0);
        assertThat(map.reversed().apply(mapped).data("in_proj")).isEqualTo(source.data("in_proj"));
    }

    @Test
    void a_matrix_is_transposed_there_and_back() {
        KeyMap map = KeyMap.builder().transpose("{i}.kernel", "{i}.weight").build();
        MemorySource source = new MemorySource().with("a.kernel", new Shape(2, 3), 1, 2, 3, 4, 5, 6);
        TensorSource mapped = map.apply(source);
        assertThat(mapped.shape("a.weight")).isEqualTo(new Shape(3, 2));
        assertThat(Elements.of(mapped, "a.weight")).containsExactly(1.0, 4.0, 2.0, 5.0, 3.0, 6.0);
        assertThat(map.reversed().apply(mapped).data("a.kernel")).isEqualTo(source.data("a.kernel"));
        assertThat(map.apply(new MemorySource().with("a.kernel", 0, 3))
                        .data("a.weight")
                        .remaining())
                .isZero();
    }

    @Test
    void a_constant_is_added_unless_it_is_there_and_dropped_on_the_way_back() {
        KeyMap map = KeyMap.builder()
                .constant("scale", DType.BF16, new Shape(2), 1.5)
                .build();
        TensorSource added = map.apply(new MemorySource().with("a", 1));
        assertThat(added.names()).containsExactly("a", "scale");
        assertThat(Elements.of(added, "scale")).containsExactly(1.5, 1.5);
        assertThat(map.reversed().apply(added).names()).containsExactly("a");
        TensorSource kept = map.apply(new MemorySource().with("scale", new Shape(1), 9));
        assertThat(Elements.of(kept, "scale")).containsExactly(9.0);
    }

    @Test
    void weights_that_do_not_fit_a_rule_are_refused_by_name() {
        KeyMap join = KeyMap.builder()
                .concat("qkv", Part.of("q"), Part.fill(0), Part.of("v"))
                .build();
        refused(join, new MemorySource().with("q", 2), "qkv", "v for it is missing");
        refused(join, new MemorySource().with("q", 2).with("v", 3), "v of F32 (3)", "beside q");
        refused(join.reversed(), new MemorySource().with("qkv", 4), "qkv", "divide by 3");
        refused(join.reversed(), new MemorySource().with("qkv", 3), "qkv", "should all be 0.0");
        refused(
                KeyMap.builder().rename("x", "y").build(),
                new MemorySource().with("x", 1).with("y", 1),
                "x and y",
                "both be called y");
        refused(KeyMap.builder().transpose("x", "y").build(), new MemorySource().with("x", 3), "x", "no matrix");
    }

    private static void refused(KeyMap map, TensorSource source, String... parts) {
        assertThatThrownBy(() -> map.apply(source)).isInstanceOfSatisfying(VilamException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.CHECKPOINT_MISMATCH);
            assertThat(e.getMessage()).contains(parts);
        });
    }

    @Test
    void templates_that_do_not_agree_are_a_mistake_of_the_program() {
        for (List<String> pair : List.of(
                List.of("{a}.x", "y"), List.of("{a:x|y}", "{a:x|z}"), List.of("{a", "{a"), List.of("{1}", "{1}"))) {
            assertThatThrownBy(() -> KeyMap.builder().rename(pair.get(0), pair.get(1)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> KeyMap.builder().concat("x", Part.fill(0)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
