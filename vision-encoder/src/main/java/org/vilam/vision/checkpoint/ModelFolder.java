package org.vilam.vision.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

/**
 * A model: a folder with {@code config.json}, {@code model.safetensors} (or shards with {@code
 * model.safetensors.index.json}), {@code tokenizer.json}, {@code preprocessor.json} and {@code provenance.json}, which
 * records the sha256 of all others.
 */
public final class ModelFolder {
    static final String PROVENANCE = "provenance.json";

    private static final String CONFIG = "config.json";
    private static final String TOKENIZER = "tokenizer.json";
    private static final String PREPROCESSOR = "preprocessor.json";
    private static final String WEIGHTS = "model.safetensors";
    private static final String INDEX = "model.safetensors.index.json";
    private static final long MAX_JSON_BYTES = 64 << 20;
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final Path path;
    private final JsonNode config;
    private final JsonNode preprocessor;
    private final Provenance provenance;
    private final String sha256;

    private ModelFolder(Path path, JsonNode config, JsonNode preprocessor, Provenance provenance, String sha256) {
        this.path = path;
        this.config = config;
        this.preprocessor = preprocessor;
        this.provenance = provenance;
        this.sha256 = sha256;
    }

    /**
     * Opens a folder: checks that every file is there and on record, and reads the three small ones. The weights are not
     * read; see {@link #verify()}.
     *
     * @throws VilamException MODEL_INVALID naming the file that is missing or not readable
     */
    public static ModelFolder open(Path folder) {
        for (String name : List.of(CONFIG, TOKENIZER, PREPROCESSOR, PROVENANCE)) {
            require(folder, name);
        }
        byte[] recordedJson = bytes(folder, PROVENANCE);
        Provenance provenance = provenance(folder, recordedJson);
        Set<String> recorded = provenance.sha256().keySet();
        for (String name : required(folder)) {
            if (!recorded.contains(name)) {
                throw invalid(folder, PROVENANCE + " has no sha256 of " + name);
            }
        }
        for (String name : recorded) {
            if (!ShardedCheckpoint.isInside(name)) {
                throw invalid(folder, PROVENANCE + " names " + name + ", which leaves the folder");
            }
            require(folder, name);
        }
        return new ModelFolder(
                folder,
                parse(folder, CONFIG, bytes(folder, CONFIG)),
                parse(folder, PREPROCESSOR, bytes(folder, PREPROCESSOR)),
                provenance,
                Sha256.of(recordedJson));
    }

    /** The files that make a model, but for the provenance. */
    private static List<String> required(Path folder) {
        List<String> names = new ArrayList<>(List.of(CONFIG, TOKENIZER, PREPROCESSOR));
        if (Files.exists(folder.resolve(INDEX))) {
            names.add(INDEX);
            names.addAll(ShardedCheckpoint.shardNames(folder.resolve(INDEX)));
        } else {
            names.add(WEIGHTS);
        }
        names.forEach(name -> require(folder, name));
        return names;
    }

    /**
     * Opens a model that is bundled with the program.
     *
     * <p>A model inside a jar is copied, once, to {@code cache/<digest>/<id>}, and checked against its recorded digests each
     * time; a damaged copy is replaced. A model on an unpacked class path is opened where it lies.
     *
     * @param anchor a class of the jar
     * @param resource absolute resource path of the folder, such as {@code /models/mini}
     * @param cache the folder for copies; made where it does not exist
     * @throws VilamException MODEL_INVALID
     */
    public static ModelFolder bundled(Class<?> anchor, String resource, Path cache) {
        return BundledModel.open(anchor, resource, cache);
    }

    /** Fills a folder that is being written with everything but {@code provenance.json}. */
    @FunctionalInterface
    public interface Contents {
        /** Writes config.json, tokenizer.json, preprocessor.json and the weights into {@code folder}. */
        void writeTo(Path folder) throws IOException;
    }

    /**
     * Writes a model. The folder appears under its name when everything is in it; after an error there is nothing.
     *
     * @param target a folder that does not exist yet, in one that does
     * @param provenance what to record; the digests are added here
     * @throws VilamException INVALID_ARGUMENT when {@code target} is there; MODEL_INVALID when {@code contents} left a file
     *     out; FILE_UNREADABLE when the disk refuses
     */
    public static ModelFolder write(Path target, Provenance provenance, Contents contents) {
        if (Files.exists(target)) {
            throw new VilamException(
                    ErrorCode.INVALID_ARGUMENT, target + ": is there already", "Give the model a new name.");
        }
        Path temporary = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp");
        try {
            Files.createDirectory(temporary);
            try {
                contents.writeTo(temporary);
                required(temporary);
                Provenance complete = provenance.withSha256(Sha256.ofAll(temporary));
                PrettyJson.write(temporary.resolve(PROVENANCE), complete.toJson());
                open(temporary);
                Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                delete(temporary);
            }
        } catch (IOException e) {
            throw SafetensorsWriter.unwritable(target, e);
        }
        return open(target);
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

    /**
     * Reads every file and compares it with its recorded sha256.
     *
     * @return this folder
     * @throws VilamException MODEL_INVALID naming the first file that differs
     */
    public ModelFolder verify() {
        new TreeMap<>(provenance.sha256()).forEach((name, expected) -> {
            String found = Sha256.of(path.resolve(name));
            if (!found.equalsIgnoreCase(expected)) {
                throw invalid(path, name + " has sha256 " + found + ", recorded is " + expected);
            }
        });
        return this;
    }

    /** Where the folder is. */
    public Path path() {
        return path;
    }

    /** The folder's name. */
    public String id() {
        return String.valueOf(path.getFileName());
    }

    /** The digest of {@code provenance.json}, which holds those of all files: it identifies the model. */
    public String sha256() {
        return sha256;
    }

    /** {@code config.json}: architecture and sizes, in the reference's names. */
    public JsonNode config() {
        return config.deepCopy();
    }

    /** {@code preprocessor.json}: image size, resampling, mean and deviation. */
    public JsonNode preprocessor() {
        return preprocessor.deepCopy();
    }

    /** The tokenizer's file. */
    public Path tokenizer() {
        return path.resolve(TOKENIZER);
    }

    /** Where the model comes from. */
    public Provenance provenance() {
        return provenance;
    }

    /** Opens the weights; the caller closes them. */
    public TensorSource openWeights() {
        return TensorSource.open(path);
    }

    private static void require(Path folder, String name) {
        if (!Files.isRegularFile(folder.resolve(name))) {
            throw invalid(folder, name + " is missing");
        }
    }

    private static byte[] bytes(Path folder, String name) {
        Path file = folder.resolve(name);
        try {
            if (Files.size(file) > MAX_JSON_BYTES) {
                throw invalid(folder, name + " is longer than " + MAX_JSON_BYTES + " bytes");
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw Refusals.unreadable(file, e);
        }
    }

    private static JsonNode parse(Object folder, String name, byte[] json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw invalid(folder, name + " is no JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory failed", e);
        }
    }

    static Provenance provenance(Object folder, byte[] json) {
        try {
            return Provenance.fromJson(parse(folder, PROVENANCE, json));
        } catch (IllegalArgumentException e) {
            throw invalid(folder, PROVENANCE + ": " + e.getMessage());
        }
    }

    static VilamException invalid(Object folder, String detail) {
        return new VilamException(
                ErrorCode.MODEL_INVALID,
                folder + ": " + Refusals.legible(detail),
                "Install the model again; a model folder is complete and is not edited by hand.");
    }
}
