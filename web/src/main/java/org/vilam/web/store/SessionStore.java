package org.vilam.web.store;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jspecify.annotations.Nullable;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;
import org.vilam.web.store.StoredTurn.StoredCorrection;

/** Sessions, their turns and the corrections of people. Ids and numbers that are not there are NOT_FOUND. */
public final class SessionStore {
    private static final String SELECT = """
            SELECT s.*, (SELECT count(*) FROM turn t WHERE t.session = s.id) AS turns,
                   (SELECT json_extract(t.request, '$.instruction') FROM turn t
                     WHERE t.session = s.id AND t.number = 1) AS title
              FROM session s""";
    private static final RowMapper<StoredSession> SESSION = (row, context) -> new StoredSession(
            row.getString("id"),
            row.getString("image"),
            row.getInt("turns"),
            row.getString("title"),
            Instant.ofEpochMilli(row.getLong("created")),
            Instant.ofEpochMilli(row.getLong("updated")));
    private static final RowMapper<StoredCorrection> CORRECTION = (row, context) -> new StoredCorrection(
            row.getLong("id"),
            row.getString("object"),
            row.getString("change"),
            Instant.ofEpochMilli(row.getLong("created")));

    private final Database database;

    SessionStore(Database database) {
        this.database = database;
    }

    /** Begins a session about a picture on record. */
    public StoredSession create(String image) {
        String id = Ids.next();
        long now = System.currentTimeMillis();
        database.transaction(handle -> handle.execute(
                "INSERT INTO session (id, image, created, updated) VALUES (?, ?, ?, ?)", id, image, now, now));
        return get(id);
    }

    /** The session. */
    public StoredSession get(String id) {
        return database.with(handle -> handle.createQuery(SELECT + " WHERE s.id = ?")
                        .bind(0, id)
                        .map(SESSION)
                        .findOne())
                .orElseThrow(() -> missing("session"));
    }

    /** The sessions, the last used first. */
    public List<StoredSession> list(int limit) {
        return database.with(handle -> handle.createQuery(SELECT + " ORDER BY s.updated DESC, s.id LIMIT ?")
                .bind(0, limit)
                .map(SESSION)
                .list());
    }

    /** Forgets a session with its turns and corrections; its picture stays. */
    public void delete(String id) {
        if (database.transaction(handle -> handle.execute("DELETE FROM session WHERE id = ?", id)) == 0) {
            throw missing("session");
        }
    }

    /**
     * Adds a turn.
     *
     * @return the turn's number
     */
    public int addTurn(String session, String request, String result) {
        long now = System.currentTimeMillis();
        return database.transaction(handle -> {
            int changed = handle.execute("UPDATE session SET updated = ? WHERE id = ?", now, session);
            if (changed == 0) {
                throw missing("session");
            }
            int number = handle.createQuery("SELECT coalesce(max(number), 0) + 1 FROM turn WHERE session = ?")
                    .bind(0, session)
                    .mapTo(Integer.class)
                    .one();
            handle.execute("INSERT INTO turn VALUES (?, ?, ?, ?, ?)", session, number, request, result, now);
            return number;
        });
    }

    /** A turn with its corrections. */
    public StoredTurn turn(String session, int number) {
        return database.with(handle -> turns(handle, session, number).stream().findFirst())
                .orElseThrow(() -> missing("turn"));
    }

    /** The turns of a session in order, with their corrections. */
    public List<StoredTurn> turns(String session) {
        return database.with(handle -> turns(handle, session, null));
    }

    private static List<StoredTurn> turns(Handle handle, String session, @Nullable Integer number) {
        return handle.createQuery("SELECT * FROM turn WHERE session = :session"
                        + (number == null ? "" : " AND number = " + number) + " ORDER BY number")
                .bind("session", session)
                .map((row, context) -> new StoredTurn(
                        row.getInt("number"),
                        row.getString("request"),
                        row.getString("result"),
                        Instant.ofEpochMilli(row.getLong("created")),
                        corrections(handle, session, row.getInt("number"))))
                .list();
    }

    private static List<StoredCorrection> corrections(Handle handle, String session, int turn) {
        return handle.createQuery("SELECT * FROM correction WHERE session = ? AND turn = ? ORDER BY id")
                .bind(0, session)
                .bind(1, turn)
                .map(CORRECTION)
                .list();
    }

    /** Adds a correction to a turn. */
    public void addCorrection(String session, int turn, String object, String change) {
        long now = System.currentTimeMillis();
        database.transaction(handle -> {
            handle.execute("UPDATE session SET updated = ? WHERE id = ?", now, session);
            return handle.execute(
                    "INSERT INTO correction (session, turn, object, change, created) VALUES (?, ?, ?, ?, ?)",
                    session,
                    turn,
                    object,
                    change,
                    now);
        });
    }

    /**
     * Takes the last correction of a turn back.
     *
     * @return what it was; empty where there was none
     */
    public Optional<StoredCorrection> undoCorrection(String session, int turn) {
        return database.transaction(handle -> {
            Optional<StoredCorrection> last = handle.createQuery(
                            "SELECT * FROM correction WHERE session = ? AND turn = ? ORDER BY id DESC LIMIT 1")
                    .bind(0, session)
                    .bind(1, turn)
                    .map(CORRECTION)
                    .findOne();
            last.ifPresent(correction -> handle.execute("DELETE FROM correction WHERE id = ?", correction.id()));
            return last;
        });
    }

    private static VilamException missing(String what) {
        return new VilamException(
                ErrorCode.NOT_FOUND, "there is no such " + what, "GET /v1/sessions lists the sessions there are.");
    }
}
