package org.vilam.assistant.models;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.vilam.assistant.text.TokenizerFile;
import org.vilam.vision.checkpoint.DType;
import org.vilam.vision.checkpoint.LoadReport;
import org.vilam.vision.checkpoint.ModelFamilies;
import org.vilam.vision.checkpoint.ModelFamily;
import org.vilam.vision.checkpoint.ModelFolder;
import org.vilam.vision.checkpoint.Provenance;
import org.vilam.vision.checkpoint.ShardedSafetensorsWriter;
import org.vilam.vision.checkpoint.TensorInfo;
import org.vilam.vision.checkpoint.TensorSource;
import org.vilam.vision.checkpoint.TokenizerKind;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

/**
 * Makes a model folder of published weights: names and shapes are compared with the family's network, tensors are copied one by
 * one, and a forward pass is recorded to verify the model by later.
 *
 * <pre>{@code
 * ModelImport.of(List.of(trimmed, eva, vicuna)).family("instructblip")
 *         .tokenizer("tokenizer.json", tokenizerModel).tokenizer("qformer_tokenizer/tokenizer.json", vocabulary)
 *         .into(store.folder("vilam-7b"));
 * }</pre>
 */
public final class ModelImport {
    private static final long SHARD_BYTES = 4L << 30;

    private final List<Path> sources;
    private final Map<String, Path> tokenizers = new HashMap<>();
    private @Nullable String family;
    private @Nullable Path config;
    private @Nullable DType dtype;
    private boolean unexpectedAllowed;
    private String licence = "not stated";

    private ModelImport(List<Path> sources) {
        this.sources = List.copyOf(sources);
    }

    /**
     * Begins an import.
     *
     * @param sources weight files or folders that hold them, at least one; where several have a tensor the first one gives it
     */
    public static ModelImport of(List<Path> sources) {
        if (sources.isEmpty()) {
            throw new IllegalArgumentException("an import needs a file");
        }
        return new ModelImport(sources);
    }

    /** The family; by default the one that recognises the tensors. */
    public ModelImport family(String name) {
        family = name;
        return this;
    }

    /** The published configuration; by default config.json beside the first source. */
    public ModelImport config(Path file) {
        config = file;
        return this;
    }

    /**
     * The source of a tokenizer; by default it is looked for beside the first source.
     *
     * @param path in the model folder, {@code tokenizer.json} for the first
     */
    public ModelImport tokenizer(String path, Path source) {
        tokenizers.put(path, source);
        return this;
    }

    /** The type weights are stored in: F32, F16 or BF16; by default as published. */
    public ModelImport store(DType type) {
        if (type != DType.F32 && type != DType.F16 && type != DType.BF16) {
            throw new IllegalArgumentException("weights are stored as F32, F16 or BF16, not " + type);
        }
        dtype = type;
        return this;
    }

    /** Leaves out tensors that the network has no use for, instead of refusing them. */
    public ModelImport allowUnexpected() {
        unexpectedAllowed = true;
        return this;
    }

    /** The licence of the weights, to be kept in the provenance. */
    public ModelImport licence(String name) {
        licence = name;
        return this;
    }

    /**
     * A model that was imported.
     *
     * @param folder the model
     * @param family its family
     * @param report how the tensors fitted the network
     * @param probed whether a forward pass could be recorded; not where the model is larger than the memory
     */
    public record Imported(ModelFolder folder, ModelFamily family, LoadReport report, boolean probed) {}

    /**
     * Imports.
     *
     * @param target a folder that does not exist yet; there is nothing after an error
     * @throws VilamException CHECKPOINT_MISMATCH with the full report when a tensor is missing, of another shape or not
     *     expected; the errors of reading and writing
     */
    public Imported into(Path target) {
        List<TensorSource> opened = new ArrayList<>();
        try (NDManager manager = NDManager.newBaseManager()) {
            for (Path source : sources) {
                opened.add(TensorSource.open(source));
            }
            TensorSource published = TensorSource.joined(opened);
            ModelFamily kind = family == null ? ModelFamilies.of(published) : ModelFamilies.named(family);
            TensorSource named = TensorSource.joined(
                    opened.stream().map(kind.keyMap()::apply).toList());
            ObjectNode sizes = kind.config(named, published(published));
            LoadReport report = LoadReport.compare(named, kind.parameters(sizes, manager));
            if (unexpectedAllowed) {
                report.requireComplete();
            } else {
                report.requireExact();
            }
            boolean[] probed = new boolean[1];
            ModelFolder folder = ModelFolder.write(
                    target, provenance(kind), into -> probed[0] = write(into, kind, sizes, named, report, manager));
            return new Imported(folder, kind, report, probed[0]);
        } finally {
            opened.forEach(TensorSource::close);
        }
    }

    private Provenance provenance(ModelFamily kind) {
        List<String> names = sources.stream()
                .map(source -> String.valueOf(source.getFileName()))
                .toList();
        return new Provenance(names, "imported as " + kind.name(), null, "", Map.of(), licence);
    }

    private boolean write(
            Path into, ModelFamily kind, ObjectNode sizes, TensorSource named, LoadReport report, NDManager manager)
            throws IOException {
        for (Map.Entry<String, TokenizerKind> entry : kind.tokenizers().entrySet()) {
            Path file = into.resolve(entry.getKey());
            byte[] json = TokenizerFile.convert(tokenizer(entry.getKey(), entry.getValue()), entry.getValue());
            Files.createDirectories(Objects.requireNonNull(file.getParent()));
            Files.write(file, json);
        }
        writeWeights(into, named, report.loaded(), manager);
        Files.write(into.resolve("config.json"), pretty(sizes));
        Files.write(into.resolve("preprocessor.json"), pretty(kind.preprocessor(sizes)));
        return Probe.record(into, kind, sizes, manager);
    }

    private static byte[] pretty(JsonNode json) throws IOException {
        return ModelStore.JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(json);
    }

    private void writeWeights(Path into, TensorSource named, List<String> names, NDManager manager) {
        List<TensorInfo> infos = new ArrayList<>();
        for (String name : names) {
            infos.add(new TensorInfo(name, stored(named, name), named.shape(name)));
        }
        try (ShardedSafetensorsWriter out = ShardedSafetensorsWriter.create(into, infos, Map.of(), SHARD_BYTES)) {
            for (TensorInfo info : infos) {
                if (info.dtype() == named.dtype(info.name())) {
                    out.write(info.name(), named.data(info.name()));
                } else {
                    try (NDArray array = named.load(info.name(), manager)) {
                        out.write(info.name(), array);
                    }
                }
            }
            out.finish();
        }
    }

    private DType stored(TensorSource named, String name) {
        DType published = named.dtype(name);
        return dtype != null && published.floating() ? dtype : published;
    }

    private @Nullable JsonNode published(TensorSource source) {
        Path file = config == null ? beside(sources.get(0)).resolve("config.json") : config;
        if (config == null && source.config().isPresent()) {
            return source.config().get();
        }
        if (config == null && !Files.exists(file)) {
            return null;
        }
        try {
            JsonNode json = ModelStore.JSON.readTree(Files.readAllBytes(file));
            if (json.isObject()) {
                return json;
            }
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw invalid(file, "is no JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw ModelStore.unusable(file, e);
        }
        throw invalid(file, "is no configuration");
    }

    private static VilamException invalid(Path file, String detail) {
        return new VilamException(
                ErrorCode.MODEL_INVALID,
                file + " " + detail,
                "Copy config.json again from where the weights came from, or name another with --config.");
    }

    private Path tokenizer(String path, TokenizerKind kind) {
        Path given = tokenizers.get(path);
        if (given != null) {
            return given;
        }
        Path folder = beside(sources.get(0));
        Path wanted = folder.resolve(path);
        String published = switch (kind) {
            case LLAMA -> "tokenizer.model";
            case XLM_ROBERTA -> "beit3.spm";
            case BERT -> "vocab.txt";
            case CLIP -> "tokenizer.json";
        };
        return Stream.of(wanted, wanted.resolveSibling(published))
                .filter(Files::isRegularFile)
                .findFirst()
                .orElseThrow(() -> new VilamException(
                        ErrorCode.INVALID_ARGUMENT,
                        "the model needs a tokenizer " + path + ", and neither it nor " + published + " lies in "
                                + wanted.getParent(),
                        "Name it: --tokenizer " + path + "=" + published + "."));
    }

    private static Path beside(Path source) {
        Path absolute = source.toAbsolutePath();
        return Files.isDirectory(absolute) ? absolute : Objects.requireNonNull(absolute.getParent());
    }

    /** The shapes of a family's network, as a convenience for {@code info}. */
    static Map<String, Shape> parameters(ModelFamily kind, JsonNode config) {
        try (NDManager manager = NDManager.newBaseManager()) {
            return kind.parameters(config, manager);
        }
    }
}
