package org.vilam.web.store;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The same question asked of several pictures.
 *
 * @param request as JSON
 * @param finished null until it is done or cancelled
 * @param items one for each picture, in the order of the request
 */
public record StoredJob(
        String id,
        String request,
        State state,
        Instant created,
        @Nullable Instant finished,
        List<Item> items) {
    public StoredJob {
        items = List.copyOf(items);
    }

    /** How far a job is. */
    public enum State {
        QUEUED,
        RUNNING,
        DONE,
        CANCELLED;

        /** Whether nothing more will happen. */
        public boolean ended() {
            return this == DONE || this == CANCELLED;
        }
    }

    /**
     * One picture's part; neither result nor problem while it waits.
     *
     * @param image id of the picture
     * @param result as JSON
     * @param problem as JSON
     */
    public record Item(
            int number,
            String image,
            @Nullable String result,
            @Nullable String problem) {
        /** Whether this picture has been looked at. */
        public boolean ended() {
            return result != null || problem != null;
        }
    }

    /** How many pictures have been looked at. */
    public int ended() {
        return (int) items.stream().filter(Item::ended).count();
    }
}
