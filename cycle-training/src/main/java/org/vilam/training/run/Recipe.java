package org.vilam.training.run;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
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
    private static final ObjectMapper YAML = new YAMLMapper()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

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
        require(evaluateEvery >= 0 && evaluateOn >= 0, "evaluate_every", "0 or more");
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
            @JsonProperty("from") int from) {}

    /**
     * How weights move: AdamW, warm-up, cosine.
     *
     * @param rate highest learning rate
     * @param finalRate learning rate of the last step
     * @param warmup steps in which the rate rises from 0
     * @param weightDecay of weights with two axes or more
     * @param beta2 decay of the second moment; the first has 0.9
     * @param clip largest joint norm of the gradients
     * @param ema decay of the moving average of the weights, which is what is evaluated and kept
     */
    public record OptimizerConfig(
            @JsonProperty("rate") double rate,
            @JsonProperty("final_rate") double finalRate,
            @JsonProperty("warmup") int warmup,
            @JsonProperty("weight_decay") double weightDecay,
            @JsonProperty("beta2") double beta2,
            @JsonProperty("clip") double clip,
            @JsonProperty("ema") double ema) {
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
            return YAML.readValue(Files.readString(file), Recipe.class);
        } catch (com.fasterxml.jackson.core.JacksonException e) {
            // What a constructor refuses names its field; what Jackson itself refuses names it in its own message.
            String said = e.getCause() instanceof IllegalArgumentException cause
                    ? cause.getMessage()
                    : e.getOriginalMessage();
            throw new VilamException(
                    ErrorCode.INVALID_ARGUMENT,
                    file + ": " + said,
                    "Compare with the recipes that come with the program.");
        } catch (IOException e) {
            throw new VilamException(
                    ErrorCode.FILE_UNREADABLE, file + ": cannot be read", "Check that the recipe is there.");
        }
    }

    /** This recipe as a YAML file says it, without comments; equal recipes give equal texts. */
    public String toYaml() {
        try {
            return YAML.writeValueAsString(this);
        } catch (JsonProcessingException e) {
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

    private static void require(boolean holds, String field, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(field + " must be " + rule);
        }
    }
}
