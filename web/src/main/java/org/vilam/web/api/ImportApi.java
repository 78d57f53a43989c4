package org.vilam.web.api;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.vilam.assistant.Options;
import org.vilam.assistant.Picture;
import org.vilam.assistant.Request;
import org.vilam.grounding.result.FoundObject;
import org.vilam.grounding.result.GroundingResult;
import org.vilam.prompts.Task;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;
import org.vilam.web.format.AnnotationImport;
import org.vilam.web.format.ImportedImage;
import org.vilam.web.http.Bodies;
import org.vilam.web.http.Form;
import org.vilam.web.image.Pictures;
import org.vilam.web.session.Conversations;
import org.vilam.web.store.StoredSession;

/**
 * Annotations of other tools as conversations: one for each picture, whose first turn holds what was annotated, to be asked about,
 * corrected and exported like an answer.
 *
 * <p>A picture is found by its file's name among those sent along, in the annotations themselves, or in the store by the
 * beginning of its id, which is what the names of our own exports are.
 */
final class ImportApi {
    private static final Pattern OWN_NAME = Pattern.compile("([0-9a-f]{16})\\.\\w+");

    private final Pictures pictures;
    private final Conversations conversations;

    ImportApi(Pictures pictures, Conversations conversations) {
        this.pictures = pictures;
        this.conversations = conversations;
    }

    private record ImportedJson(String id, ImageJson image, int turn, int objects) {}

    private record ImportJson(List<ImportedJson> sessions, List<String> skipped) {}

    void install(RoutesConfig routes) {
        routes.post("/v1/import", this::read);
    }

    private void read(Context ctx) {
        Map<String, byte[]> sent = new HashMap<>();
        List<ImportedImage> read;
        if (Form.isSent(ctx)) {
            Form form = Form.read(ctx, Set.of(), Set.of("annotations", "image"));
            form.files("image").forEach(file -> sent.put(file.name(), file.content()));
            read = AnnotationImport.read(form.file("annotations"));
        } else {
            read = AnnotationImport.read(Bodies.object(ctx));
        }
        Map<ImportedImage, Picture> found = new LinkedHashMap<>();
        List<String> skipped = new ArrayList<>();
        for (ImportedImage image : read) {
            Optional<Picture> picture = picture(image, sent);
            if (picture.isEmpty()) {
                skipped.add("The picture " + image.fileName() + " was not sent.");
                continue;
            }
            checkSize(picture.get(), image);
            skipped.addAll(image.skipped());
            found.put(image, picture.get());
        }
        if (found.isEmpty()) {
            throw new VilamException(
                    ErrorCode.INVALID_ARGUMENT,
                    "image: none of the " + read.size() + " annotated pictures was sent",
                    "Send their files along, as in -F image=@photo.jpg, under the names that the annotations have.");
        }
        List<ImportedJson> sessions = new ArrayList<>();
        found.forEach((image, picture) -> sessions.add(session(picture, image)));
        ctx.status(201);
        ctx.json(new ImportJson(sessions, skipped));
    }

    private Optional<Picture> picture(ImportedImage image, Map<String, byte[]> sent) {
        Optional<byte[]> file = Optional.ofNullable(sent.get(image.fileName())).or(image::pixels);
        if (file.isPresent()) {
            return file.map(pictures::add);
        }
        Matcher own = OWN_NAME.matcher(image.fileName());
        return own.matches() ? pictures.byPrefix(own.group(1)) : Optional.empty();
    }

    private static void checkSize(Picture picture, ImportedImage image) {
        int width = picture.pixels().width();
        int height = picture.pixels().height();
        if (image.width() != width || image.height() != height) {
            throw new VilamException(
                    ErrorCode.GEOMETRY_INVALID,
                    image.fileName() + ": the annotations are for " + image.width() + " x " + image.height()
                            + " pixels, the picture has " + width + " x " + height + " when it is upright",
                    "Annotate the upright picture: apply its EXIF orientation before annotating.");
        }
    }

    private ImportedJson session(Picture picture, ImportedImage image) {
        StoredSession session = conversations.create(picture);
        String labels =
                image.objects().stream().map(FoundObject::label).distinct().collect(Collectors.joining(", "));
        String instruction = labels.isEmpty() ? "imported annotations" : clipped("imported annotations: " + labels);
        Conversations.Turn turn = conversations.record(
                session.id(),
                new Request(instruction, Task.ALL, List.of(), Options.DEFAULT),
                result(picture, image, instruction));
        return new ImportedJson(
                session.id(),
                ImageJson.of(pictures.facts(picture.id())),
                turn.number(),
                image.objects().size());
    }

    private static String clipped(String text) {
        return text.length() <= 500 ? text : text.substring(0, 500);
    }

    private static GroundingResult result(Picture picture, ImportedImage image, String instruction) {
        int count = image.objects().size();
        return new GroundingResult(
                "import_" + picture.id().substring(0, 16),
                "all",
                GroundingResult.TaskSource.REQUESTED,
                instruction,
                count == 0 ? GroundingResult.Status.NO_TARGET : GroundingResult.Status.OK,
                null,
                new GroundingResult.Image(
                        picture.id(),
                        picture.pixels().width(),
                        picture.pixels().height(),
                        picture.info().sha256(),
                        picture.info().mediaType(),
                        picture.info().orientation()),
                GroundingResult.Coordinates.PIXELS,
                count == 1 ? "One object was imported." : count + " objects were imported.",
                List.of(),
                image.objects(),
                List.of(),
                List.of(),
                new GroundingResult.Model("import", "", "", "none", 0),
                Map.of());
    }
}
