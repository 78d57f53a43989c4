package org.vilam.web.dropin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.ArrayList;
import java.util.List;
import org.vilam.assistant.Dialogue;
import org.vilam.assistant.Options;
import org.vilam.assistant.Picture;
import org.vilam.assistant.Region;
import org.vilam.assistant.Request;
import org.vilam.grounding.result.FoundObject;
import org.vilam.grounding.result.GroundingResult;
import org.vilam.prompts.Task;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.geometry.Point;
import org.vilam.web.format.GeoJsonExport;
import org.vilam.web.http.Bodies;
import org.vilam.web.image.DataUrl;
import org.vilam.web.image.Pictures;
import org.vilam.web.json.Json;
import org.vilam.web.model.ActiveModel;
import org.vilam.web.model.Answering;

/**
 * The interface of samapi 0.7 (github.com/ksugar/samapi), which QuPath's SAM extension speaks: set its server to {@code
 * http://host:port/sam/}. Boxes and points outline what is there, SAM 3's text prompt finds what the words say; answers are
 * lists of GeoJSON features. Model types and checkpoints that the extension names stand for the active model.
 */
final class SamApi {
    /** Of the interface that is followed. */
    private static final String VERSION = "0.7.0";

    private final Pictures pictures;
    private final Answering answering;
    private final ActiveModel model;

    SamApi(Pictures pictures, Answering answering, ActiveModel model) {
        this.pictures = pictures;
        this.answering = answering;
        this.model = model;
    }

    void install(RoutesConfig routes) {
        routes.get("/sam/version/", ctx -> ctx.contentType("text/plain").result(VERSION));
        routes.get("/sam/weights/", this::weights);
        routes.get(
                "/sam/progress/",
                ctx -> ctx.json(Json.object().putNull("message").put("percent", -1)));
        routes.post("/sam/", this::region);
        routes.post("/sam/sam3/", this::words);
        routes.post("/sam/automask/", this::everything);
    }

    private void weights(Context ctx) {
        String type = ctx.queryParam("type");
        ArrayNode list = Json.MAPPER.createArrayNode();
        model.assistant()
                .ifPresent(assistant -> list.addObject()
                        .put("type", type == null ? "vit_t" : type)
                        .put("name", assistant.info().id())
                        .put("url", assistant.info().id()));
        ctx.json(list);
    }

    private void region(Context ctx) {
        ObjectNode body = Bodies.object(ctx);
        List<Region> regions = new ArrayList<>();
        JsonNode box = body.path("bbox");
        if (box.isArray()) {
            double[] n = four(box, "bbox");
            regions.add(new Region.Box(new Box(n[0], n[1], n[2], n[3])));
        }
        JsonNode points = body.path("point_coords");
        for (int i = 0; i < points.size(); i++) {
            if (body.path("point_labels").path(i).asInt(1) == 1) { // 0 marks what does not belong to the object
                regions.add(new Region.Spot(new Point(
                        number(points.get(i).path(0), "point_coords[" + i + "]"),
                        number(points.get(i).path(1), "point_coords[" + i + "]"))));
            }
        }
        if (regions.isEmpty()) {
            throw invalid("bbox: there is no box and no point of the object", "Send bbox or point_coords.");
        }
        ArrayNode features = Json.MAPPER.createArrayNode();
        Picture picture = picture(body);
        for (Region region : regions) {
            add(features, ask(picture, outline(region)), body);
            if (region instanceof Region.Box) {
                break; // points beside a box say more about the same object
            }
        }
        ctx.json(features);
    }

    private void words(Context ctx) {
        ObjectNode body = Bodies.object(ctx);
        String text =
                body.path("text_prompt").isTextual() ? body.path("text_prompt").textValue() : "";
        JsonNode boxes = body.path("positive_bboxes");
        if (text.isBlank() && boxes.isEmpty()) {
            throw invalid("text_prompt: it is empty, and there is no box", "Say what to look for.");
        }
        ArrayNode features = Json.MAPPER.createArrayNode();
        Picture picture = picture(body);
        if (!text.isBlank()) {
            double least = body.path("confidence_threshold").asDouble(Options.DEFAULT.minScore());
            add(features, ask(picture, new Request(text, Task.ALL, List.of(), options(least))), body);
        } else {
            for (JsonNode xywh : boxes) { // unlike bbox, these have a width and a height
                double[] n = four(xywh, "positive_bboxes");
                Region region = new Region.Box(Box.ofXywh(n[0], n[1], n[2], n[3]));
                add(features, ask(picture, outline(region)), body);
            }
        }
        ctx.json(features);
    }

    private void everything(Context ctx) {
        ObjectNode body = Bodies.object(ctx);
        ArrayNode features = Json.MAPPER.createArrayNode();
        Request request = new Request("all objects", Task.ALL, List.of(), options(Options.DEFAULT.minScore()));
        add(features, ask(picture(body), request), body);
        ctx.json(features);
    }

    private static Request outline(Region region) {
        return new Request("segment #1", Task.POLYGON, List.of(region), options(0));
    }

    private static Options options(double least) {
        return new Options(1000, least, true, 1, null, 0);
    }

    private Picture picture(ObjectNode body) {
        return pictures.add(DataUrl.base64(body.path("b64img").asText(""), "b64img"));
    }

    private GroundingResult ask(Picture picture, Request request) {
        return answering.ask(picture, Dialogue.EMPTY, request, Answering.Listener.NONE);
    }

    /** The objects' outlines with samapi's properties; the extension makes an annotation of each. */
    private static void add(ArrayNode features, GroundingResult result, ObjectNode body) {
        for (FoundObject object : result.objects()) {
            ObjectNode feature = features.addObject().put("type", "Feature");
            GeoJsonExport.geometry(feature.putObject("geometry"), object);
            feature.putObject("properties")
                    .put("object_idx", features.size() - 1)
                    .put("label", object.label())
                    .put("quality", object.score() == null ? 1.0 : object.score())
                    .put("sam_model", body.path("type").asText("vit_t"));
        }
    }

    private static double[] four(JsonNode list, String field) {
        if (list.size() != 4) {
            throw invalid(field + ": these are not four numbers", "Send four numbers.");
        }
        double[] numbers = new double[4];
        for (int i = 0; i < 4; i++) {
            numbers[i] = number(list.get(i), field);
        }
        return numbers;
    }

    private static double number(JsonNode number, String field) {
        if (!number.isNumber()) {
            throw invalid(field + ": this is not a number", "Send numbers.");
        }
        return number.doubleValue();
    }

    private static VilamException invalid(String message, String hint) {
        return new VilamException(ErrorCode.INVALID_ARGUMENT, message, hint);
    }
}
