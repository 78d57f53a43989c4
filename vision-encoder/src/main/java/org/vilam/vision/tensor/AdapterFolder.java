package org.vilam.vision.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.vilam.vision.checkpoint.DType;
import org.vilam.vision.checkpoint.SafetensorsFile;
import org.vilam.vision.checkpoint.SafetensorsWriter;
import org.vilam.vision.checkpoint.TensorInfo;
import org.vilam.vision.checkpoint.TensorSource;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

/**
 * Low-rank adapters in a folder, laid out as peft's: {@code adapter_model.safetensors} and {@code adapter_config.json}.
 *
 * <p>The configuration has one field that peft does not know and passes over, {@value #BASE_SHA256}: which model the adapters
 * were trained on. Beside any other they would give nonsense that looks like an answer. Which layers have an adapter is read
 * from the weights, whose names say it, and not from {@code target_modules}, which may be a regular expression.
 */
public final class AdapterFolder implements AutoCloseable {
    private static final String CONFIG = "adapter_config.json";
    private static final String WEIGHTS = "adapter_model.safetensors";
    private static final String BASE_SHA256 = "base_model_sha256";
    private static final long MAX_CONFIG_BYTES = 4 << 20;
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    /** Fields of peft that change what an adapter computes, with the only value this program computes. */
    private static final Map<String, List<String>> ONLY = Map.of(
            "bias", List.of("none"),
            "lora_bias", List.of("false"),
            "use_dora", List.of("false"),
            "use_rslora", List.of("false"),
            "fan_in_fan_out", List.of("false"),
            "rank_pattern", List.of("{}"),
            "alpha_pattern", List.of("{}"),
            "modules_to_save", List.of("[]"),
            "layer_replication", List.of("null"),
            "init_lora_weights", List.of("true", "false", "gaussian"));

    private final LoraConfig config;
    private final TensorSource weights;

    private AdapterFolder(LoraConfig config, TensorSource weights) {
        this.config = config;
        this.weights = weights;
    }

    /**
     * Opens a folder for use over a model.
     *
     * @param baseSha256 identifies the model, as {@link org.vilam.vision.checkpoint.ModelFolder#sha256()}; a folder that
     *     names none, as peft's own, fits every model whose layers have the shapes
     * @throws VilamException FILE_UNREADABLE; CHECKPOINT_CORRUPT; CHECKPOINT_UNSUPPORTED naming a field of the configuration
     *     that asks for another kind of adapter; CHECKPOINT_MISMATCH when the adapters belong to another model
     */
    public static AdapterFolder open(Path folder, String baseSha256) {
        Path file = folder.resolve(CONFIG);
        JsonNode json = json(file);
        JsonNode base = json.path(BASE_SHA256);
        if (!base.isMissingNode() && !base.isNull() && !base.asText().equalsIgnoreCase(baseSha256)) {
            throw new VilamException(
                    ErrorCode.CHECKPOINT_MISMATCH,
                    file + ": the adapters were trained on a model with another " + BASE_SHA256 + " than " + baseSha256,
                    "Open the model they were trained on; base_model_name_or_path names it.");
        }
        if (!json.path("peft_type").asText().equals("LORA")) {
            throw unsupported(file, "peft_type is not LORA");
        }
        ONLY.forEach((field, values) -> {
            JsonNode value = json.path(field);
            String text = value.isContainerNode() ? value.toString() : value.asText();
            if (!value.isMissingNode() && !value.isNull() && !values.contains(text)) {
                throw unsupported(file, field + " is not " + String.join(" or ", values));
            }
        });
        int rank = json.path("r").asInt(-1);
        double alpha = json.path("lora_alpha").asDouble(-1);
        double dropout = json.path("lora_dropout").asDouble(0);
        SafetensorsFile weights = SafetensorsFile.open(folder.resolve(WEIGHTS));
        try {
            Set<String> layers = layers(folder.resolve(WEIGHTS), weights, rank);
            return new AdapterFolder(new LoraConfig(rank, alpha, dropout, layers::contains), weights);
        } catch (IllegalArgumentException e) {
            weights.close();
            throw corrupt(file, "r, lora_alpha or lora_dropout is out of range: " + e.getMessage());
        } catch (RuntimeException e) {
            weights.close();
            throw e;
        }
    }

    /** The layers that have an A and a B in the file, each (rank, D) and (E, rank). */
    private static Set<String> layers(Path file, TensorSource weights, int rank) {
        Set<String> layers = new LinkedHashSet<>();
        for (String name : weights.names()) {
            boolean a = name.endsWith(LoraConfig.A);
            if (!name.startsWith(LoraAdapters.PEFT) || !(a || name.endsWith(LoraConfig.B))) {
                throw unsupported(file, "tensor " + name + " is no weight of a low-rank adapter");
            }
            String layer = name.substring(0, name.length() - LoraConfig.A.length());
            String other = layer + (a ? LoraConfig.B : LoraConfig.A);
            Shape shape = weights.shape(name);
            if (!weights.names().contains(other)
                    || shape.dimension() != 2
                    || shape.get(a ? 0 : 1) != rank
                    || !weights.dtype(name).floating()) {
                throw corrupt(file, "tensor " + name + " is not one of a pair of rank " + rank);
            }
            layers.add(layer.substring(LoraAdapters.PEFT.length()));
        }
        return layers;
    }

    private static JsonNode json(Path file) {
        try {
            if (Files.size(file) > MAX_CONFIG_BYTES) {
                throw corrupt(file, "is longer than " + MAX_CONFIG_BYTES + " bytes");
            }
            return JSON.readTree(Files.readAllBytes(file));
        } catch (JsonProcessingException e) {
            throw corrupt(file, "is no JSON");
        } catch (IOException e) {
            throw new VilamException(
                    ErrorCode.FILE_UNREADABLE,
                    file + ": cannot be read",
                    "Give a folder with " + CONFIG + " and " + WEIGHTS + ".",
                    e);
        }
    }

    /**
     * Writes adapters. The folder appears under its name when everything is in it.
     *
     * @param folder one that does not exist yet, in one that does
     * @param base name or path of the model they were trained on
     * @param baseSha256 what identifies it, as in {@link #open}
     * @throws VilamException INVALID_ARGUMENT when the folder is there or the network has no adapters; FILE_UNREADABLE when
     *     the disk refuses
     */
    public static void write(Path folder, LoraAdapters adapters, String base, String baseSha256) {
        if (Files.exists(folder)) {
            throw new VilamException(
                    ErrorCode.INVALID_ARGUMENT, folder + ": is there already", "Give the adapters a new name.");
        }
        if (adapters.layers().isEmpty()) {
            throw new VilamException(
                    ErrorCode.INVALID_ARGUMENT,
                    folder
                            + ": no layer of the network was named by the adapters' targets, so there is nothing to"
                            + " write",
                    "Compare the targets with the names of the network's weights.");
        }
        Map<String, NDArray> arrays = new LinkedHashMap<>();
        adapters.all().forEach(weight -> arrays.put(LoraAdapters.PEFT + weight.name(), weight.array()));
        List<TensorInfo> infos = arrays.entrySet().stream()
                .map(e -> new TensorInfo(e.getKey(), DType.F32, e.getValue().getShape()))
                .toList();
        Path temporary = folder.resolveSibling("." + folder.getFileName() + "." + UUID.randomUUID() + ".tmp");
        try {
            Files.createDirectory(temporary);
            try {
                Files.writeString(
                        temporary.resolve(CONFIG),
                        JSON.writeValueAsString(toJson(adapters, base, baseSha256))
                                        .replace("\r\n", "\n") + "\n");
                try (SafetensorsWriter writer =
                        SafetensorsWriter.create(temporary.resolve(WEIGHTS), infos, Map.of("format", "pt"))) {
                    arrays.forEach(writer::write);
                    writer.finish();
                }
                Files.move(temporary, folder, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(temporary.resolve(CONFIG));
                Files.deleteIfExists(temporary.resolve(WEIGHTS));
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            throw new VilamException(
                    ErrorCode.FILE_UNREADABLE,
                    folder + ": cannot be written",
                    "Check the folder's rights and space.",
                    e);
        }
    }

    private static ObjectNode toJson(LoraAdapters adapters, String base, String baseSha256) {
        LoraConfig config = adapters.config();
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("peft_type", "LORA");
        json.putNull("task_type");
        json.put("base_model_name_or_path", base);
        json.put(BASE_SHA256, baseSha256);
        json.put("r", config.rank());
        if (config.alpha() == Math.rint(config.alpha()) && config.alpha() < Integer.MAX_VALUE) {
            json.put("lora_alpha", (int) config.alpha()); // a whole number in peft
        } else {
            json.put("lora_alpha", config.alpha());
        }
        json.put("lora_dropout", config.dropout());
        adapters.layers().forEach(json.putArray("target_modules")::add);
        json.put("bias", "none");
        json.put("fan_in_fan_out", false);
        json.put("init_lora_weights", true);
        json.put("inference_mode", true);
        json.put("use_dora", false);
        json.put("use_rslora", false);
        return json;
    }

    private static VilamException unsupported(Path file, String detail) {
        return new VilamException(
                ErrorCode.CHECKPOINT_UNSUPPORTED,
                file + ": " + detail,
                "Give plain LoRA adapters, or merge these into their model with the program that made them.");
    }

    private static VilamException corrupt(Path file, String detail) {
        return new VilamException(
                ErrorCode.CHECKPOINT_CORRUPT,
                file + ": " + detail,
                "Copy or download the folder again and compare its size and checksum.");
    }

    /** Rank, scale, dropout, and the layers the file has adapters for. */
    public LoraConfig config() {
        return config;
    }

    TensorSource weights() {
        return weights;
    }

    /** Closes the file; networks built from it keep their adapters. */
    @Override
    public void close() {
        weights.close();
    }
}
