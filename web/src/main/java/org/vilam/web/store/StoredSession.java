package org.vilam.web.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A conversation about one picture.
 *
 * @param image id of the picture
 * @param turns how many there are
 * @param title the first turn's instruction; null before it
 */
public record StoredSession(
        String id, String image, int turns, @Nullable String title, Instant created, Instant updated) {}
