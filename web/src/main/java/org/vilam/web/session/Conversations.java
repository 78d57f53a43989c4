package org.vilam.web.session;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import org.vilam.assistant.Dialogue;
import org.vilam.assistant.Picture;
import org.vilam.assistant.Request;
import org.vilam.grounding.result.GroundingResult;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;
import org.vilam.web.image.Pictures;
import org.vilam.web.json.Json;
import org.vilam.web.model.Answering;
import org.vilam.web.store.SessionStore;
import org.vilam.web.store.StoredSession;
import org.vilam.web.store.StoredTurn;
import org.vilam.web.store.StoredTurn.StoredCorrection;

/** Conversations, kept in the store between turns. Safe for several threads; the turns of one session come one after another. */
public final class Conversations {
    private static final Duration TURN_PATIENCE = Duration.ofMinutes(2);

    private final SessionStore sessions;
    private final Pictures pictures;
    private final Answering answering;
    private final List<ReentrantLock> stripes =
            IntStream.range(0, 64).mapToObj(i -> new ReentrantLock(true)).toList();

    public Conversations(SessionStore sessions, Pictures pictures, Answering answering) {
        this.sessions = sessions;
        this.pictures = pictures;
        this.answering = answering;
    }

    /**
     * A question and its answer.
     *
     * @param number from 1
     * @param original what the model answered
     * @param result that with all corrections
     * @param corrections oldest first
     */
    public record Turn(
            int number,
            Request request,
            GroundingResult original,
            GroundingResult result,
            List<StoredCorrection> corrections,
            Instant created) {
        public Turn {
            corrections = List.copyOf(corrections);
        }
    }

    /** Begins a conversation. */
    public StoredSession create(Picture picture) {
        return sessions.create(picture.id());
    }

    /**
     * The conversation with an id.
     *
     * @throws VilamException NOT_FOUND
     */
    public StoredSession get(String id) {
        return sessions.get(id);
    }

    /** The conversations, the last used first. */
    public List<StoredSession> list(int limit) {
        return sessions.list(limit);
    }

    /** Forgets a conversation. */
    public void delete(String id) {
        sessions.delete(id);
    }

    /** The turns so far. */
    public List<Turn> turns(String session) {
        sessions.get(session);
        return sessions.turns(session).stream().map(Conversations::turn).toList();
    }

    /**
     * One turn of a conversation.
     *
     * @throws VilamException NOT_FOUND
     */
    public Turn turn(String session, int number) {
        sessions.get(session);
        return turn(sessions.turn(session, number));
    }

    /** Asks on; the answer is in the store when this returns. */
    public Turn ask(String session, Request request, Answering.Listener listener) {
        ReentrantLock lock = stripes.get(Math.floorMod(session.hashCode(), stripes.size()));
        try {
            if (!lock.tryLock(TURN_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new VilamException(
                        ErrorCode.BUSY, "an earlier turn is not answered yet", "Wait for it, then ask again.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new VilamException(ErrorCode.BUSY, "the program is ending", "Ask again after its restart.", e);
        }
        try {
            Picture picture = pictures.get(sessions.get(session).image());
            Dialogue dialogue = new Dialogue(turns(session).stream()
                    .map(turn -> new Dialogue.Turn(turn.request(), turn.result()))
                    .toList());
            GroundingResult result = answering.ask(picture, dialogue, request, listener);
            int number = sessions.addTurn(session, Json.write(request), Json.write(result));
            return turn(session, number);
        } finally {
            lock.unlock();
        }
    }

    /** Adds a turn that was answered elsewhere; later turns build on it. */
    public Turn record(String session, Request request, GroundingResult result) {
        return turn(session, sessions.addTurn(session, Json.write(request), Json.write(result)));
    }

    /** Corrects an object of a turn, or adds one. */
    public Turn correct(String session, int number, String object, Correction correction) {
        correction.applyTo(turn(session, number).result(), object); // refused before it is kept
        sessions.addCorrection(session, number, object, Json.write(correction));
        return turn(session, number);
    }

    /**
     * Takes the last correction of a turn back.
     *
     * @throws VilamException CONFLICT where there is none
     */
    public Turn undo(String session, int number) {
        turn(session, number);
        if (sessions.undoCorrection(session, number).isEmpty()) {
            throw new VilamException(
                    ErrorCode.CONFLICT, "the turn has no correction", "There is nothing to take back.");
        }
        return turn(session, number);
    }

    private static Turn turn(StoredTurn stored) {
        GroundingResult original = Json.stored(stored.result(), GroundingResult.class);
        GroundingResult result = original;
        for (StoredCorrection correction : stored.corrections()) {
            result = Json.stored(correction.change(), Correction.class).applyTo(result, correction.object());
        }
        return new Turn(
                stored.number(),
                Json.stored(stored.request(), Request.class),
                original,
                result,
                stored.corrections(),
                stored.created());
    }
}
