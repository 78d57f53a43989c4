package org.vilam.training.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;
import org.vilam.training.evaluate.EvaluationReport;

/** Draws what {@code metrics.jsonl} tells: {@code losses.png}, and {@code scores-FAMILY.png} for each family evaluated. */
final class Curves {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int WIDTH = 1100;
    private static final int HEIGHT = 650;
    /** Share of the past in a smoothed loss: lines come every ten steps, so about the last hundred steps count. */
    private static final double PAST = 0.9;

    private Curves() {}

    /** Draws all curves; what was measured before a run was killed and is measured again is drawn once. */
    static void draw(Path metrics, Path folder) throws IOException {
        if (!Files.exists(metrics)) {
            return; // no step was logged yet
        }
        Map<String, NavigableMap<Integer, Double>> losses = new LinkedHashMap<>();
        Map<String, NavigableMap<Integer, Double>> scores = new TreeMap<>();
        for (String line : Files.readAllLines(metrics)) {
            JsonNode json;
            try {
                json = JSON.readTree(line);
            } catch (JsonProcessingException e) {
                continue; // a run was killed while it wrote this line
            }
            int step = json.path("step").asInt();
            json.properties().forEach(field -> {
                if (loss(field.getKey()) && field.getValue().isNumber()) {
                    put(losses, field.getKey(), step, field.getValue().doubleValue());
                }
            });
            json.path("eval")
                    .properties()
                    .forEach(score ->
                            put(scores, score.getKey(), step, score.getValue().doubleValue()));
        }
        losses(losses, folder.resolve("losses.png"));
        for (Map.Entry<String, List<String>> family : families(scores).entrySet()) {
            XYChart chart = chart("Scores of the moving averages, " + family.getKey(), "score");
            chart.getStyler().setYAxisMin(0.0).setYAxisMax(1.0);
            for (String name : family.getValue()) {
                add(
                        chart,
                        name.substring(name.lastIndexOf('/') + 1),
                        scores.getOrDefault(name, new TreeMap<>()),
                        false);
            }
            write(chart, folder.resolve("scores-" + family.getKey() + ".png"));
        }
    }

    /** Losses, not what else is told of a step: its number, the gradients' norm, the rate, the cycle's counts. */
    private static boolean loss(String name) {
        return !name.matches("step|norm|rate|.*_(made|skipped)");
    }

    private static void put(Map<String, NavigableMap<Integer, Double>> curves, String name, int step, double value) {
        curves.computeIfAbsent(name, key -> new TreeMap<>()).put(step, value);
    }

    private static void losses(Map<String, NavigableMap<Integer, Double>> losses, Path file) throws IOException {
        XYChart chart = chart("Losses, smoothed", "loss");
        // A logarithm shows small parts beside large ones; it needs values above 0.
        chart.getStyler()
                .setYAxisLogarithmic(losses.values().stream()
                        .allMatch(curve -> curve.values().stream().allMatch(v -> v > 0)));
        losses.forEach((name, curve) -> add(chart, name, curve, true));
        if (!losses.isEmpty()) {
            write(chart, file);
        }
    }

    /** The main scores that were measured, by family. */
    private static Map<String, List<String>> families(Map<String, NavigableMap<Integer, Double>> scores) {
        Map<String, List<String>> out = new TreeMap<>();
        for (String main : EvaluationReport.mainScores()) {
            for (String name : scores.keySet()) {
                if (name.endsWith("/" + main)) {
                    String family = name.substring(0, name.indexOf('/'));
                    out.computeIfAbsent(family, key -> new ArrayList<>()).add(name);
                }
            }
        }
        return out;
    }

    private static XYChart chart(String title, String axis) {
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .xAxisTitle("step")
                .yAxisTitle(axis)
                .build();
        chart.getStyler().setLegendPosition(LegendPosition.OutsideE).setMarkerSize(5);
        return chart;
    }

    private static void write(XYChart chart, Path file) throws IOException {
        Files.write(file, ChartEncoder.getBytes(chart, "png"));
    }

    private static void add(XYChart chart, String name, NavigableMap<Integer, Double> curve, boolean smooth) {
        List<Integer> steps = new ArrayList<>();
        List<Double> values = new ArrayList<>();
        double mean = 0;
        double weight = 0;
        for (Map.Entry<Integer, Double> point : curve.entrySet()) {
            if (Double.isFinite(point.getValue())) {
                mean = PAST * mean + (1 - PAST) * point.getValue();
                weight = PAST * weight + (1 - PAST);
                steps.add(point.getKey());
                values.add(smooth ? mean / weight : point.getValue());
            }
        }
        if (!steps.isEmpty()) {
            chart.addSeries(name, steps, values).setMarker(smooth ? SeriesMarkers.NONE : SeriesMarkers.CIRCLE);
        }
    }
}
