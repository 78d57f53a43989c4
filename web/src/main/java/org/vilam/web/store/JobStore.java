package org.vilam.web.store;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;
import org.vilam.web.store.StoredJob.Item;
import org.vilam.web.store.StoredJob.State;

/** Jobs and what became of each picture. A job that was running when the program ended is found again as running. */
public final class JobStore {
    private final Database database;

    JobStore(Database database) {
        this.database = database;
    }

    /** Puts a job in the queue. */
    public StoredJob create(String request, List<String> images) {
        String id = Ids.next();
        database.transaction(handle -> {
            handle.execute(
                    "INSERT INTO job (id, request, state, created) VALUES (?, ?, 'queued', ?)",
                    id,
                    request,
                    System.currentTimeMillis());
            for (int i = 0; i < images.size(); i++) {
                handle.execute("INSERT INTO job_item (job, number, image) VALUES (?, ?, ?)", id, i, images.get(i));
            }
            return id;
        });
        return get(id);
    }

    /**
     * The job with an id.
     *
     * @throws VilamException NOT_FOUND
     */
    public StoredJob get(String id) {
        return database.with(handle -> find(handle, id))
                .orElseThrow(() -> new VilamException(
                        ErrorCode.NOT_FOUND, "there is no such job", "Use the id that POST /v1/jobs answered."));
    }

    private static Optional<StoredJob> find(Handle handle, String id) {
        return handle.createQuery("SELECT * FROM job WHERE id = ?")
                .bind(0, id)
                .map((row, context) -> new StoredJob(
                        row.getString("id"),
                        row.getString("request"),
                        State.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
                        Instant.ofEpochMilli(row.getLong("created")),
                        Optional.ofNullable((Number) row.getObject("finished"))
                                .map(time -> Instant.ofEpochMilli(time.longValue()))
                                .orElse(null),
                        items(handle, id)))
                .findOne();
    }

    private static List<Item> items(Handle handle, String job) {
        return handle.createQuery("SELECT * FROM job_item WHERE job = ? ORDER BY number")
                .bind(0, job)
                .map((row, context) -> new Item(
                        row.getInt("number"),
                        row.getString("image"),
                        row.getString("result"),
                        row.getString("problem")))
                .list();
    }

    /** Ids of the jobs that have not ended, the oldest first. */
    public List<String> open() {
        return database.with(handle -> handle.createQuery(
                        "SELECT id FROM job WHERE state IN ('queued', 'running') ORDER BY created, id")
                .mapTo(String.class)
                .list());
    }

    /** Ids of the newest jobs. */
    public List<String> newest(int limit) {
        return database.with(handle -> handle.createQuery("SELECT id FROM job ORDER BY created DESC, id LIMIT ?")
                .bind(0, limit)
                .mapTo(String.class)
                .list());
    }

    /**
     * Moves a job on.
     *
     * @return false where it had ended already and stays as it was
     */
    public boolean advance(String id, State state) {
        return database.transaction(handle -> handle.execute(
                        "UPDATE job SET state = ?, finished = ? WHERE id = ? AND state IN ('queued', 'running')",
                        state.name().toLowerCase(Locale.ROOT),
                        state.ended() ? System.currentTimeMillis() : null,
                        id)
                > 0);
    }

    /** Records what became of a picture: a result or a problem. */
    public void answer(String id, int number, @Nullable String result, @Nullable String problem) {
        database.transaction(handle -> handle.execute(
                "UPDATE job_item SET result = ?, problem = ? WHERE job = ? AND number = ?",
                result,
                problem,
                id,
                number));
    }
}
