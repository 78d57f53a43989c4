package org.vilam.assistant.models;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Consumer;
import org.vilam.vision.checkpoint.ModelFolder;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

/**
 * Puts a model into a store: a model folder as it is, or published weights by {@linkplain ModelImport importing} them, from a
 * local folder or from an HTTP(S) address whose files are laid out as in Hugging Face's repositories.
 *
 * <p>The model appears under its name when it is whole and verified. What was downloaded before a break is kept in a hidden
 * folder of the store and used by the next attempt from the same address.
 */
public final class ModelInstall {
    private static final String PROVENANCE = "provenance.json";
    private static final String CONFIG = "config.json";
    private static final List<String> INDEXES = List.of("model.safetensors.index.json", "pytorch_model.bin.index.json");
    private static final List<String> WEIGHTS = List.of("model.safetensors", "pytorch_model.bin");
    private static final List<String> WORDS = List.of("tokenizer.json", "tokenizer.model", "beit3.spm", "vocab.txt");
    private static final List<String> FURTHER_WORDS =
            List.of("qformer_tokenizer/tokenizer.json", "qformer_tokenizer/vocab.txt");

    private final ModelStore store;
    private final Consumer<String> progress;
    private final int attempts;
    private final Duration pause;

    /** Installs into a store; {@code progress} is told what goes on, a line each. */
    public ModelInstall(ModelStore store, Consumer<String> progress) {
        this(store, progress, 6, Duration.ofSeconds(1));
    }

    ModelInstall(ModelStore store, Consumer<String> progress, int attempts, Duration pause) {
        this.store = store;
        this.progress = progress;
        this.attempts = attempts;
        this.pause = pause;
    }

    /**
     * Installs from a local folder.
     *
     * @throws VilamException MODEL_INVALID when the folder is a damaged model; the errors of an import otherwise
     */
    public ModelFolder fromFolder(Path source, String id) {
        Path target = store.target(id);
        if (!Files.isDirectory(source)) {
            throw new VilamException(
                    ErrorCode.FILE_UNREADABLE,
                    source + " is no folder",
                    "Name the folder of a model, or use 'models import' for a weight file.");
        }
        if (!Files.exists(source.resolve(PROVENANCE))) {
            return ModelImport.of(List.of(source)).into(target).folder();
        }
        ModelFolder model = ModelFolder.open(source).verify();
        Path temporary = store.root().resolve("." + id + "." + UUID.randomUUID() + ".tmp");
        try {
            try {
                copy(source, temporary, PROVENANCE);
                for (String name : new TreeSet<>(model.provenance().sha256().keySet())) {
                    copy(source, temporary, name);
                }
                return publish(temporary, target);
            } finally {
                ModelStore.delete(temporary);
            }
        } catch (IOException e) {
            throw ModelStore.unusable(target, e);
        }
    }

    private static void copy(Path from, Path into, String name) throws IOException {
        Path file = into.resolve(name);
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Files.copy(from.resolve(name), file);
    }

    private static ModelFolder publish(Path whole, Path target) throws IOException {
        ModelFolder.open(whole).verify();
        Files.move(whole, target, StandardCopyOption.ATOMIC_MOVE);
        return ModelFolder.open(target);
    }

    /**
     * Installs from an address: of the files themselves, or of a Hugging Face repository, whose files lie below {@code
     * resolve/main}.
     *
     * @throws VilamException FILE_UNREADABLE when the server fails or has no model; MODEL_INVALID when a sum is wrong; BUSY when
     *     another process installs a model of this name; the errors of an import
     */
    public ModelFolder fromAddress(URI address, String id) {
        Path target = store.target(id);
        Path staging = store.root().resolve("." + id + ".install");
        HttpFolder folder = new HttpFolder(address, attempts, pause, progress);
        try {
            Files.createDirectories(staging);
            ModelFolder installed;
            try (FileChannel channel = FileChannel.open(
                            staging.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = lock(channel, id)) {
                installed = install(folder, staging, target);
            }
            ModelStore.delete(staging);
            return installed;
        } catch (IOException e) {
            throw ModelStore.unusable(staging, e);
        }
    }

    private static FileLock lock(FileChannel channel, String id) throws IOException {
        FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null; // by this process
        }
        if (lock == null) {
            throw new VilamException(
                    ErrorCode.BUSY, "a model " + id + " is being installed already", "Wait until that has ended.");
        }
        return lock;
    }

    private ModelFolder install(HttpFolder folder, Path staging, Path target) throws IOException {
        Path files = staging.resolve("files");
        Path from = staging.resolve("address");
        // Half of one model must not be completed by half of another.
        if (!Files.exists(from) || !Files.readString(from).equals(folder.base().toString())) {
            ModelStore.delete(files);
            Files.writeString(from, folder.base().toString());
        }
        // Small files are asked for anew: they say what the large ones must be.
        Files.deleteIfExists(files.resolve(PROVENANCE));
        Files.deleteIfExists(files.resolve(CONFIG));
        HttpFolder below = folder.folder("resolve/main/");
        for (HttpFolder place : List.of(folder, below)) {
            if (place.download(PROVENANCE, files.resolve(PROVENANCE), null)) {
                return model(place, files, target);
            }
            if (place.download(CONFIG, files.resolve(CONFIG), null)) {
                published(place, files);
                return ModelImport.of(List.of(files)).into(target).folder();
            }
        }
        throw new VilamException(
                ErrorCode.FILE_UNREADABLE,
                folder.base() + " holds neither " + PROVENANCE + " nor " + CONFIG,
                "Give the address of a model's folder or of its Hugging Face repository.");
    }

    private static ModelFolder model(HttpFolder place, Path files, Path target) throws IOException {
        JsonNode sums = json(files.resolve(PROVENANCE)).path("sha256");
        for (var sum : sums.properties()) {
            Path file = inside(files, sum.getKey());
            if (!place.download(sum.getKey(), file, sum.getValue().asText())) {
                throw missing(place, sum.getKey());
            }
        }
        ModelFolder.open(files).verify();
        Files.move(files, target, StandardCopyOption.ATOMIC_MOVE);
        return ModelFolder.open(target);
    }

    private static void published(HttpFolder place, Path files) throws IOException {
        for (String name : WORDS) {
            place.download(name, files.resolve(name), null);
        }
        for (String name : FURTHER_WORDS) {
            place.download(name, inside(files, name), null);
        }
        for (String index : INDEXES) {
            Path file = files.resolve(index);
            Files.deleteIfExists(file);
            if (place.download(index, file, null)) {
                TreeSet<String> shards = new TreeSet<>();
                json(file).path("weight_map").forEach(shard -> shards.add(shard.asText()));
                for (String shard : shards) {
                    if (!place.download(shard, inside(files, shard), null)) {
                        throw missing(place, shard);
                    }
                }
                return;
            }
        }
        for (String name : WEIGHTS) {
            if (place.download(name, files.resolve(name), null)) {
                return;
            }
        }
        throw missing(place, String.join(" or ", WEIGHTS));
    }

    private static JsonNode json(Path file) throws IOException {
        try {
            return ModelStore.JSON.readTree(Files.readAllBytes(file));
        } catch (JsonProcessingException e) {
            throw new VilamException(
                    ErrorCode.MODEL_INVALID,
                    file.getFileName() + " is no JSON: " + e.getOriginalMessage(),
                    "Check the address: a page for people may have come instead of the file.",
                    e);
        }
    }

    /** A name from the network must not lead out of the folder. */
    private static Path inside(Path folder, String name) {
        Path file = folder.resolve(name).normalize();
        if (name.isEmpty()
                || name.contains("\\")
                || name.contains(":")
                || !file.startsWith(folder.normalize())
                || file.equals(folder.normalize())) {
            throw new VilamException(
                    ErrorCode.MODEL_INVALID,
                    "a file '" + name + "' would lie outside of the model's folder",
                    "Do not install from this address.");
        }
        return file;
    }

    private static VilamException missing(HttpFolder place, String name) {
        return new VilamException(
                ErrorCode.FILE_UNREADABLE,
                place.base() + " lacks " + name,
                "The model there is not complete; check the address.");
    }
}
