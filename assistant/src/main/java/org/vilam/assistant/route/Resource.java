package org.vilam.assistant.route;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** This package's text files: one entry a line, {@code #} begins a comment. */
final class Resource {
    private Resource() {}

    static List<String> lines(String file) {
        try (InputStream in = Resource.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException("missing resource " + file);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The two sides of the first {@code mark} in a line. */
    static String[] halves(String line, String mark) {
        int at = line.indexOf(mark);
        if (at < 0) {
            throw new IllegalStateException("no \"" + mark + "\" in: " + line);
        }
        return new String[] {line.substring(0, at).strip(), line.substring(at + mark.length()).strip()};
    }
}
