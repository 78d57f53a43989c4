package org.vilam.training.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import org.vilam.vision.error.VilamException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Tells a person what went wrong and what to do; the stack is shown only for what is a defect of the program. */
final class Failures implements IExecutionExceptionHandler {
    @Override
    public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
        PrintWriter err = command.getErr();
        if (failure instanceof VilamException vilam) {
            err.println("error: " + vilam.getMessage() + " (" + vilam.code() + ")");
            err.println("hint: " + vilam.hint());
        } else if (failure instanceof UncheckedIOException unchecked) {
            file(err, unchecked.getCause());
        } else if (failure instanceof IOException io) {
            file(err, io);
        } else {
            err.println("error: this is a defect of the program, please report it:");
            failure.printStackTrace(err);
        }
        err.flush();
        return command.getCommandSpec().exitCodeOnExecutionException();
    }

    private static void file(PrintWriter err, IOException failure) {
        err.println("error: " + failure.getClass().getSimpleName() + ": " + failure.getMessage());
        err.println("hint: Check that the file or folder is there, may be used, and that the disk has space left.");
    }
}
