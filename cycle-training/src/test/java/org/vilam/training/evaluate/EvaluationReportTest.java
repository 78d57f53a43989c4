package org.vilam.training.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vilam.grounding.metrics.ScoreTable;
import org.vilam.grounding.metrics.ScoreTable.Row;
import org.vilam.grounding.metrics.statistics.Interval;
import org.vilam.vision.error.VilamException;

class EvaluationReportTest {
    @TempDir
    private Path folder;

    private static EvaluationReport report() {
        List<Row> rows = List.of(
                new Row(Target.REC_50, OptionalDouble.of(0.98), Optional.of(new Interval(0.97, 0.99, 0.95)), 2000, 0),
                new Row(Target.SETS, OptionalDouble.of(0.92), Optional.empty(), 2000, 0),
                new Row("sets precision@0.5", OptionalDouble.empty(), Optional.empty(), 2000, 0));
        return new EvaluationReport(
                "mini",
                "cafe",
                5,
                2000,
                12.3,
                List.of(
                        new EvaluationReport.Section(
                                "shapes", Split.SEED, 900, 6, new ScoreTable("shapes, seed split", rows)),
                        new EvaluationReport.Section(
                                "shapes",
                                Split.COMPOSITION,
                                900,
                                6,
                                new ScoreTable("shapes, composition split", rows))));
    }

    @Test
    void what_was_measured_stands_beside_what_was_aimed_at() {
        assertThat(report().toMarkdown())
                .contains("| rec acc@0.5 | 0.980 / 0.97 | 0.980 / 0.92 |")
                .contains("| sets f1@0.5 | **0.920** / 0.93 | 0.920 / 0.88 |") // missed; compositions may lose 0.05
                .contains("| rec acc@0.5 | 0.9800 | 0.9700 – 0.9900 (95 %) | 2000 | 0 |")
                .contains("Weights sha256 `cafe`, pictures of seed 5")
                .doesNotContain("\r");
    }

    @Test
    void the_scores_of_a_written_report_can_be_read() throws IOException {
        report().write(folder.resolve("r.md"), folder.resolve("r.json"));
        assertThat(EvaluationReport.readScores(folder.resolve("r.json")))
                .containsOnlyKeys(
                        "shapes/seed/rec acc@0.5",
                        "shapes/seed/sets f1@0.5",
                        "shapes/composition/rec acc@0.5",
                        "shapes/composition/sets f1@0.5")
                .containsEntry("shapes/seed/sets f1@0.5", 0.92);
        assertThat(folder.resolve("r.md")).hasContent(report().toMarkdown());
        assertThat(Files.readString(folder.resolve("r.json"))).contains("\"weights_sha256\" : \"cafe\"");
    }

    @Test
    void what_is_no_report_is_refused() throws IOException {
        for (String content : List.of("no", "{}", "[1]", "{\"sections\": 3}")) {
            Path file = Files.writeString(folder.resolve("odd.json"), content);
            assertThatThrownBy(() -> EvaluationReport.readScores(file))
                    .as(content)
                    .isInstanceOf(VilamException.class)
                    .hasMessageContaining("odd.json");
        }
        assertThatThrownBy(() -> EvaluationReport.readScores(folder.resolve("none.json")))
                .isInstanceOf(VilamException.class);
    }
}
