package org.vilam.web.server;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.vilam.assistant.Assistant;
import org.vilam.assistant.Dialogue;
import org.vilam.assistant.ModelInfo;
import org.vilam.assistant.Picture;
import org.vilam.assistant.Progress;
import org.vilam.assistant.Request;
import org.vilam.grounding.result.FoundObject;
import org.vilam.grounding.result.FoundObject.NamedPoint;
import org.vilam.grounding.result.GroundingResult;
import org.vilam.grounding.result.GroundingResult.Status;
import org.vilam.prompts.Task;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.geometry.Polygon;
import org.vilam.vision.geometry.Rle;
import org.vilam.vision.geometry.Visibility;
import org.vilam.web.model.ModelCard;
import org.vilam.web.model.ModelCatalogue;

/** Two models without a network, whose answers follow from the instruction alone. */
public final class FakeModels implements ModelCatalogue {
    /** Open this before a "wait" instruction is answered. */
    public final CountDownLatch gate = new CountDownLatch(1);

    public final AtomicInteger opened = new AtomicInteger();
    public final AtomicInteger closed = new AtomicInteger();
    public final AtomicInteger cancelled = new AtomicInteger();
    public final AtomicInteger running = new AtomicInteger();

    @Override
    public List<ModelCard> list() {
        return List.of(card("first"), card("second"), card("broken"));
    }

    private static ModelCard card(String id) {
        return new ModelCard(
                id, "fake", "The " + id, "It knows nothing.", List.of("no data"), "Apache-2.0", "ab".repeat(32), 42);
    }

    @Override
    public OpenedModel open(String id) {
        if (id.equals("broken")) {
            throw new VilamException(ErrorCode.MODEL_INVALID, "model.safetensors is missing", "Install it again.");
        }
        opened.incrementAndGet();
        return new OpenedModel() {
            @Override
            public Assistant assistant() {
                return new FakeAssistant(id);
            }

            @Override
            public void close() {
                closed.incrementAndGet();
            }
        };
    }

    private final class FakeAssistant implements Assistant {
        private final String id;

        FakeAssistant(String id) {
            this.id = id;
        }

        @Override
        public ModelInfo info() {
            return new ModelInfo(
                    id, "fake", "The " + id, "1", "ab".repeat(32), "cpu", "It knows nothing.", List.of(), "Apache-2.0");
        }

        @Override
        public Set<Task> tasks() {
            return EnumSet.of(Task.BOX, Task.POLYGON);
        }

        @Override
        public GroundingResult ask(Picture picture, Dialogue dialogue, Request request, Progress progress) {
            progress.at(Progress.Stage.ROUTE, 0);
            String words = request.instruction();
            switch (words) {
                case "break" -> throw new IllegalStateException("secret of the inside");
                case "overflow" -> throw new StackOverflowError("secret of the inside");
                case "refuse" ->
                    throw new VilamException(
                            ErrorCode.INVALID_ARGUMENT, "instruction: not this one", "Ask something else.");
                case "wait" -> await(progress);
                default -> progress.at(Progress.Stage.GROUND, 0.25);
            }
            GroundingResult result = result(picture, dialogue, request);
            progress.at(Progress.Stage.DONE, 1);
            return result;
        }

        private void await(Progress progress) {
            running.incrementAndGet();
            try {
                while (!gate.await(10, java.util.concurrent.TimeUnit.MILLISECONDS)) {
                    progress.at(Progress.Stage.GROUND, 0.5);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (java.util.concurrent.CancellationException e) {
                cancelled.incrementAndGet();
                throw e;
            } finally {
                running.decrementAndGet();
            }
        }

        private GroundingResult result(Picture picture, Dialogue dialogue, Request request) {
            boolean masks = Boolean.TRUE.equals(request.options().masks());
            String words = request.instruction();
            List<FoundObject> objects = new ArrayList<>();
            List<FoundObject> alternatives = new ArrayList<>();
            Status status = Status.OK;
            switch (words) {
                case "nothing" -> status = Status.NO_TARGET;
                case "which" -> {
                    status = Status.AMBIGUOUS;
                    alternatives.add(object("o1", 1, "left", picture, 0, masks, false));
                    alternatives.add(object("o2", 2, "right", picture, 1, masks, false));
                }
                case "two" -> {
                    objects.add(object("o1", 1, "left", picture, 0, masks, true));
                    objects.add(object("o2", 2, "right", picture, 1, masks, false));
                }
                default -> objects.add(object("o" + (dialogue.turns().size() + 1), 1, words, picture, 0, masks, false));
            }
            String answer = switch (status) {
                case OK -> "Here it is, after " + dialogue.turns().size() + " turns: " + seen(dialogue);
                case NO_TARGET -> "There is nothing.";
                default -> "Left or right?";
            };
            return new GroundingResult(
                    "gr_" + words.length(),
                    request.task() == null ? "box" : request.task().name().toLowerCase(Locale.ROOT),
                    request.task() == null ? GroundingResult.TaskSource.INFERRED : GroundingResult.TaskSource.REQUESTED,
                    words,
                    status,
                    status == Status.NO_TARGET ? 0.03 : 0.97,
                    new GroundingResult.Image(
                            picture.id(),
                            picture.pixels().width(),
                            picture.pixels().height(),
                            picture.info().sha256(),
                            picture.info().mediaType(),
                            picture.info().orientation()),
                    GroundingResult.Coordinates.PIXELS,
                    answer,
                    status == Status.OK
                            ? List.of(new GroundingResult.Phrase(
                                    "it", 5, 7, List.of(objects.get(0).id())))
                            : List.of(),
                    objects,
                    alternatives,
                    List.of(),
                    new GroundingResult.Model(
                            id, "1", "ab".repeat(32), "cpu", request.options().seed()),
                    Map.of("total", 1L));
        }

        /** The boxes of the last turn, so that a test sees what the assistant was told. */
        private static String seen(Dialogue dialogue) {
            return dialogue.turns().isEmpty()
                    ? "none"
                    : dialogue.turns().get(dialogue.turns().size() - 1).result().objects().stream()
                            .map(o -> o.box().x1() + "")
                            .toList()
                            .toString();
        }

        private FoundObject object(
                String name, int rank, String label, Picture picture, int half, boolean masks, boolean keypoints) {
            int w = picture.pixels().width();
            int h = picture.pixels().height();
            Box box = new Box(half * w / 2.0, h / 4.0, (half + 1) * w / 2.0, h);
            List<Polygon> outline = masks ? List.of(Polygon.of(box)) : List.of();
            @Nullable Rle mask = masks ? Rle.ofPolygons(w, h, outline) : null;
            return new FoundObject(
                    name,
                    rank,
                    label,
                    "the " + label,
                    0.91,
                    box,
                    outline,
                    mask,
                    keypoints
                            ? List.of(
                                    new NamedPoint("nose", w / 4.0, h / 2.0, Visibility.VISIBLE, 0.9),
                                    new NamedPoint("left_wrist", null, null, Visibility.ABSENT, 0.1))
                            : List.of(),
                    box.area(),
                    null);
        }
    }
}
