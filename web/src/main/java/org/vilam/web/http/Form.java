package org.vilam.web.http;

import io.javalin.http.Context;
import io.javalin.http.UploadedFile;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;
import org.vilam.web.json.Json;

/** A {@code multipart/form-data} request: fields of text, each at most once, and files. */
public final class Form {
    private final Map<String, List<String>> texts;
    private final Map<String, List<UploadedFile>> files;

    private Form(Map<String, List<String>> texts, Map<String, List<UploadedFile>> files) {
        this.texts = texts;
        this.files = files;
    }

    /** Whether the request is a form. */
    public static boolean isSent(Context ctx) {
        return ctx.isMultipartFormData();
    }

    /**
     * Reads the form.
     *
     * @param textFields names that fields of text may have
     * @param fileFields names that files may have
     * @throws VilamException INVALID_ARGUMENT naming a field that is unknown or given twice; REQUEST_TOO_LARGE
     */
    public static Form read(Context ctx, Set<String> textFields, Set<String> fileFields) {
        Map<String, List<UploadedFile>> files;
        Map<String, List<String>> texts;
        try {
            files = ctx.uploadedFileMap();
            texts = new HashMap<>(ctx.formParamMap());
            texts.keySet().removeAll(files.keySet()); // Javalin lists the files' names there too
        } catch (Exception e) { // Kotlin lets Jetty's checked ones through
            ctx.header(
                    "Connection", "close"); // Jetty ends it, since a part of the body may be unread: the client is told
            throw unreadable(e);
        }
        texts.forEach((name, values) -> {
            if (!textFields.contains(name)) {
                throw unknown(name, fileFields.contains(name), textFields, fileFields);
            }
            if (values.size() > 1) {
                throw invalid(name + ": the field is given " + values.size() + " times", "Send it once.");
            }
        });
        files.keySet().forEach(name -> {
            if (!fileFields.contains(name)) {
                throw unknown(name, false, textFields, fileFields);
            }
        });
        return new Form(texts, files);
    }

    /** The text of a field, where it was sent. */
    public Optional<String> text(String name) {
        return texts.getOrDefault(name, List.of()).stream().findFirst();
    }

    /**
     * A file.
     *
     * @param name as the caller has it; never used as a path
     */
    @SuppressWarnings("ArrayRecordComponent") // read once, never compared
    public record Upload(String name, byte[] content) {}

    /** The files of a name, in the order they were sent, none of them empty. */
    public List<Upload> files(String name) {
        List<Upload> contents = new ArrayList<>();
        for (UploadedFile file : files.getOrDefault(name, List.of())) {
            try (InputStream in = file.content()) {
                byte[] content = in.readAllBytes();
                if (content.length == 0) {
                    throw invalid(name + ": the file is empty", "Send the picture's file, as in -F image=@photo.jpg.");
                }
                contents.add(new Upload(file.filename(), content));
            } catch (IOException e) {
                throw new VilamException(
                        ErrorCode.FILE_UNREADABLE,
                        "an uploaded file cannot be read back: " + e.getMessage(),
                        "Check the space and the rights of the home folder.",
                        e);
            }
        }
        return contents;
    }

    /** The one file of a name. */
    public byte[] file(String name) {
        List<Upload> all = files(name);
        if (all.size() != 1) {
            throw invalid(
                    name + ": there are " + all.size() + " files of this name",
                    "Send one, as in -F " + name + "=@photo.jpg.");
        }
        return all.get(0).content();
    }

    /** Jetty says that a form is too long, or none, by exceptions of several kinds. */
    private static VilamException unreadable(Exception e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage());
            if (message.startsWith("max ") && message.contains("exceeded")) {
                return new VilamException(
                        ErrorCode.REQUEST_TOO_LARGE,
                        "the form or a file of it is longer than the server takes",
                        "Send a smaller picture, or start the server with a higher --max-upload-mb.",
                        e);
            }
        }
        return new VilamException(
                ErrorCode.INVALID_ARGUMENT,
                "the body is no multipart form",
                "Send multipart/form-data with a boundary, as curl -F does.",
                e);
    }

    private static VilamException unknown(String name, boolean noFile, Set<String> texts, Set<String> files) {
        if (noFile) {
            return invalid(
                    name + ": this is text and no file", "Send the file itself, as in -F " + name + "=@photo.jpg.");
        }
        Set<String> known = new TreeSet<>(texts);
        known.addAll(files);
        return invalid(
                Json.echo(name) + ": there is no such field", "Known fields here: " + String.join(", ", known) + ".");
    }

    private static VilamException invalid(String message, String hint) {
        return new VilamException(ErrorCode.INVALID_ARGUMENT, message, hint);
    }
}
