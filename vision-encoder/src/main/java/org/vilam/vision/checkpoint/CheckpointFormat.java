package org.vilam.vision.checkpoint;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

/** Recognises weight files by their first bytes, and folders by the names the Hugging Face tools give. */
final class CheckpointFormat {
    /** The files a folder is searched for, first match first. */
    static final List<String> USUAL_NAMES = List.of(
            "model.safetensors.index.json", "model.safetensors", "pytorch_model.bin.index.json", "pytorch_model.bin");

    private static final String POINTER = "version https://git-lfs";

    private CheckpointFormat() {}

    static TensorSource open(Path path) {
        if (Files.isDirectory(path)) {
            return open(inFolder(path));
        }
        if (String.valueOf(path.getFileName()).endsWith(".index.json")) {
            return ShardedCheckpoint.open(path);
        }
        return openFile(path);
    }

    /** Opens one file of weights, no index: so an index cannot lead to itself. */
    static TensorSource openFile(Path path) {
        boolean pytorch;
        try (MappedFile file = MappedFile.open(path)) {
            refusePointer(file);
            pytorch = TorchContainer.recognises(file);
        }
        // First, since the size 128 in its header looks like the beginning of a pickle; its length leaves no doubt.
        TensorSource llama2c = Llama2cFile.openIfRecognised(path);
        if (llama2c != null) {
            return llama2c;
        }
        return pytorch ? stateDict(path) : SafetensorsFile.open(path);
    }

    private static TensorSource stateDict(Path path) {
        PyTorchFile file = PyTorchFile.open(path);
        try {
            return file.stateDict();
        } catch (RuntimeException | Error e) {
            file.close();
            throw e;
        }
    }

    private static Path inFolder(Path folder) {
        for (String name : USUAL_NAMES) {
            Path file = folder.resolve(name);
            if (Files.exists(file)) {
                return file;
            }
        }
        throw new VilamException(
                ErrorCode.FILE_UNREADABLE,
                folder + ": holds none of " + String.join(", ", USUAL_NAMES),
                "Name the weight file itself.");
    }

    /** A clone made without Git LFS holds a few lines of text in place of each weight file: the commonest mishap of all. */
    static void refusePointer(MappedFile file) {
        if (startsWith(file, POINTER.getBytes(StandardCharsets.US_ASCII), 0)) {
            throw Refusals.unsupported(
                    file.path(),
                    "a Git LFS pointer, not the weights themselves",
                    "Run 'git lfs pull' where it came from.");
        }
    }

    static boolean startsWith(MappedFile file, byte[] expected, int offset) {
        if (file.size() < offset + expected.length) {
            return false;
        }
        byte[] found = new byte[expected.length];
        file.slice(offset, expected.length).get(found);
        return Arrays.equals(found, expected);
    }
}
