package org.vilam.vision.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;
import org.vilam.vision.parity.ParityPack;

class ShardedCheckpointTest {
    @TempDir
    private Path folder = Path.of("");

    private Path index(String weightMap) throws IOException {
        for (int i = 1; i <= 3; i++) {
            String shard = "model-0000" + i + "-of-00003.safetensors";
            Path source = ParityPack.open("checkpoints").file("sharded/" + shard);
            Files.write(folder.resolve(shard), Files.readAllBytes(source));
        }
        return Files.writeString(folder.resolve("model.safetensors.index.json"), "{\"weight_map\":" + weightMap + "}");
    }

    @Test
    void only_what_the_index_names_exists() throws IOException {
        Path index = index("{\"model.norm.weight\":\"model-00003-of-00003.safetensors\"}");
        try (ShardedCheckpoint checkpoint = ShardedCheckpoint.open(index)) {
            assertThat(checkpoint.names()).containsExactly("model.norm.weight");
            assertThatThrownBy(() -> checkpoint.data("model.layers.0.mlp.w"))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"model.norm.weight\":\"model-00004-of-00003.safetensors\"} | FILE_UNREADABLE | model-00004",
                "{\"model.norm.weight\":\"model-00001-of-00003.safetensors\"} | CHECKPOINT_CORRUPT | model.norm.weight is not in",
                "{\"absent\":\"model-00003-of-00003.safetensors\"} | CHECKPOINT_CORRUPT | absent is not in",
                "{\"a\":\"../model.safetensors\"} | CHECKPOINT_CORRUPT | leaves the folder",
                "{\"a\":\"/etc/hostname\"} | CHECKPOINT_CORRUPT | leaves the folder",
                "{\"a\":\"C:/weights\"} | CHECKPOINT_CORRUPT | leaves the folder",
                "{\"a\":\"x\\\\..\\\\y\"} | CHECKPOINT_CORRUPT | leaves the folder",
                "{\"a\":\"./x\"} | CHECKPOINT_CORRUPT | leaves the folder",
                "{\"a\":\"\"} | CHECKPOINT_CORRUPT | leaves the folder",
                "{\"a\":3} | CHECKPOINT_CORRUPT | no file name",
                "[] | CHECKPOINT_CORRUPT | weight_map",
                "{\"a\":\"x\",\"a\":\"y\"} | CHECKPOINT_CORRUPT | no valid JSON",
                "{ | CHECKPOINT_CORRUPT | no valid JSON",
            })
    void an_index_that_does_not_hold_is_refused(String weightMap, ErrorCode code, String reason) throws IOException {
        Path index = index(weightMap);
        VilamException refusal = catchThrowableOfType(VilamException.class, () -> TensorSource.open(index));
        assertThat(refusal.code()).isEqualTo(code);
        assertThat(refusal).hasMessageContaining(reason);
    }

    @Test
    void an_index_that_names_itself_is_refused() throws IOException {
        Path index = index("{\"a\":\"model.safetensors.index.json\"}");
        assertThatThrownBy(() -> TensorSource.open(index)).isInstanceOf(VilamException.class);
    }

    @Test
    void shards_of_torch_files_are_read_too() throws IOException {
        PickleAssembler first = new PickleAssembler()
                .raw("}")
                .text("a")
                .tensor("FloatStorage", "0", 2, 0, new long[] {2}, new long[] {1})
                .raw("s");
        TorchFiles.zip(
                folder.resolve("pytorch_model-00001-of-00001.bin"),
                first.stop(),
                Map.of("0", Elements.floats(4, 5).array()));
        Files.writeString(
                folder.resolve("pytorch_model.bin.index.json"),
                "{\"weight_map\":{\"a\":\"pytorch_model-00001-of-00001.bin\"}}");
        try (TensorSource source = TensorSource.open(folder)) {
            assertThat(Elements.of(source, "a")).containsExactly(4.0, 5.0);
        }
    }

    @Test
    void a_folder_without_weights_is_named() {
        assertThatThrownBy(() -> TensorSource.open(folder))
                .isInstanceOf(VilamException.class)
                .hasMessageContaining("model.safetensors")
                .hasMessageContaining(folder.toString());
    }
}
