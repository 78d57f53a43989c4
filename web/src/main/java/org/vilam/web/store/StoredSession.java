package org.vilam.web.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A conversation about one picture.
 *
 * @param image id of the picture
 * @param dialogue the assistant's memory as JSON; null before the first turn
 * @param turns how many there are
 * @param title the first turn's instruction; null before it
 */
public record StoredSession(
        String id,
        String image,
        @Nullable String dialogue,
        int turns,
        @Nullable String title,
        Instant created,
        Instant updated) {}
