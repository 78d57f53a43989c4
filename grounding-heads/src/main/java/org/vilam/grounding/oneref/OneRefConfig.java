package org.vilam.grounding.oneref;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Objects;
import org.vilam.vision.beit3.Beit3Config;

/**
 * A OneRef: the sizes of its encoder and what it was trained for. A checkpoint does one of both tasks, since the recipes train one
 * head at a time.
 *
 * @param encoder BEiT-3
 * @param task what the model was trained for
 * @param textLength T, tokens of a text with start, end and padding
 */
@JsonIgnoreProperties("family")
public record OneRefConfig(
        @JsonProperty("encoder") Beit3Config encoder,
        @JsonProperty("task") Task task,
        @JsonProperty("max_query_len") int textLength) {
    /** What is read from the encoder. */
    public enum Task {
        /** Referring expression comprehension: a box. */
        @JsonProperty("rec")
        REC,
        /** Referring expression segmentation: a mask. The box head is in the file, but has learned nothing. */
        @JsonProperty("res")
        RES
    }

    /** Checks the range. */
    public OneRefConfig {
        Objects.requireNonNull(encoder, "encoder");
        Objects.requireNonNull(task, "task");
        if (textLength < 3 || textLength > encoder.maxSourcePositions() - 2) {
            throw new IllegalArgumentException("max_query_len must be from 3 to max_source_positions less 2");
        }
    }
}
