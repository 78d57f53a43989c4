package org.vilam.assistant.chat.tool;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.vilam.assistant.Dialogue;
import org.vilam.assistant.ModelInfo;
import org.vilam.assistant.Picture;
import org.vilam.assistant.Request;
import org.vilam.grounding.result.FoundObject;
import org.vilam.grounding.result.GroundingJson;
import org.vilam.grounding.result.GroundingResult;
import org.vilam.grounding.result.GroundingResult.Phrase;
import org.vilam.grounding.result.GroundingResult.Status;
import org.vilam.grounding.result.GroundingResult.TaskSource;
import org.vilam.grounding.result.GroundingResult.Warning;
import org.vilam.vision.image.ImageInfo;

/** The canonical result of what a language model said and its tools found. */
final class SpokenAnswer {
    private final ModelInfo info;
    private final LanguageServer server;
    private final Picture picture;
    private final Dialogue dialogue;
    private final Request request;
    private final LinkedText text;
    private final List<Warning> warnings = new ArrayList<>();
    private boolean begun;

    SpokenAnswer(
            ModelInfo info,
            LanguageServer server,
            Picture picture,
            Dialogue dialogue,
            Request request,
            Consumer<String> listener) {
        this.info = info;
        this.server = server;
        this.picture = picture;
        this.dialogue = dialogue;
        this.request = request;
        this.text = new LinkedText(piece -> {
            begun = true;
            listener.accept(piece);
        });
    }

    /** The model's text goes on. */
    void push(String piece) {
        text.push(piece);
    }

    /** What comes next is another paragraph. */
    void pause() {
        text.finish();
        text.paragraph();
    }

    /** Whether anything has been heard of it. */
    boolean begun() {
        return begun;
    }

    /** The model has said all; where that is nothing, the tools' own sentences stand. */
    void end(List<GroundingResult> found) {
        text.finish();
        if (text.text().isEmpty() && found.isEmpty()) {
            throw new ServerExchange.Failure("The language model " + server + " said nothing.", false, null);
        } else if (text.text().isEmpty()) {
            found.forEach(this::quote);
            warnings.add(new Warning(
                    "language_model_silent",
                    "The language model " + server + " gave no answer to what its tools found."));
        }
    }

    /** The model went on calling tools. */
    void limit(List<GroundingResult> found) {
        text.finish();
        if (found.isEmpty()) {
            throw new ServerExchange.Failure(
                    "The language model " + server + " called its tools " + server.maxRounds()
                            + " times without a question that they could answer.",
                    false,
                    null);
        }
        text.paragraph();
        quote(found.get(found.size() - 1));
        warnings.add(new Warning(
                "tool_limit",
                "The language model " + server + " came to no answer in " + server.maxRounds()
                        + " rounds; this is what was found last."));
    }

    /** A sentence of the assistant, its objects linked. */
    private void quote(GroundingResult result) {
        int from = 0;
        StringBuilder linked = new StringBuilder();
        for (Phrase phrase : result.phrases()) {
            linked.append(result.answer(), from, phrase.start())
                    .append('[')
                    .append(phrase.text())
                    .append("](")
                    .append(String.join(",", phrase.objects()))
                    .append(')');
            from = phrase.end();
        }
        text.push(linked.append(result.answer().substring(from)).append(' ').toString());
        text.finish();
    }

    /**
     * The result.
     *
     * @param found what the tools found, oldest first
     */
    GroundingResult result(List<GroundingResult> found, long milliseconds) {
        GroundingResult last = found.isEmpty() ? null : found.get(found.size() - 1);
        Map<String, FoundObject> known = Wording.known(dialogue);
        Map<String, FoundObject> now = new LinkedHashMap<>();
        for (GroundingResult result : found) {
            result.alternatives().forEach(o -> known.put(o.id(), o));
            result.objects().forEach(o -> known.put(o.id(), o));
            result.objects().forEach(o -> now.put(o.id(), o));
        }
        Set<String> spokenOf = new LinkedHashSet<>();
        text.phrases()
                .forEach(p -> p.objects().stream().filter(known::containsKey).forEach(spokenOf::add));
        List<FoundObject> alternatives =
                last != null && last.status() == Status.AMBIGUOUS ? last.alternatives() : List.of();
        boolean asks = !alternatives.isEmpty();
        Set<String> open =
                new LinkedHashSet<>(alternatives.stream().map(FoundObject::id).toList());
        List<FoundObject> objects = (spokenOf.isEmpty() || asks ? now.keySet() : spokenOf)
                .stream()
                        .filter(id -> !open.contains(id))
                        .flatMap(id -> Stream.ofNullable(known.get(id)))
                        .toList();
        boolean nothing =
                objects.isEmpty() && !found.isEmpty() && found.stream().allMatch(r -> r.status() == Status.NO_TARGET);
        List<Warning> all = new ArrayList<>(warnings);
        found.forEach(r -> r.warnings().stream().filter(w -> !all.contains(w)).forEach(all::add));
        all.add(new Warning(
                "language_model",
                "The words are those of the language model " + server + "; the places are found by " + info.title()
                        + "."));
        ImageInfo image = picture.info();
        return new GroundingResult(
                id(),
                last == null ? "caption" : last.task(),
                TaskSource.INFERRED,
                request.instruction(),
                asks ? Status.AMBIGUOUS : nothing ? Status.NO_TARGET : Status.OK,
                last == null ? null : last.presence(),
                new GroundingResult.Image(
                        picture.id(),
                        picture.pixels().width(),
                        picture.pixels().height(),
                        image.sha256(),
                        image.mediaType(),
                        image.orientation()),
                GroundingResult.Coordinates.PIXELS,
                text.text(),
                phrases(objects, alternatives),
                objects,
                alternatives,
                all,
                new GroundingResult.Model(
                        info.id(),
                        info.version(),
                        info.sha256(),
                        info.device(),
                        request.options().seed()),
                Map.of("total", milliseconds));
    }

    /** The linked words for what is shown. */
    private List<Phrase> phrases(List<FoundObject> objects, List<FoundObject> alternatives) {
        List<String> shown = Stream.concat(objects.stream(), alternatives.stream())
                .map(FoundObject::id)
                .toList();
        return text.phrases().stream()
                .map(p -> new Phrase(
                        p.text(),
                        p.start(),
                        p.end(),
                        p.objects().stream().filter(shown::contains).distinct().toList()))
                .filter(p -> !p.objects().isEmpty())
                .toList();
    }

    /** Of the words as well: a language model may answer the same question in others. */
    private String id() {
        StringBuilder asked = new StringBuilder(info.sha256()).append('\n').append(server);
        asked.append('\n').append(picture.id());
        dialogue.turns().forEach(t -> asked.append('\n').append(t.result().id()));
        asked.append('\n').append(GroundingJson.write(request)).append('\n').append(text.text());
        ByteBuffer bytes = ByteBuffer.wrap(asked.toString().getBytes(StandardCharsets.UTF_8));
        return "gr_" + ImageInfo.sha256Of(bytes).substring(0, 24);
    }

    /** The result with one more warning, before its others. */
    static GroundingResult withWarning(GroundingResult result, String code, String message) {
        List<Warning> warnings = new ArrayList<>();
        warnings.add(new Warning(code, message));
        warnings.addAll(result.warnings());
        return new GroundingResult(
                result.id(),
                result.task(),
                result.taskSource(),
                result.instruction(),
                result.status(),
                result.presence(),
                result.image(),
                result.coordinates(),
                result.answer(),
                result.phrases(),
                result.objects(),
                result.alternatives(),
                warnings,
                result.model(),
                result.timingMs());
    }
}
