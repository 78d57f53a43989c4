package org.vilam.assistant.chat.memory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

/**
 * Files that are there whole or not at all: written under another name, forced to the disk, then renamed. What a killed process left
 * under another name is no file of these.
 */
final class WholeFiles {
    private static final String UNFINISHED = ".part";
    /** No write takes so long. */
    private static final Duration ABANDONED = Duration.ofHours(1);

    private final Path folder;

    WholeFiles(Path folder) {
        this.folder = folder;
        try {
            Files.createDirectories(folder);
            clear();
        } catch (IOException e) {
            throw failed("the folder " + folder + " cannot be made", e);
        }
    }

    /** Takes away what writers left that were killed long ago. */
    private void clear() throws IOException {
        FileTime old = FileTime.from(Instant.now().minus(ABANDONED));
        try (DirectoryStream<Path> left = Files.newDirectoryStream(folder, "*" + UNFINISHED)) {
            for (Path file : left) {
                if (Files.getLastModifiedTime(file).compareTo(old) < 0) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    Optional<byte[]> read(String name) {
        try {
            return Optional.of(Files.readAllBytes(folder.resolve(name)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw failed(folder.resolve(name) + " cannot be read", e);
        }
    }

    boolean has(String name) {
        return Files.isRegularFile(folder.resolve(name));
    }

    void write(String name, byte[] content) {
        Path unfinished = null;
        try {
            unfinished = Files.createTempFile(folder, name.substring(0, Math.min(name.length(), 16)), UNFINISHED);
            try (FileChannel channel = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
                ByteBuffer left = ByteBuffer.wrap(content);
                while (left.hasRemaining()) {
                    channel.write(left);
                }
                channel.force(true);
            }
            Files.move(unfinished, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
            forceFolder();
        } catch (IOException e) {
            throw failed(folder.resolve(name) + " cannot be written", abandoned(unfinished, e));
        }
    }

    void delete(String name) {
        try {
            Files.deleteIfExists(folder.resolve(name));
            forceFolder();
        } catch (IOException e) {
            throw failed(folder.resolve(name) + " cannot be deleted", e);
        }
    }

    /** The new name too is on the disk; not every system lets a folder be opened. */
    private void forceFolder() {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            return; // Windows: the rename is in its journal
        }
    }

    private static IOException abandoned(@Nullable Path unfinished, IOException cause) {
        if (unfinished != null) {
            try {
                Files.deleteIfExists(unfinished);
            } catch (IOException e) {
                cause.addSuppressed(e);
            }
        }
        return cause;
    }

    private static VilamException failed(String what, IOException e) {
        return new VilamException(
                ErrorCode.FILE_UNREADABLE, what + ": " + e, "Check the disk's space and who may write there.", e);
    }
}
