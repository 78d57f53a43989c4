package org.vilam.web.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jdbi.v3.core.mapper.RowMapper;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

/**
 * Pictures as they were sent, {@code images/ab/<sha256>}, and copies made of them, {@code images/ab/<sha256>.<kind>}.
 *
 * <p>A file is written under another name, forced to the disk and renamed, and only then put on record: a name that exists holds
 * the whole content.
 */
public final class ImageStore {
    private static final Pattern ID = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern KIND = Pattern.compile("[a-z]+\\.[a-z]+");
    private static final RowMapper<StoredImage> ROW = (row, context) -> new StoredImage(
            row.getString("id"),
            row.getInt("width"),
            row.getInt("height"),
            row.getString("media_type"),
            row.getInt("exif_orientation"),
            row.getLong("bytes"));

    private final Database database;
    private final Path folder;
    private final Path unfinished;

    ImageStore(Database database, Path folder) throws IOException {
        this.database = database;
        this.folder = Files.createDirectories(folder);
        this.unfinished = Files.createDirectories(folder.resolve("unfinished"));
        try (DirectoryStream<Path> left = Files.newDirectoryStream(unfinished)) {
            for (Path file : left) {
                Files.deleteIfExists(file); // of a program that was killed
            }
        }
    }

    /** Keeps a picture; one that is there already stays as it is. */
    public void put(StoredImage image, byte[] file) {
        Path target = path(image.id());
        if (!Files.exists(target)) {
            write(target, file);
        }
        database.transaction(handle -> handle.createUpdate("""
                        INSERT INTO image (id, width, height, media_type, exif_orientation, bytes, created)
                        VALUES (:id, :width, :height, :mediaType, :exifOrientation, :bytes, :now)
                        ON CONFLICT (id) DO NOTHING""")
                .bindMethods(image)
                .bind("now", System.currentTimeMillis())
                .execute());
    }

    /** What is on record, where there is such a picture. */
    public Optional<StoredImage> find(String id) {
        return database.with(handle -> handle.createQuery("SELECT * FROM image WHERE id = ?")
                .bind(0, id)
                .map(ROW)
                .findOne());
    }

    /** The picture whose id begins so, where there is exactly one. */
    public Optional<StoredImage> findByPrefix(String prefix) {
        List<StoredImage> found = database.with(
                handle -> handle.createQuery("SELECT * FROM image WHERE id >= ? AND id < ? || 'g' LIMIT 2")
                        .bind(0, prefix)
                        .bind(1, prefix)
                        .map(ROW)
                        .list());
        return found.size() == 1 ? Optional.of(found.get(0)) : Optional.empty();
    }

    /**
     * What is known about a picture.
     *
     * @throws VilamException NOT_FOUND
     */
    public StoredImage get(String id) {
        return find(id).orElseThrow(() -> missing(id));
    }

    /**
     * The file as it was sent.
     *
     * @throws VilamException NOT_FOUND, also where someone took the file away
     */
    public byte[] file(String id) {
        try {
            return Files.readAllBytes(path(get(id).id()));
        } catch (NoSuchFileException e) {
            throw missing(id);
        } catch (IOException e) {
            throw refused(e);
        }
    }

    /**
     * A copy of a picture, where one was made.
     *
     * @param kind such as {@code thumbnail.jpg}
     */
    public Optional<byte[]> copy(String id, String kind) {
        try {
            return Optional.of(Files.readAllBytes(copyPath(id, kind)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw refused(e);
        }
    }

    /** Keeps a copy. */
    public void putCopy(String id, String kind, byte[] content) {
        write(copyPath(id, kind), content);
    }

    /**
     * Forgets a picture and its copies.
     *
     * @throws VilamException NOT_FOUND; CONFLICT while a session or job has it
     */
    public void delete(String id) {
        get(id);
        database.transaction(handle -> {
            long used = handle.createQuery("SELECT (SELECT count(*) FROM session WHERE image = :id)"
                            + " + (SELECT count(*) FROM job_item WHERE image = :id)")
                    .bind("id", id)
                    .mapTo(Long.class)
                    .one();
            if (used > 0) {
                throw new VilamException(
                        ErrorCode.CONFLICT,
                        "image " + id + " belongs to " + used + " session(s) or job item(s)",
                        "Delete those first.");
            }
            return handle.execute("DELETE FROM image WHERE id = ?", id);
        });
        Path file = path(id);
        try (DirectoryStream<Path> all = Files.newDirectoryStream(Objects.requireNonNull(file.getParent()), id + "*")) {
            for (Path each : all) {
                Files.deleteIfExists(each);
            }
        } catch (IOException e) {
            throw refused(e);
        }
    }

    /** Ids of all pictures, oldest first. */
    public List<String> ids() {
        return database.with(handle -> handle.createQuery("SELECT id FROM image ORDER BY created, id")
                .mapTo(String.class)
                .list());
    }

    private Path path(String id) {
        if (!ID.matcher(id).matches()) {
            throw missing(id);
        }
        return folder.resolve(id.substring(0, 2)).resolve(id);
    }

    private Path copyPath(String id, String kind) {
        if (!KIND.matcher(kind).matches()) {
            throw new IllegalArgumentException("a copy is not called " + kind);
        }
        Path file = path(id);
        return file.resolveSibling(file.getFileName() + "." + kind);
    }

    private void write(Path target, byte[] content) {
        Path temporary = unfinished.resolve(UUID.randomUUID().toString());
        try {
            Files.createDirectories(Objects.requireNonNull(target.getParent()));
            try {
                writeThrough(temporary, content);
                Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            throw refused(e);
        }
    }

    private static void writeThrough(Path file, byte[] content) throws IOException {
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer rest = ByteBuffer.wrap(content);
            while (rest.hasRemaining()) {
                out.write(rest);
            }
            out.force(true);
        }
    }

    private static VilamException missing(String id) {
        return new VilamException(
                ErrorCode.NOT_FOUND,
                "there is no image " + (ID.matcher(id).matches() ? id : "of this id"),
                "Send the image to POST /v1/images and use the id of its answer.");
    }

    private VilamException refused(IOException e) {
        return new VilamException(
                ErrorCode.FILE_UNREADABLE,
                "the image folder cannot be read or written: " + e.getMessage(),
                "Check the disk space and the rights of " + folder + ", or choose another folder with --home.",
                e);
    }
}
