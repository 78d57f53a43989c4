package org.vilam.vision.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

class LoadReportTest {
    private static final Map<String, Shape> PARAMETERS = new LinkedHashMap<>();

    static {
        PARAMETERS.put("blocks.0.attn.weight", new Shape(2, 3));
        PARAMETERS.put("blocks.0.attn.bias", new Shape(2));
        PARAMETERS.put("norm.weight", new Shape(3));
        PARAMETERS.put("head.weight", new Shape(4));
    }

    private final MemorySource source = new MemorySource()
            .with("norm.weight", 3)
            .with("blocks.0.attn.weight", 3, 2)
            .with("blocks.0.attention.bias", 2)
            .with("zzz", 1);

    @Test
    void what_fits_is_loaded_and_what_does_not_is_named() {
        try (NDManager manager = NDManager.newBaseManager()) {
            Map<String, float[]> arrays = new HashMap<>();
            LoadReport report = LoadReport.load(
                    source, PARAMETERS, manager, (name, array) -> arrays.put(name, array.toFloatArray()));
            assertThat(report.loaded()).containsExactly("norm.weight");
            assertThat(report.missing()).containsExactly("blocks.0.attn.bias", "head.weight");
            assertThat(report.unexpected()).containsExactly("blocks.0.attention.bias", "zzz");
            assertThat(report.wrongShapes())
                    .containsExactly(
                            new LoadReport.WrongShape("blocks.0.attn.weight", new Shape(2, 3), new Shape(3, 2)));
            assertThat(arrays.keySet()).containsExactly("norm.weight");
            assertThat(arrays.get("norm.weight")).containsExactly(1000, 1001, 1002);
        }
    }

    @Test
    void the_text_counts_lists_and_suggests_the_most_alike_name() {
        assertThat(LoadReport.compare(source, PARAMETERS).text()).isEqualTo("""
                        1 loaded, 2 missing, 1 of wrong shape, 2 unexpected
                          missing blocks.0.attn.bias (perhaps blocks.0.attention.bias)
                          missing head.weight
                          wrong shape blocks.0.attn.weight: expected (2, 3), found (3, 2)
                          unexpected blocks.0.attention.bias
                          unexpected zzz""");
    }

    @Test
    void the_strict_forms_throw_the_report() {
        LoadReport report = LoadReport.compare(source, PARAMETERS);
        assertThatThrownBy(report::requireComplete)
                .isInstanceOfSatisfying(
                        VilamException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CHECKPOINT_MISMATCH))
                .hasMessageContaining("blocks.0.attn.bias")
                .hasMessageContaining("(3, 2)");
        LoadReport further = LoadReport.compare(source, Map.of("norm.weight", new Shape(3)));
        assertThat(further.requireComplete()).isSameAs(further);
        assertThatThrownBy(further::requireExact)
                .isInstanceOf(VilamException.class)
                .hasMessageContaining("zzz");
        LoadReport exact = LoadReport.compare(new MemorySource().with("a", 2), Map.of("a", new Shape(2)));
        assertThat(exact.requireExact().text()).isEqualTo("1 loaded, 0 missing, 0 of wrong shape, 0 unexpected");
    }

    @Test
    void a_long_list_is_cut_and_counted() {
        Map<String, Shape> many = new LinkedHashMap<>();
        for (int i = 0; i < 50; i++) {
            many.put("p" + i, new Shape(1));
        }
        assertThat(LoadReport.compare(new MemorySource(), many).text())
                .contains("missing p19")
                .doesNotContain("missing p20")
                .contains("missing: 30 more");
    }
}
