package org.vilam.web.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

/**
 * One SQLite file, one connection, one caller at a time: every statement here takes well under a millisecond, and SQLite has one
 * writer in any case.
 *
 * <p>The file's {@code user_version} says how many migrations it has seen; those that it has not are run when it is opened, each
 * in a transaction of its own.
 */
final class Database implements AutoCloseable {
    /** The scripts, in order; a released one is never changed. */
    private static final List<String> MIGRATIONS = List.of("V001__images_sessions_jobs.sql");

    private final Connection connection;
    private final Jdbi jdbi;
    private final ReentrantLock lock = new ReentrantLock();

    private Database(Connection connection) {
        this.connection = connection;
        this.jdbi = Jdbi.create(connection);
    }

    /** @throws VilamException FILE_UNREADABLE when the file is none of ours or of a newer program */
    static Database open(Path file) {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        // In write-ahead mode NORMAL loses nothing to a killed process, and cannot be corrupted by a lost power supply.
        config.setSynchronous(SQLiteConfig.SynchronousMode.NORMAL);
        config.enforceForeignKeys(true);
        config.setBusyTimeout(5_000);
        SQLiteDataSource source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + file);
        Connection connection;
        try {
            connection = source.getConnection();
        } catch (SQLException e) {
            throw unusable(file, String.valueOf(e.getMessage()), e);
        }
        Database database = new Database(connection);
        try {
            database.migrate(file);
            return database;
        } catch (JdbiException e) {
            database.close();
            throw unusable(file, String.valueOf(e.getMessage()), e);
        } catch (VilamException e) {
            database.close();
            throw e;
        }
    }

    private void migrate(Path file) {
        int version = with(handle ->
                handle.createQuery("PRAGMA user_version").mapTo(Integer.class).one());
        if (version > MIGRATIONS.size()) {
            throw unusable(file, "it was written by a newer version of this program (schema " + version + ")", null);
        }
        for (int next = version; next < MIGRATIONS.size(); next++) {
            String script = script(MIGRATIONS.get(next));
            int reached = next + 1;
            transaction(handle -> {
                handle.createScript(script).execute();
                handle.execute("PRAGMA user_version = " + reached); // part of the transaction in SQLite
                return reached;
            });
        }
    }

    private static String script(String name) {
        try (InputStream in = Database.class.getResourceAsStream("migrations/" + name)) {
            if (in == null) {
                throw new IllegalStateException("migration " + name + " is not on the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException("migration " + name + " cannot be read", e);
        }
    }

    /** Reads. */
    <T> T with(HandleCallback<T, RuntimeException> work) {
        lock.lock();
        try {
            return jdbi.withHandle(work);
        } finally {
            lock.unlock();
        }
    }

    /** Writes: all of it or, when something is thrown, nothing. */
    <T> T transaction(HandleCallback<T, RuntimeException> work) {
        lock.lock();
        try {
            return jdbi.inTransaction(work);
        } finally {
            lock.unlock();
        }
    }

    /** SQLite's own verdict on the file: {@code ok}, or what is wrong with it. */
    String integrity() {
        return with(handle -> String.join(
                "; ",
                handle.createQuery("PRAGMA integrity_check").mapTo(String.class).list()));
    }

    /** Rows that point to nothing. */
    long danglingReferences() {
        return with((Handle handle) -> (long)
                handle.createQuery("PRAGMA foreign_key_check").mapToMap().list().size());
    }

    @Override
    public void close() {
        lock.lock();
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IllegalStateException("the database does not close", e);
        } finally {
            lock.unlock();
        }
    }

    private static VilamException unusable(Path file, String why, @Nullable Throwable cause) {
        return new VilamException(
                ErrorCode.FILE_UNREADABLE,
                file + ": the store cannot be used: " + why,
                "Choose another folder with --home, or move this file away to begin with an empty store.",
                cause);
    }
}
