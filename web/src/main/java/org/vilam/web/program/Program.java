package org.vilam.web.program;

import java.io.PrintWriter;
import org.vilam.assistant.models.ModelsCommand;
import org.vilam.vision.error.VilamException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParseResult;

/** All commands together. */
@Command(
        name = "vilam",
        mixinStandardHelpOptions = true,
        versionProvider = VersionCommand.class,
        description = "A visual grounding assistant: ask in plain words, see the answer on the picture.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Exit codes: 0 done, 1 failed, 2 the command line was not understood.",
            "",
            "Examples:",
            "  vilam serve --open",
            "  vilam doctor",
            "  vilam models list"
        },
        subcommands = {ServeCommand.class, DoctorCommand.class, ModelsCommand.class, VersionCommand.class})
public final class Program {
    private Program() {}

    /** The command line, ready to be executed; for programs and tests that give it other streams. */
    public static CommandLine commandLine() {
        CommandLine line = new CommandLine(new Program());
        line.setExecutionExceptionHandler(Program::failed);
        line.setUsageHelpWidth(110);
        return line;
    }

    /** Tells a person what went wrong and what to do; the stack is shown only for what is a defect of the program. */
    private static int failed(Exception failure, CommandLine command, ParseResult parsed) {
        PrintWriter err = command.getErr();
        if (failure instanceof VilamException vilam) {
            err.println("error: " + vilam.getMessage() + " (" + vilam.code() + ")");
            err.println("hint: " + vilam.hint());
        } else {
            err.println("error: this is a defect of the program, please report it:");
            failure.printStackTrace(err);
        }
        err.flush();
        return command.getCommandSpec().exitCodeOnExecutionException();
    }

    /** Sets a system property unless the user did. */
    static void setDefault(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}
