package org.vilam.training.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The program. */
@Command(
        name = "vilam-train",
        mixinStandardHelpOptions = true,
        description = "Trains, measures and uses models of the assistant.",
        subcommands = {TrainCommand.class, ExportCommand.class, EvaluateCommand.class})
public final class Main {
    private Main() {}

    /** Runs a command; ends with its exit code: 0 done, 1 failed, 2 not understood. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new Main()).execute(args));
    }
}
