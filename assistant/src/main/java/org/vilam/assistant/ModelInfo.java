package org.vilam.assistant;

import java.util.List;

/**
 * What a person should know about a model.
 *
 * @param id the model folder's name
 * @param family the network, such as {@code vilam-grounding}
 * @param title its name for people
 * @param version of the model; empty where it has none
 * @param sha256 identifies its files
 * @param device what it runs on, such as {@code cpu}
 * @param knows one sentence that says what it was trained to see
 * @param trainedOn data sets
 * @param licence of its weights
 */
public record ModelInfo(
        String id,
        String family,
        String title,
        String version,
        String sha256,
        String device,
        String knows,
        List<String> trainedOn,
        String licence) {
    /** Copies the list. */
    public ModelInfo {
        trainedOn = List.copyOf(trainedOn);
    }
}
