package org.vilam.training.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The program. */
@Command(
        name = "vilam-train",
        mixinStandardHelpOptions = true,
        version = Main.VERSION,
        description = "Trains, measures and uses models of the assistant.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Exit codes: 0 done, 1 failed, 2 the command line was not understood.",
            "",
            "From nothing to a measured model:",
            "  vilam-train train recipes/mini.yaml -o runs/mini",
            "  vilam-train evaluate runs/mini/model --families shapes --out report.md",
            "  vilam-train predict runs/mini/model picture.png \"the red circle\" --overlay found.png"
        },
        subcommands = {
            TrainCommand.class,
            ExportCommand.class,
            EvaluateCommand.class,
            PredictCommand.class,
            GenerateCommand.class
        })
public final class Main {
    static final String VERSION = "vilam-train 0.1.0";

    private Main() {}

    /** The command line, ready to be executed; for programs and tests that give it other streams. */
    public static CommandLine commandLine() {
        CommandLine line = new CommandLine(new Main());
        line.getSubcommands()
                .values()
                .forEach(command -> command.getCommandSpec().version(VERSION));
        line.setExecutionExceptionHandler(new Failures());
        line.setUsageHelpWidth(110);
        return line;
    }

    /** Runs a command; ends with its exit code: 0 done, 1 failed, 2 not understood. */
    public static void main(String[] args) {
        // Work is spread over threads by the program; a second layer of threads inside every matrix product costs more
        // than it
        // gains on few cores.
        setDefault("ai.djl.pytorch.num_threads", "1");
        setDefault("ai.djl.pytorch.num_interop_threads", "1");
        setDefault("java.awt.headless", "true");
        System.exit(commandLine().execute(args));
    }

    private static void setDefault(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}
