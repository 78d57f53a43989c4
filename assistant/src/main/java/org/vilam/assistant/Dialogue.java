package org.vilam.assistant;

import java.util.ArrayList;
import java.util.List;
import org.vilam.grounding.result.GroundingJson;
import org.vilam.grounding.result.GroundingResult;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

/**
 * The turns so far on one picture: plain values, never changed. Whoever keeps it adds each answer with {@link #plus} and puts a
 * corrected one in its place with {@link #with}; later references are then to the corrected objects.
 *
 * @param turns oldest first
 */
public record Dialogue(List<Turn> turns) {
    /** Nothing said yet. */
    public static final Dialogue EMPTY = new Dialogue(List.of());

    /** Copies the list. */
    public Dialogue {
        turns = List.copyOf(turns);
    }

    /** A question and its answer. */
    public record Turn(Request request, GroundingResult result) {}

    /** The dialogue with one more turn. */
    public Dialogue plus(Request request, GroundingResult result) {
        List<Turn> more = new ArrayList<>(turns);
        more.add(new Turn(request, result));
        return new Dialogue(more);
    }

    /**
     * The dialogue with another result in a turn.
     *
     * @param turn from 0
     * @throws VilamException INVALID_ARGUMENT when there is no such turn
     */
    public Dialogue with(int turn, GroundingResult result) {
        if (turn < 0 || turn >= turns.size()) {
            throw new VilamException(
                    ErrorCode.INVALID_ARGUMENT,
                    "turn: there is no turn " + turn + " among " + turns.size(),
                    "Turns are counted from 0.");
        }
        List<Turn> others = new ArrayList<>(turns);
        others.set(turn, new Turn(turns.get(turn).request(), result));
        return new Dialogue(others);
    }

    /** From JSON; see {@link GroundingJson#read}. */
    public static Dialogue fromJson(String json) {
        return GroundingJson.read(json, Dialogue.class);
    }

    /** As JSON. */
    public String toJson() {
        return GroundingJson.write(this);
    }
}
