package org.vilam.assistant.models;

import java.net.URI;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.vilam.vision.checkpoint.ModelFolder;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Installs a model. */
@Command(
        name = "install",
        mixinStandardHelpOptions = true,
        description = {
            "Installs a model from a folder or an HTTP(S) address in the Hugging Face file layout. A download that was"
                    + " broken off goes on where it stopped; sums are checked where they are stated."
        })
final class InstallCommand implements Callable<Integer> {
    @ParentCommand
    private @Nullable ModelsCommand models;

    @Parameters(index = "0", paramLabel = "SOURCE", description = "A folder, or an address such as https://host/model.")
    private String source = "";

    @Option(
            names = "--name",
            paramLabel = "MODEL",
            description = "The model's name here; by default the last part of the source.")
    private @Nullable String name;

    @Override
    public Integer call() {
        ModelsCommand parent = Objects.requireNonNull(models);
        ModelInstall install = new ModelInstall(parent.store(), parent.out()::println);
        String id = name == null ? lastPart() : name;
        boolean remote = source.startsWith("http://") || source.startsWith("https://");
        ModelFolder folder = remote ? install.fromAddress(address(), id) : install.fromFolder(Path.of(source), id);
        parent.out().println(folder.path() + "  " + folder.sha256());
        return 0;
    }

    private URI address() {
        try {
            return URI.create(source);
        } catch (IllegalArgumentException e) {
            throw new VilamException(
                    ErrorCode.INVALID_ARGUMENT, "'" + source + "' is no address", "Write it in full.", e);
        }
    }

    private String lastPart() {
        String trimmed = source.replaceFirst("[?#].*$", "").replaceFirst("/+$", "");
        return trimmed.substring(Math.max(trimmed.lastIndexOf('/'), trimmed.lastIndexOf('\\')) + 1);
    }
}
