package org.vilam.grounding.hivg;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Which text the bridge shows to an image of a batch. For a batch of one both are the same. */
public enum BridgePolicy {
    /**
     * As the official code, under which the published models were trained and scored: it lays the texts of a batch out token by
     * token and then reads them as if they lay text by text, so that an image sees a few places of all texts. Answers depend on
     * what else is in the batch.
     */
    @JsonProperty("faithful")
    FAITHFUL,
    /** Every image sees its own text. */
    @JsonProperty("corrected")
    CORRECTED
}
