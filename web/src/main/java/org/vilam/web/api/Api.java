package org.vilam.web.api;

import io.javalin.config.RoutesConfig;
import org.vilam.web.gallery.Gallery;
import org.vilam.web.image.Pictures;
import org.vilam.web.job.JobRunner;
import org.vilam.web.model.ActiveModel;
import org.vilam.web.model.Answering;
import org.vilam.web.session.Conversations;

/** All addresses of this package. */
public final class Api {
    private final ImagesApi images;
    private final GroundApi ground;
    private final SessionsApi sessions;
    private final JobsApi jobs;
    private final ModelsApi models;
    private final GalleryApi gallery;
    private final Exports exports;
    private final ImportApi imports;

    /** Builds the handlers over the parts that do the work. */
    public Api(
            Pictures pictures,
            Answering answering,
            Conversations conversations,
            JobRunner runner,
            ActiveModel model,
            String version) {
        Gallery bundled = Gallery.bundled();
        ImageInput input = new ImageInput(pictures, bundled);
        Exports exports = new Exports(pictures, conversations, runner);
        this.images = new ImagesApi(pictures);
        this.exports = exports;
        this.imports = new ImportApi(pictures, conversations);
        this.ground = new GroundApi(input, answering, exports);
        this.sessions = new SessionsApi(conversations, input, pictures);
        this.jobs = new JobsApi(runner, input);
        this.models = new ModelsApi(model, version);
        this.gallery = new GalleryApi(bundled);
    }

    /** Adds the addresses to a server. */
    public void install(RoutesConfig routes) {
        images.install(routes);
        ground.install(routes);
        sessions.install(routes);
        jobs.install(routes);
        models.install(routes);
        gallery.install(routes);
        exports.install(routes);
        imports.install(routes);
    }
}
