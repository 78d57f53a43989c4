package org.vilam.prompts;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The instruction templates of each task: one text file a task, one template a line, lines that begin with {@code #} and
 * empty lines left out.
 *
 * <p>Training draws from all of a task's templates; evaluation uses {@link #canonical} alone, so that a score never
 * depends on trying several wordings.
 */
public final class Instructions {
    private static final Map<Task, List<Template>> TEMPLATES = read();

    private Instructions() {}

    /** All wordings of a task, in the order of its file; never empty. */
    public static List<Template> of(Task task) {
        return TEMPLATES.getOrDefault(task, List.of());
    }

    /** The one wording that evaluation uses: the first of the file. */
    public static Template canonical(Task task) {
        return of(task).get(0);
    }

    private static Map<Task, List<Template>> read() {
        Map<Task, List<Template>> templates = new EnumMap<>(Task.class);
        for (Task task : Task.values()) {
            String file = task.name().toLowerCase(Locale.ROOT) + ".txt";
            try (InputStream in = Instructions.class.getResourceAsStream(file)) {
                if (in == null) {
                    throw new IllegalStateException("no instruction templates in " + file);
                }
                List<Template> lines = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                        .lines()
                        .map(String::strip)
                        .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                        .map(Template::parse)
                        .toList();
                if (lines.isEmpty()) {
                    throw new IllegalStateException("no instruction templates in " + file);
                }
                templates.put(task, lines);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return Collections.unmodifiableMap(templates);
    }
}
