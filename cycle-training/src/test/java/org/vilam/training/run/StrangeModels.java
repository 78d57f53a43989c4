package org.vilam.training.run;

import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.vilam.vision.checkpoint.DType;
import org.vilam.vision.checkpoint.ModelFolder;
import org.vilam.vision.checkpoint.SafetensorsFile;
import org.vilam.vision.checkpoint.SafetensorsWriter;
import org.vilam.vision.checkpoint.TensorInfo;

/** Models with something wrong in them. */
final class StrangeModels {
    private StrangeModels() {}

    /** A copy of a model with one tensor more and one less; an empty name stands for none. */
    static ModelFolder with(Path model, Path target, String more, String less) {
        return ModelFolder.write(target, ModelFolder.open(model).provenance(), folder -> {
            for (String file : List.of("config.json", "tokenizer.json", "preprocessor.json")) {
                Files.copy(model.resolve(file), folder.resolve(file));
            }
            try (SafetensorsFile source = SafetensorsFile.open(model.resolve("model.safetensors"))) {
                List<TensorInfo> infos = new ArrayList<>();
                source.names().stream()
                        .filter(name -> !name.equals(less))
                        .forEach(name -> infos.add(new TensorInfo(name, source.dtype(name), source.shape(name))));
                if (!more.isEmpty()) {
                    infos.add(new TensorInfo(more, DType.F16, new Shape(2)));
                }
                try (SafetensorsWriter writer =
                        SafetensorsWriter.create(folder.resolve("model.safetensors"), infos, Map.of())) {
                    for (TensorInfo info : infos) {
                        writer.write(
                                info.name(),
                                info.name().equals(more) ? ByteBuffer.allocate(4) : source.data(info.name()));
                    }
                    writer.finish();
                }
            }
        });
    }
}
