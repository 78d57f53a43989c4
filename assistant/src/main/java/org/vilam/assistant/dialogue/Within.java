package org.vilam.assistant.dialogue;

import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.vilam.assistant.dialogue.Places.Place;
import org.vilam.grounding.answer.Grounded;
import org.vilam.grounding.answer.Grounded.Found;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;
import org.vilam.vision.geometry.Box;

/**
 * "The dog in #1": what to look for, and where its middle has to be.
 *
 * @param box the region, or null for the whole picture
 */
record Within(String expression, @Nullable Box box) {
    private static final Pattern IN = Pattern.compile("(?<what>.+) (in|inside|within|at|from) #(?<number>\\d{1,3})");

    /**
     * @param expression with references resolved
     * @param said as it was said, with its regions
     */
    static Within of(String expression, String said, List<Place> places) {
        Matcher in = IN.matcher(said);
        return in.matches()
                ? new Within(
                        String.valueOf(in.group("what")),
                        place(places, Integer.parseInt(in.group("number"))).box())
                : new Within(expression, null);
    }

    /**
     * The region of a number.
     *
     * @throws VilamException INVALID_ARGUMENT where there is none
     */
    static Place place(List<Place> places, int number) {
        if (number < 1 || number > places.size()) {
            throw new VilamException(
                    ErrorCode.INVALID_ARGUMENT,
                    "instruction: it speaks of #" + number + ", but there are " + places.size() + " regions",
                    "Send the regions that #1, #2, ... stand for.");
        }
        return places.get(number - 1);
    }

    /** What of it is in the region. */
    Grounded cut(Grounded grounded) {
        Box region = box;
        if (region == null) {
            return grounded;
        }
        List<Found> inside = grounded.all().stream()
                .filter(f -> region.contains(f.box().centre()))
                .toList();
        if (region.contains(grounded.one().box().centre())) {
            return new Grounded(grounded.presence(), grounded.one(), inside);
        }
        return inside.stream()
                .max(Comparator.comparingDouble(Found::score))
                .map(best -> new Grounded(grounded.presence(), best, inside))
                .orElse(new Grounded(0, grounded.one(), List.of()));
    }
}
