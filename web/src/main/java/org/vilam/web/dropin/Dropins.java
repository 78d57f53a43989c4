package org.vilam.web.dropin;

import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Handler;
import java.util.function.Function;
import org.vilam.web.http.ErrorAnswers;
import org.vilam.web.http.Problem;
import org.vilam.web.image.Pictures;
import org.vilam.web.json.Json;
import org.vilam.web.model.ActiveModel;
import org.vilam.web.model.Answering;

/** All addresses of this package. */
public final class Dropins {
    private final OpenAiChat openAi;
    private final HuggingFaceDetection huggingFace;
    private final KServe kserve;
    private final LabelStudioBackend labelStudio;
    private final SamApi samApi;

    /** Builds the handlers over the parts that do the work. */
    public Dropins(Pictures pictures, Answering answering, ActiveModel model, String version) {
        this.openAi = new OpenAiChat(pictures, answering, model);
        this.huggingFace = new HuggingFaceDetection(pictures, answering);
        this.kserve = new KServe(pictures, answering, model, version);
        this.labelStudio = new LabelStudioBackend(pictures, answering, model);
        this.samApi = new SamApi(pictures, answering, model);
    }

    /** Adds the addresses to a server. */
    public void install(RoutesConfig routes) {
        openAi.install(routes);
        huggingFace.install(routes);
        kserve.install(routes);
        labelStudio.install(routes);
        samApi.install(routes);
    }

    /** A handler whose errors have the form that its clients read. */
    static Handler shaped(Handler handler, Function<Problem, JsonNode> shape) {
        return ctx -> {
            try {
                handler.handle(ctx);
            } catch (Exception e) {
                Problem problem = ErrorAnswers.problem(ctx, e);
                ctx.status(problem.status());
                if (problem.status() == 503) {
                    ctx.header("Retry-After", ErrorAnswers.RETRY_AFTER_SECONDS);
                }
                ctx.json(shape.apply(problem));
            }
        };
    }

    /** {@code {"error": "..."}}, as Hugging Face and KServe have it. */
    static JsonNode plainError(Problem problem) {
        return Json.object().put("error", problem.detail() + " " + problem.hint());
    }
}
