package org.vilam.training.run;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.vilam.assistant.vilam.VilamConfig;
import org.vilam.training.sample.SceneExamples;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;
import org.vilam.vision.image.FitMode;
import org.vilam.vision.image.ImageProcessorConfig;
import org.vilam.vision.image.ResampleFilter;

/**
 * A training run in full: a YAML file.
 *
 * @param name of the run and of the model it makes
 * @param from folder of the model to begin from, or null to begin from nothing
 * @param vocabulary tokens of the tokenizer that is trained where the run begins from nothing
 * @param model sizes; the vocabularies' sizes are set to the tokenizer's
 * @param lessons what is drawn and asked before {@code data} and {@code losses}, each until a step: small networks learn to see
 *     first, then to find, then to point; may be left out
 * @param data what is drawn
 * @param steps optimiser steps
 * @param images pictures of one shard
 * @param shards parts a step is computed in, each on one thread; the result depends on it, not on the threads there are
 * @param optimizer how weights move
 * @param losses weights of the losses
 * @param cycle the REG-REC cycle
 * @param mixed whether linear layers and attention compute in bfloat16
 * @param evaluateEvery steps between evaluations; 0 for none
 * @param evaluateOn expressions of each family in an evaluation on the way
 * @param checkpointEvery steps between run checkpoints
 * @param seed of weights and data
 */
public record Recipe(
        @JsonProperty("name") String name,
        @JsonProperty("from") @Nullable String from,
        @JsonProperty("vocabulary") int vocabulary,
        @JsonProperty("model") VilamConfig model,
        @JsonProperty("lessons") List<Lesson> lessons,
        @JsonProperty("data") SceneExamples.Mixture data,
        @JsonProperty("steps") int steps,
        @JsonProperty("images") int images,
        @JsonProperty("shards") int shards,
        @JsonProperty("optimizer") OptimizerConfig optimizer,
        @JsonProperty("losses") LossWeights losses,
        @JsonProperty("cycle") CycleConfig cycle,
        @JsonProperty("mixed") boolean mixed,
        @JsonProperty("evaluate_every") int evaluateEvery,
        @JsonProperty("evaluate_on") int evaluateOn,
        @JsonProperty("checkpoint_every") int checkpointEvery,
        @JsonProperty("seed") long seed) {
    static final ObjectMapper YAML = new YAMLMapper()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);
    private static final ObjectReader READER = YAML.reader()
            .with(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .without(DeserializationFeature.ACCEPT_FLOAT_AS_INT);

    /** Checks the ranges. */
    public Recipe {
        require(name != null && !name.isBlank(), "name", "given");
        require(model != null, "model", "given");
        require(data != null, "data", "given");
        require(optimizer != null, "optimizer", "given");
        require(losses != null, "losses", "given");
        require(cycle != null, "cycle", "given");
        lessons = lessons == null ? List.of() : List.copyOf(lessons);
        require(steps > 0, "steps", "above 0");
        require(images > 0, "images", "above 0");
        require(shards > 0, "shards", "above 0");
        require(checkpointEvery > 0, "checkpoint_every", "above 0");
        require(evaluateEvery >= 0, "evaluate_every", "0 or more");
        require(evaluateOn >= 0, "evaluate_on", "0 or more");
    }

    /**
     * A part of a run.
     *
     * @param until the first step it does not hold for any more
     * @param data what is drawn
     * @param losses weights of the losses
     */
    public record Lesson(
            @JsonProperty("until") int until,
            @JsonProperty("data") SceneExamples.Mixture data,
            @JsonProperty("losses") LossWeights losses) {}

    /** What holds for a step, counted from 0. */
    public Lesson lesson(int step) {
        for (Lesson lesson : lessons) {
            if (step < lesson.until()) {
                return lesson;
            }
        }
        return new Lesson(steps, data, losses);
    }

    /**
     * The cycle between describing and grounding (ViLaM, section 3.3).
     *
     * @param regToRec weight of grounding what the model itself said of a box
     * @param recToReg weight of telling the expression of the box the model itself found for it
     * @param boxes of each picture that are described
     * @param from first step of the cycle: before, descriptions say nothing yet
     */
    public record CycleConfig(
            @JsonProperty("reg_to_rec") double regToRec,
            @JsonProperty("rec_to_reg") double recToReg,
            @JsonProperty("boxes") int boxes,
            @JsonProperty("from") int from) {
        /** Checks the ranges. */
        public CycleConfig {
            require(finite(regToRec), "reg_to_rec", "0 or more");
            require(finite(recToReg), "rec_to_reg", "0 or more");
            require(boxes >= 0, "boxes", "0 or more");
            require(regToRec == 0 || boxes > 0, "boxes", "above 0 where reg_to_rec is");
            require(from >= 0, "from", "0 or more");
        }
    }

    /**
     * How weights move: AdamW, warm-up, cosine.
     *
     * @param rate highest learning rate
     * @param finalRate learning rate the cosine falls to
     * @param warmup steps in which the rate rises from 0
     * @param weightDecay of weights with two axes or more
     * @param beta2 decay of the second moment; the first has 0.9
     * @param clip largest joint norm of the gradients
     * @param ema decay of the moving average of the weights, which is what is evaluated and kept
     */
    public record OptimizerConfig(
            @JsonProperty(value = "rate", required = true) double rate,

            @JsonProperty(value = "final_rate", required = true)
            double finalRate,

            @JsonProperty(value = "warmup", required = true) int warmup,

            @JsonProperty(value = "weight_decay", required = true)
            double weightDecay,

            @JsonProperty(value = "beta2", required = true) double beta2,
            @JsonProperty(value = "clip", required = true) double clip,
            @JsonProperty(value = "ema", required = true) double ema) {
        /** Checks the ranges. */
        public OptimizerConfig {
            require(finite(rate) && rate > 0, "rate", "above 0");
            require(finite(finalRate), "final_rate", "0 or more");
            require(warmup >= 0, "warmup", "0 or more");
            require(finite(weightDecay), "weight_decay", "0 or more");
            require(beta2 >= 0 && beta2 < 1, "beta2", "0 or more and below 1");
            require(finite(clip) && clip > 0, "clip", "above 0");
            require(ema >= 0 && ema < 1, "ema", "0 or more and below 1");
        }

        /** The learning rate of a step, counted from 0. */
        double rate(int step, int steps) {
            if (step < warmup) {
                return rate * (step + 1) / warmup;
            }
            double part = (double) (step - warmup) / Math.max(1, steps - warmup);
            return finalRate + (rate - finalRate) * 0.5 * (1 + Math.cos(Math.PI * Math.min(1, part)));
        }
    }

    /**
     * Reads a recipe.
     *
     * @throws VilamException FILE_UNREADABLE or INVALID_ARGUMENT naming the field
     */
    public static Recipe read(Path file) {
        try {
            JsonNode tree = READER.readTree(Files.readString(file));
            RecipeText.requireKnown(Recipe.class, tree);
            return READER.treeToValue(tree, Recipe.class);
        } catch (JacksonException | IllegalArgumentException e) {
            throw new VilamException(
                    ErrorCode.INVALID_ARGUMENT,
                    file + ": " + RecipeText.problem(e),
                    "Compare with the recipes that come with the program.",
                    e);
        } catch (IOException e) {
            throw new VilamException(
                    ErrorCode.FILE_UNREADABLE, file + ": cannot be read", "Check that the recipe is there.", e);
        }
    }

    /** This recipe as a YAML file says it, without comments; equal recipes give equal texts. */
    public String toYaml() {
        try {
            return YAML.writeValueAsString(this);
        } catch (JacksonException e) {
            throw new IllegalStateException("a recipe that was read cannot be written", e);
        }
    }

    /** How pictures enter the network: the whole picture in the middle of a square frame. */
    public ImageProcessorConfig preprocessor() {
        return ImageProcessorConfig.BEIT3
                .withSize(model.encoder().imgSize())
                .withResample(ResampleFilter.PIL_BILINEAR)
                .withFit(FitMode.LETTERBOX);
    }

    /** Whether a weight or rate is a number from 0 up. */
    private static boolean finite(double value) {
        return value >= 0 && value <= Double.MAX_VALUE;
    }

    private static void require(boolean holds, String field, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(field + " must be " + rule);
        }
    }
}
