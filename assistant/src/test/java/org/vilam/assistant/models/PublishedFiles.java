package org.vilam.assistant.models;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.vilam.assistant.text.TinySentencePiece;
import org.vilam.vision.checkpoint.SafetensorsWriter;
import org.vilam.vision.checkpoint.ShardedSafetensorsWriter;
import org.vilam.vision.checkpoint.TensorInfo;
import org.vilam.vision.checkpoint.TensorSource;
import org.vilam.vision.parity.ParityPack;

/** Folders as authors publish them, made of the weights of the parity packs. */
final class PublishedFiles {
    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789[]:,.?";

    private PublishedFiles() {}

    /** A Hugging Face folder of the tiny LLaMA, its weights in several shards. */
    static Path llama(Path folder) {
        try {
            Files.createDirectories(folder);
            ParityPack pack = ParityPack.open("llama-mha");
            Files.writeString(
                    folder.resolve("config.json"), pack.caseJson().get("config").toString());
            Files.write(folder.resolve("tokenizer.model"), TinySentencePiece.letters(LETTERS));
            try (TensorSource weights = TensorSource.open(pack.file("weights.safetensors"));
                    ShardedSafetensorsWriter out = ShardedSafetensorsWriter.create(
                            folder, infos(weights, name -> true), Map.of("format", "pt"), 200_000)) {
                out.writeAll(weights);
                out.finish();
            }
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** LAVIS's layout: trimmed.safetensors, eva.safetensors, vicuna.safetensors, both vocabularies and a configuration. */
    static Path lavis(Path folder) {
        try {
            Files.createDirectories(folder.resolve("qformer_tokenizer"));
            ParityPack pack = ParityPack.open("instructblip-tiny");
            ObjectNode config = (ObjectNode) pack.caseJson().get("config");
            Files.writeString(
                    folder.resolve("config.json"),
                    config.put("ln_vision_eps", 1e-5).toString());
            Files.write(folder.resolve("tokenizer.model"), TinySentencePiece.letters(LETTERS));
            List<String> words = new ArrayList<>(List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"));
            words.addAll(List.of("where", "is", "the", "dog", "what", "this", "?", ":", "question", "answer"));
            Files.write(folder.resolve("qformer_tokenizer/vocab.txt"), words);
            try (TensorSource weights = TensorSource.open(pack.file("weights-lavis.safetensors"))) {
                String eva = "visual_encoder.";
                String vicuna = "llm_model.";
                part(
                        weights,
                        folder.resolve("eva.safetensors"),
                        n -> n.startsWith(eva),
                        n -> n.substring(eva.length()));
                part(
                        weights,
                        folder.resolve("vicuna.safetensors"),
                        n -> n.startsWith(vicuna),
                        n -> n.substring(vicuna.length()));
                part(
                        weights,
                        folder.resolve("trimmed.safetensors"),
                        n -> !n.startsWith(eva) && !n.startsWith(vicuna),
                        n -> n);
            }
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Some tensors of a source under other names. */
    static void part(TensorSource source, Path file, Predicate<String> chosen, UnaryOperator<String> renamed) {
        List<TensorInfo> infos = infos(source, chosen).stream()
                .map(info -> new TensorInfo(renamed.apply(info.name()), info.dtype(), info.shape()))
                .toList();
        try (SafetensorsWriter out = SafetensorsWriter.create(file, infos, Map.of())) {
            source.names().stream().filter(chosen).forEach(name -> out.write(renamed.apply(name), source.data(name)));
            out.finish();
        }
    }

    private static List<TensorInfo> infos(TensorSource source, Predicate<String> chosen) {
        return source.names().stream()
                .filter(chosen)
                .map(name -> new TensorInfo(name, source.dtype(name), source.shape(name)))
                .toList();
    }
}
