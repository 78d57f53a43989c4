package org.vilam.assistant.chat.tool;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.vilam.assistant.Assistant;
import org.vilam.assistant.Dialogue;
import org.vilam.assistant.ModelInfo;
import org.vilam.assistant.Picture;
import org.vilam.assistant.Progress;
import org.vilam.assistant.Request;
import org.vilam.assistant.chat.tool.LanguageServer.ToolCalling;
import org.vilam.assistant.chat.tool.ServerExchange.Failure;
import org.vilam.grounding.result.GroundingResult;
import org.vilam.prompts.Task;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

/**
 * An assistant whose words are those of a language model on an OpenAI-compatible server, and whose places are found by another
 * assistant, which the model calls as {@link GroundingTools}. Nothing leaves for the server but words, sizes and coordinates; the
 * picture stays here.
 *
 * <p>Where a task is given with a request no language model is needed: the other assistant answers. It does so too, with a warning
 * that says why, where the server cannot be reached, refuses or is silent. Answers of a language model may differ from time to time.
 */
public final class ToolDialogue implements Assistant {
    private final Assistant eyes;
    private final LanguageServer server;
    private final ServerExchange exchange;
    /** The server has said that it knows no tools. */
    private volatile boolean speaksOfNoTools;

    /**
     * @param eyes what looks at pictures, and answers where the server does not
     */
    public ToolDialogue(Assistant eyes, LanguageServer server) {
        this.eyes = eyes;
        this.server = server;
        this.exchange = new ServerExchange(server);
        this.speaksOfNoTools = server.tools() == ToolCalling.PROMPT;
    }

    /** The model that looks; its title names the model that speaks as well. */
    @Override
    public ModelInfo info() {
        ModelInfo info = eyes.info();
        return new ModelInfo(
                info.id(),
                info.family(),
                info.title() + ", in the words of " + server.model(),
                info.version(),
                info.sha256(),
                info.device(),
                info.knows(),
                info.trainedOn(),
                info.licence());
    }

    @Override
    public Set<Task> tasks() {
        return eyes.tasks();
    }

    @Override
    public GroundingResult ask(Picture picture, Dialogue dialogue, Request request, Progress progress) {
        if (request.task() != null || request.instruction().isBlank()) {
            return eyes.ask(picture, dialogue, request, progress);
        }
        Steps steps = new Steps(progress);
        long begun = System.nanoTime();
        GroundingTools tools = new GroundingTools(eyes, picture, dialogue, request.options(), steps);
        SpokenAnswer answer = new SpokenAnswer(eyes.info(), server, picture, dialogue, request, steps::said);
        try {
            if (speaksOfNoTools) {
                speakInActions(picture, dialogue, request, tools, answer, steps);
            } else {
                speak(picture, dialogue, request, tools, answer, steps);
            }
            steps.done();
            return answer.result(tools.results(), (System.nanoTime() - begun) / 1_000_000);
        } catch (Failure e) {
            if (e.aboutTools() && server.tools() == ToolCalling.AUTO && !speaksOfNoTools) {
                speaksOfNoTools = true;
                GroundingResult result = ask(picture, dialogue, request, steps);
                steps.done();
                return result;
            } else if (answer.begun()) {
                throw new VilamException(
                        ErrorCode.MODEL_OUTPUT_INVALID,
                        String.valueOf(e.getMessage()),
                        "The answer was not finished; ask again.",
                        e);
            }
            GroundingResult result = eyes.ask(picture, dialogue, request, steps);
            steps.done();
            return SpokenAnswer.withWarning(
                    result,
                    "language_server",
                    e.getMessage() + " " + eyes.info().title() + " answered without it.");
        }
    }

    private void speak(
            Picture picture,
            Dialogue dialogue,
            Request request,
            GroundingTools tools,
            SpokenAnswer answer,
            Steps steps) {
        ToolCalls calls = new ToolCalls(tools);
        List<ChatMessage> messages = begin(picture, dialogue, request, "");
        for (int round = 0; round < server.maxRounds(); round++) {
            ChatResponse response = exchange.ask(
                    ChatRequest.builder()
                            .messages(messages)
                            .toolSpecifications(tools.specifications())
                            .build(),
                    answer::push,
                    steps::beat);
            AiMessage said = response.aiMessage();
            if (!said.hasToolExecutionRequests()) {
                answer.end(tools.results());
                return;
            }
            answer.pause();
            messages.add(said);
            for (ToolExecutionRequest call : said.toolExecutionRequests()) {
                messages.add(ToolExecutionResultMessage.from(call, calls.answer(call.name(), call.arguments())));
            }
        }
        answer.limit(tools.results());
    }

    private void speakInActions(
            Picture picture,
            Dialogue dialogue,
            Request request,
            GroundingTools tools,
            SpokenAnswer answer,
            Steps steps) {
        ToolCalls calls = new ToolCalls(tools);
        List<ChatMessage> messages =
                begin(picture, dialogue, request, "\n\n" + Wording.actions(tools.specifications()));
        for (int round = 0; round < server.maxRounds(); round++) {
            StringBuilder text = new StringBuilder();
            exchange.ask(ChatRequest.builder().messages(messages).build(), text::append, steps::beat);
            Action action = Action.of(text.toString());
            if (action instanceof Action.Say say) {
                answer.push(say.text());
                answer.end(tools.results());
                return;
            }
            String result = action instanceof Action.Call call
                    ? calls.answer(call.tool(), call.arguments())
                    : ToolJson.error(
                            "this is no JSON object with an action", "Answer with one JSON object and nothing else.");
            messages.add(AiMessage.from(text.toString()));
            messages.add(UserMessage.from("RESULT " + result));
        }
        answer.limit(tools.results());
    }

    private static List<ChatMessage> begin(Picture picture, Dialogue dialogue, Request request, String more) {
        List<ChatMessage> messages = new ArrayList<>();
        messages.add(SystemMessage.from(Wording.system(picture, dialogue) + more));
        for (Dialogue.Turn turn : dialogue.turns()) {
            if (!turn.request().instruction().isBlank()
                    && !turn.result().answer().isBlank()) {
                messages.add(UserMessage.from(Wording.question(turn.request())));
                messages.add(AiMessage.from(turn.result().answer()));
            }
        }
        messages.add(UserMessage.from(Wording.question(request)));
        return messages;
    }

    /** Progress over several questions to the eyes: one run from 0 to 1. */
    private static final class Steps implements Progress {
        private static final double STEP = 0.2;

        private final Progress progress;
        private double fraction;

        Steps(Progress progress) {
            this.progress = progress;
        }

        @Override
        public void at(Stage stage, double ignored) {
            if (stage != Stage.DONE) {
                progress.at(stage, fraction);
                fraction += STEP * (1 - fraction);
            }
        }

        @Override
        public void said(String piece) {
            progress.said(piece);
        }

        /** Lets whoever listens give up. */
        void beat() {
            progress.at(Stage.DESCRIBE, fraction);
        }

        void done() {
            fraction = 1;
            progress.at(Stage.DONE, 1);
        }
    }
}
