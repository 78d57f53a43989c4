package org.vilam.training.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/**
 * How far a long command is, with the time it will still take: one line that is written anew on a terminal, a line now and then
 * elsewhere. For one thread.
 */
final class ProgressLine implements AutoCloseable {
    private static final Duration ON_TERMINAL = Duration.ofMillis(200);
    private static final Duration IN_FILE = Duration.ofSeconds(20);
    private static final int BAR = 24;

    private final PrintWriter out;
    private final boolean terminal;
    private final long begun;
    private long lastShown;
    private int longest;
    private double firstPart = Double.NaN;

    /** Progress on a command's error stream. */
    ProgressLine(PrintWriter out) {
        this(out, System.console() != null);
    }

    ProgressLine(PrintWriter out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
        this.begun = System.nanoTime();
        this.lastShown = begun - IN_FILE.toNanos();
    }

    /**
     * Shows how far it is, unless that was shown just now.
     *
     * @param part 0..1 of the work; the time left is reckoned from what was done since the first call
     * @param text what is going on
     */
    void show(double part, String text) {
        long now = System.nanoTime();
        if (Double.isNaN(firstPart)) {
            firstPart = part;
        }
        boolean done = part >= 1;
        if (!done && now - lastShown < (terminal ? ON_TERMINAL : IN_FILE).toNanos()) {
            return;
        }
        lastShown = now;
        double seconds = (now - begun) / 1e9;
        double fresh = part - firstPart;
        String left =
                done ? "done in " + clock(seconds) : fresh > 0 ? clock(seconds * (1 - part) / fresh) + " left" : "";
        if (terminal) {
            int full = (int) (BAR * Math.min(1, part));
            String bar = "#".repeat(full) + "-".repeat(BAR - full);
            write(String.format(Locale.ROOT, "[%s] %3.0f %%  %s  %s", bar, 100 * part, text, left), done);
        } else {
            out.printf(Locale.ROOT, "%5.1f %%  %s  %s%n", 100 * part, text, left);
            out.flush();
        }
    }

    /** A line of its own that stays. */
    void note(String text) {
        if (terminal) {
            write(text, true);
        } else {
            out.println(text);
            out.flush();
        }
    }

    private void write(String line, boolean stays) {
        out.print('\r' + line + " ".repeat(Math.max(0, longest - line.length())));
        longest = stays ? 0 : line.length();
        if (stays) {
            out.println();
        }
        out.flush();
    }

    /** 1:02:03 or 2:03. */
    static String clock(double seconds) {
        long s = Math.round(seconds);
        return s < 3600
                ? String.format(Locale.ROOT, "%d:%02d", s / 60, s % 60)
                : String.format(Locale.ROOT, "%d:%02d:%02d", s / 3600, s / 60 % 60, s % 60);
    }

    /** Leaves the cursor on a line of its own. */
    @Override
    public void close() {
        if (terminal && longest > 0) {
            out.println();
            out.flush();
        }
    }
}
