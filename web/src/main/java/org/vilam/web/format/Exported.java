package org.vilam.web.format;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.vilam.web.json.Json;

/**
 * A file that was made.
 *
 * @param fileName for whoever saves it
 */
@SuppressWarnings("ArrayRecordComponent") // passed on, never compared
public record Exported(String mediaType, String fileName, byte[] bytes) {
    /** The earliest time that a zip archive can hold. */
    private static final LocalDateTime NO_TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

    static Exported json(String mediaType, String fileName, Object value) {
        return new Exported(mediaType, fileName, Json.write(value).getBytes(StandardCharsets.UTF_8));
    }

    static Exported zip(String fileName, Map<String, byte[]> files) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                ZipEntry entry = new ZipEntry(file.getKey());
                entry.setTimeLocal(NO_TIME);
                zip.putNextEntry(entry);
                zip.write(file.getValue());
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory failed", e);
        }
        return new Exported("application/zip", fileName, bytes.toByteArray());
    }
}
