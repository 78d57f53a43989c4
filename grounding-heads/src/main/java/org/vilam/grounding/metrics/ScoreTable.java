package org.vilam.grounding.metrics;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import org.vilam.grounding.metrics.statistics.Bootstrap;
import org.vilam.grounding.metrics.statistics.Interval;
import org.vilam.grounding.metrics.statistics.Statistic;

/**
 * Scores of one evaluation with what they rest on: how many items, how many answers that could not be parsed, and how
 * uncertain.
 *
 * @param title what was evaluated on what
 * @param rows the scores in order
 */
public record ScoreTable(String title, List<Row> rows) {
    /** Copies the rows. */
    public ScoreTable {
        rows = List.copyOf(rows);
    }

    /**
     * One score.
     *
     * @param metric its name
     * @param value empty where undefined
     * @param interval of the value, empty where none was computed or it is undefined
     * @param count items, wrong and unparseable answers included
     * @param unparseable answers that could not be parsed
     */
    public record Row(String metric, OptionalDouble value, Optional<Interval> interval, int count, int unparseable) {}

    /** Begins a table whose intervals come from a bootstrap over images. */
    public static Builder titled(String title, Bootstrap bootstrap) {
        return new Builder(title, bootstrap);
    }

    /** Collects rows. */
    public static final class Builder {
        private final String title;
        private final Bootstrap bootstrap;
        private final List<Row> rows = new ArrayList<>();

        private Builder(String title, Bootstrap bootstrap) {
            this.title = title;
            this.bootstrap = bootstrap;
        }

        /** Adds a score of a metric's samples with its interval, the images being the clusters. */
        public <S> Builder add(String name, Metric<S> metric, Statistic<S> statistic) {
            List<S> samples = metric.samples();
            return add(new Row(
                    name,
                    statistic.of(samples),
                    bootstrap.interval(samples, metric.images(), statistic),
                    samples.size(),
                    metric.unparseable()));
        }

        /**
         * Adds a row of its own for the share of answers that could not be parsed, with Wilson's interval; undefined for no
         * answers.
         */
        public Builder addUnparseable(String name, Metric<?> metric) {
            int count = metric.samples().size();
            int unparseable = metric.unparseable();
            return add(new Row(
                    name,
                    count == 0 ? OptionalDouble.empty() : OptionalDouble.of(unparseable / (double) count),
                    count == 0 ? Optional.empty() : Optional.of(Interval.wilson(unparseable, count, bootstrap.level())),
                    count,
                    unparseable));
        }

        /** Adds a row computed elsewhere. */
        public Builder add(Row row) {
            rows.add(row);
            return this;
        }

        /** The table. */
        public ScoreTable build() {
            return new ScoreTable(title, rows);
        }
    }

    /** The title as a heading and a table with four decimals, in GitHub's Markdown; what is undefined is a dash. */
    public String toMarkdown() {
        StringBuilder out = new StringBuilder("### ").append(title).append("\n\n");
        out.append("| metric | value | interval | n | unparseable |\n|---|---:|---:|---:|---:|\n");
        for (Row row : rows) {
            out.append("| ").append(row.metric.replace("|", "\\|"));
            out.append(" | ").append(row.value.isPresent() ? decimals(row.value.getAsDouble()) : "–");
            out.append(" | ").append(row.interval.map(ScoreTable::text).orElse("–"));
            out.append(" | ")
                    .append(row.count)
                    .append(" | ")
                    .append(row.unparseable)
                    .append(" |\n");
        }
        return out.toString();
    }

    /**
     * {@code {"title", "rows": [{"metric", "value", "interval": {"low", "high", "level"}, "count", "unparseable"}]}} with full
     * precision; what is undefined is null.
     */
    public ObjectNode toJson() {
        ObjectNode table = JsonNodeFactory.instance.objectNode().put("title", title);
        ArrayNode list = table.putArray("rows");
        for (Row row : rows) {
            ObjectNode node = list.addObject().put("metric", row.metric);
            if (row.value.isPresent()) {
                node.put("value", row.value.getAsDouble());
            } else {
                node.putNull("value");
            }
            row.interval.ifPresentOrElse(
                    i -> node.putObject("interval")
                            .put("low", i.low())
                            .put("high", i.high())
                            .put("level", i.level()),
                    () -> node.putNull("interval"));
            node.put("count", row.count).put("unparseable", row.unparseable);
        }
        return table;
    }

    private static String text(Interval interval) {
        String percent = BigDecimal.valueOf(interval.level())
                .movePointRight(2)
                .stripTrailingZeros()
                .toPlainString();
        return decimals(interval.low()) + " – " + decimals(interval.high()) + " (" + percent + " %)";
    }

    private static String decimals(double value) {
        return String.format(Locale.ROOT, "%.4f", value);
    }
}
