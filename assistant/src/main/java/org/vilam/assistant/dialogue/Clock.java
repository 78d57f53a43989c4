package org.vilam.assistant.dialogue;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.vilam.assistant.Progress;
import org.vilam.assistant.Progress.Stage;

/** Says how far a request is and how long each stage took. */
final class Clock {
    private static final double STEP = 0.25;

    private final Progress progress;
    private final Map<String, Long> nanos = new LinkedHashMap<>();
    private final long start = System.nanoTime();
    private double fraction;

    Clock(Progress progress) {
        this.progress = progress;
    }

    /** Runs a part of a stage; how many there will be is not known before, so each takes a quarter of what is left. */
    <T> T time(Stage stage, Supplier<T> work) {
        progress.at(stage, fraction);
        fraction += STEP * (1 - fraction);
        long begun = System.nanoTime();
        try {
            return work.get();
        } finally {
            nanos.merge(stage.name().toLowerCase(Locale.ROOT), System.nanoTime() - begun, Long::sum);
        }
    }

    /** The answer goes on. */
    void said(String piece) {
        progress.said(piece);
    }

    /** Milliseconds by stage. */
    Map<String, Long> finished() {
        progress.at(Stage.DONE, 1);
        Map<String, Long> ms = new LinkedHashMap<>();
        nanos.forEach((stage, time) -> ms.put(stage, time / 1_000_000));
        ms.put("total", (System.nanoTime() - start) / 1_000_000);
        return ms;
    }
}
