package org.vilam.web;

import org.vilam.web.program.Program;

/** The program's main entry: {@code serve}, {@code doctor} and {@code version}. */
public final class Main {
    private Main() {}

    /** Runs a command; ends with its exit code: 0 done, 1 failed, 2 not understood. */
    public static void main(String[] args) {
        System.exit(Program.commandLine().execute(args));
    }
}
