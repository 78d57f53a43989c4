package org.vilam.vision.image.dicom;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Plain names of transfer syntaxes and storage classes, from {@code uids.tsv} beside this class. */
final class UidNames {
    private static final Map<String, String> NAMES = load();

    private UidNames() {}

    /** What to call this UID in a message, e.g. {@code "JPEG 2000 Image Compression (1.2.840.10008.1.2.4.91)"}. */
    static String describe(@Nullable String uid) {
        if (uid == null) {
            return "unnamed";
        }
        String name = NAMES.getOrDefault(uid, "unknown");
        // The UID comes from the file: nothing but digits and dots is repeated.
        return uid.matches("[0-9.]{1,64}") ? name + " (" + uid + ")" : "a malformed UID";
    }

    private static Map<String, String> load() {
        try (InputStream in = UidNames.class.getResourceAsStream("uids.tsv")) {
            if (in == null) {
                throw new IllegalStateException("uids.tsv is not packaged");
            }
            return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split("\t", 2))
                    .collect(Collectors.toUnmodifiableMap(pair -> pair[0], pair -> pair[1]));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
