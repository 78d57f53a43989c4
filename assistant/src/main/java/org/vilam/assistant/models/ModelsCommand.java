package org.vilam.assistant.models;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.vilam.vision.error.VilamException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The {@code models} command, a subcommand of the program that mounts it. */
@Command(
        name = "models",
        mixinStandardHelpOptions = true,
        description = "Lists, imports, verifies, installs and removes models.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Examples:",
            "  models import instruct_blip_vicuna7b_trimmed.pth eva_vit_g.pth vicuna-7b --name vilam-7b \\",
            "      --tokenizer tokenizer.json=vicuna-7b/tokenizer.model \\",
            "      --tokenizer qformer_tokenizer/tokenizer.json=vocab.txt",
            "  models install https://huggingface.co/NAME/MODEL",
            "  models verify vilam-7b"
        },
        subcommands = {
            ListCommand.class,
            InfoCommand.class,
            ImportCommand.class,
            VerifyCommand.class,
            InstallCommand.class,
            RemoveCommand.class
        })
public final class ModelsCommand implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--models",
            paramLabel = "FOLDER",
            scope = ScopeType.INHERIT,
            description = "Where the models lie; by default $VILAM_HOME/models, or ~/.vilam/models.")
    private @Nullable Path root;

    /** The command line on its own, for programs and tests that do not mount it. */
    public static CommandLine commandLine() {
        return new CommandLine(new ModelsCommand())
                .setUsageHelpWidth(110)
                .setExecutionExceptionHandler((failure, line, parsed) -> {
                    if (!(failure instanceof VilamException vilam)) {
                        throw failure;
                    }
                    line.getErr().println("error: " + vilam.getMessage() + " (" + vilam.code() + ")");
                    line.getErr().println("hint: " + vilam.hint());
                    return line.getCommandSpec().exitCodeOnExecutionException();
                });
    }

    @Override
    public void run() {
        CommandLine line = Objects.requireNonNull(spec).commandLine();
        throw new ParameterException(line, "Missing required subcommand");
    }

    ModelStore store() {
        return root == null ? ModelStore.ofEnvironment() : new ModelStore(root);
    }

    PrintWriter out() {
        return Objects.requireNonNull(spec).commandLine().getOut();
    }

    /** A size for a person. */
    static String size(long bytes) {
        String[] units = {"B", "KiB", "MiB", "GiB", "TiB"};
        double value = bytes;
        int unit = 0;
        while (value >= 1024 && unit < units.length - 1) {
            value /= 1024;
            unit++;
        }
        return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", value, units[unit]);
    }
}
