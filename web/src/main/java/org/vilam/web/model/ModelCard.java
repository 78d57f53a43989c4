package org.vilam.web.model;

import java.util.List;

/**
 * A model that could be made active.
 *
 * @param id its folder's name
 * @param family the network
 * @param title for people
 * @param knows one sentence that says what it was trained to see
 * @param trainedOn data sets
 * @param licence of its weights
 * @param sha256 identifies its files
 * @param sizeBytes of its files together
 */
public record ModelCard(
        String id,
        String family,
        String title,
        String knows,
        List<String> trainedOn,
        String licence,
        String sha256,
        long sizeBytes) {
    public ModelCard {
        trainedOn = List.copyOf(trainedOn);
    }
}
