package org.vilam.web.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

/**
 * A home folder in use: {@code vilam.db}, {@code images/}, and a lock that keeps a second program out.
 *
 * <p>Safe for several threads.
 */
public final class Store implements AutoCloseable {
    private final FileChannel lock;
    private final Database database;
    private final ImageStore images;
    private final SessionStore sessions;
    private final JobStore jobs;

    private Store(FileChannel lock, Database database, ImageStore images) {
        this.lock = lock;
        this.database = database;
        this.images = images;
        this.sessions = new SessionStore(database);
        this.jobs = new JobStore(database);
    }

    /**
     * Opens the store of a home folder, which is made where it does not exist.
     *
     * @throws VilamException CONFLICT when another program has it; FILE_UNREADABLE when it cannot be used
     */
    public static Store open(Path home) {
        try {
            Files.createDirectories(home);
            FileChannel lock = lock(home);
            try {
                Database database = Database.open(home.resolve("vilam.db"));
                try {
                    return new Store(lock, database, new ImageStore(database, home.resolve("images")));
                } catch (IOException | RuntimeException e) {
                    database.close();
                    throw e;
                }
            } catch (IOException | RuntimeException e) {
                lock.close();
                throw e;
            }
        } catch (IOException e) {
            throw new VilamException(
                    ErrorCode.FILE_UNREADABLE,
                    home + ": the folder cannot be used: " + e.getMessage(),
                    "Choose a folder that can be written with --home or VILAM_HOME.",
                    e);
        }
    }

    /** The system lets go of the lock when the program ends, however it ends. */
    private static FileChannel lock(Path home) throws IOException {
        FileChannel channel =
                FileChannel.open(home.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) {
                return channel;
            }
        } catch (OverlappingFileLockException e) {
            // held by this very program
        }
        channel.close();
        throw new VilamException(
                ErrorCode.CONFLICT,
                home + ": another program is using this folder",
                "Stop the other one, or choose another folder with --home.");
    }

    /** Pictures. */
    public ImageStore images() {
        return images;
    }

    /** Conversations. */
    public SessionStore sessions() {
        return sessions;
    }

    /** Batches. */
    public JobStore jobs() {
        return jobs;
    }

    /** {@code ok}, or what is wrong with the database. */
    public String integrity() {
        long dangling = database.danglingReferences();
        return dangling > 0 ? dangling + " rows point to nothing" : database.integrity();
    }

    @Override
    public void close() {
        database.close();
        try {
            lock.close();
        } catch (IOException e) {
            throw new IllegalStateException("the lock does not close", e);
        }
    }
}
