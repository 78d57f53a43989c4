package org.vilam.grounding.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.vilam.grounding.metrics.statistics.Bootstrap;
import org.vilam.grounding.metrics.statistics.Interval;
import org.vilam.vision.geometry.Box;

final class ScoreTableTest {
    private static final Box SQUARE = new Box(0, 0, 10, 10);

    private static ScoreTable table() {
        RecAccuracy rec = new RecAccuracy();
        for (int i = 0; i < 8; i++) {
            rec.add("image " + i, SQUARE, SQUARE);
        }
        rec.addUnparseable("image 8");
        rec.addUnparseable("image 9");
        return ScoreTable.titled("mini model on scenes", new Bootstrap(1000, 0.95, 0))
                .add("Acc@0.5", rec, RecAccuracy.accuracyAt(0.5))
                .addUnparseable("not parsed", rec)
                .add(new ScoreTable.Row(
                        "Acc|wilson", OptionalDouble.of(0.8), Optional.of(Interval.wilson(8, 10, 0.95)), 10, 2))
                .add("N-acc", new GeneralizedRec(), GeneralizedRec.noTargetAccuracy())
                .build();
    }

    @Test
    void markdown_shows_value_interval_count_and_unparseable() {
        assertThat(table().toMarkdown()).isEqualTo("""
                        ### mini model on scenes

                        | metric | value | interval | n | unparseable |
                        |---|---:|---:|---:|---:|
                        | Acc@0.5 | 0.8000 | 0.5000 – 1.0000 (95 %) | 10 | 2 |
                        | not parsed | 0.2000 | 0.0567 – 0.5098 (95 %) | 10 | 2 |
                        | Acc\\|wilson | 0.8000 | 0.4902 – 0.9433 (95 %) | 10 | 2 |
                        | N-acc | – | – | 0 | 0 |
                        """);
    }

    @Test
    void the_locale_changes_nothing() {
        Locale before = Locale.getDefault();
        String usual = table().toMarkdown();
        try {
            Locale.setDefault(Locale.GERMANY);
            assertThat(table().toMarkdown()).isEqualTo(usual);
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void json_has_full_precision_and_null_for_what_is_undefined() throws IOException {
        JsonNode json = new ObjectMapper().readTree(table().toJson().toString());
        assertThat(json.get("title").asText()).isEqualTo("mini model on scenes");
        assertThat(json.get("rows")).hasSize(4);
        JsonNode first = json.get("rows").get(0);
        assertThat(first.get("metric").asText()).isEqualTo("Acc@0.5");
        assertThat(first.get("value").asDouble()).isEqualTo(0.8);
        assertThat(first.get("interval").get("low").asDouble()).isEqualTo(0.5);
        assertThat(first.get("interval").get("level").asDouble()).isEqualTo(0.95);
        assertThat(first.get("count").asInt()).isEqualTo(10);
        assertThat(first.get("unparseable").asInt()).isEqualTo(2);
        assertThat(json.get("rows").get(3).get("value").isNull()).isTrue();
        assertThat(json.get("rows").get(3).get("interval").isNull()).isTrue();
    }
}
