package org.vilam.assistant.models;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.vilam.vision.checkpoint.ModelFolder;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

/** A person's models: one folder each, in {@code $VILAM_HOME/models}. */
public final class ModelStore {
    static final ObjectMapper JSON = new ObjectMapper();

    /** No separator, no leading dot: such a name stays in the store and is not hidden. */
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

    private final Path root;

    /** The store in a folder, which need not exist yet. */
    public ModelStore(Path root) {
        this.root = root;
    }

    /** The store of the environment: {@code $VILAM_HOME/models}, or {@code ~/.vilam/models}. */
    public static ModelStore ofEnvironment() {
        String home = System.getenv("VILAM_HOME");
        return new ModelStore(
                home == null || home.isBlank()
                        ? Path.of(System.getProperty("user.home"), ".vilam", "models")
                        : Path.of(home, "models"));
    }

    /** The folder of the store. */
    public Path root() {
        return root;
    }

    /**
     * A model of the store as it stands there, whole or not.
     *
     * @param id its name
     * @param family what its config.json says, or empty
     * @param bytes of all its files
     * @param problem why it cannot be opened, or empty
     */
    public record Entry(String id, String family, long bytes, String problem) {}

    /** All models, by name; broken ones too. */
    public List<Entry> list() {
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        List<Entry> entries = new ArrayList<>();
        try (Stream<Path> folders = Files.list(root)) {
            for (Path folder : folders.filter(Files::isDirectory).sorted().toList()) {
                String id = folder.getFileName().toString();
                if (ID.matcher(id).matches()) {
                    entries.add(entry(id, folder));
                }
            }
        } catch (IOException e) {
            throw unusable(root, e);
        }
        return entries;
    }

    private static Entry entry(String id, Path folder) throws IOException {
        long bytes = size(folder);
        try {
            ModelFolder model = ModelFolder.open(folder);
            return new Entry(id, model.config().path("family").asText(""), bytes, "");
        } catch (VilamException e) {
            return new Entry(id, "", bytes, String.valueOf(e.getMessage()));
        }
    }

    static long size(Path folder) throws IOException {
        long bytes = 0;
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                bytes += Files.size(file);
            }
        }
        return bytes;
    }

    /**
     * Where a model of this name lies or would lie.
     *
     * @throws VilamException INVALID_ARGUMENT when it is no name of a model
     */
    public Path folder(String id) {
        if (!ID.matcher(id).matches()) {
            throw new VilamException(
                    ErrorCode.INVALID_ARGUMENT,
                    "'" + id + "' is no name of a model",
                    "Use letters, digits, '.', '_' and '-', beginning with a letter or digit.");
        }
        return root.resolve(id);
    }

    /**
     * Opens a model of the store.
     *
     * @throws VilamException NOT_FOUND; MODEL_INVALID
     */
    public ModelFolder open(String id) {
        return ModelFolder.open(existing(id));
    }

    /** Where a new model goes: its folder, in a store that exists.
     *
     * @throws VilamException INVALID_ARGUMENT when there is a model of this name already
     */
    Path target(String id) {
        Path folder = folder(id);
        if (Files.exists(folder)) {
            throw new VilamException(
                    ErrorCode.INVALID_ARGUMENT,
                    "there is a model " + id + " already",
                    "Choose another name with --name, or remove that one first.");
        }
        try {
            Files.createDirectories(root);
        } catch (IOException e) {
            throw unusable(root, e);
        }
        return folder;
    }

    /**
     * Removes a model. It is gone from the store at once, then its files are deleted.
     *
     * @return the bytes that were freed
     * @throws VilamException NOT_FOUND; FILE_UNREADABLE when the disk refuses
     */
    public long remove(String id) {
        Path folder = existing(id);
        Path hidden = root.resolve("." + id + "." + UUID.randomUUID() + ".removed");
        try {
            long bytes = size(folder);
            Files.move(folder, hidden, StandardCopyOption.ATOMIC_MOVE);
            delete(hidden);
            return bytes;
        } catch (IOException e) {
            throw unusable(folder, e);
        }
    }

    private Path existing(String id) {
        Path folder = folder(id);
        if (!Files.isDirectory(folder)) {
            throw new VilamException(
                    ErrorCode.NOT_FOUND,
                    "there is no model " + id + " in " + root,
                    "'models list' shows the models there are.");
        }
        return folder;
    }

    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    static VilamException unusable(Path path, IOException cause) {
        return new VilamException(
                ErrorCode.FILE_UNREADABLE,
                path + ": " + cause,
                "Check that the folder may be read and written and that the disk has space left.",
                cause);
    }
}
