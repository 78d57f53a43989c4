package org.vilam.web.store;

import java.time.Instant;
import java.util.List;

/**
 * A question and its answer.
 *
 * @param number from 1
 * @param request as JSON
 * @param result as JSON, as the model gave it
 * @param corrections made since by people, oldest first
 */
public record StoredTurn(
        int number, String request, String result, Instant created, List<StoredCorrection> corrections) {
    public StoredTurn {
        corrections = List.copyOf(corrections);
    }

    /**
     * A change to one object of a result.
     *
     * @param object its id in the result
     * @param change as JSON
     */
    public record StoredCorrection(long id, String object, String change, Instant created) {}
}
