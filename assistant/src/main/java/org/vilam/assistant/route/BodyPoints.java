package org.vilam.assistant.route;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.vilam.vision.geometry.Skeleton;

/** Finds named body points in an expression: "the left wrist of the man", "her eyes and nose", "keypoints of all people". */
final class BodyPoints {
    private static final List<String> COCO = Skeleton.COCO_PERSON.names();
    private static final Map<String, Part> PARTS = parts();

    private static final String BEFORE = "(?:(?:the|a|an|any|all|both|two|own|of|visible|17|position of|positions of) )*";
    private static final String SIDE = "(?:(?<side>left and right|left or right|left and the right|left|right) )?";
    private static final String JOINTS = "(?:key ?points?|joints?|landmarks|joint positions|points)";
    private static final String PART = "(?<part>"
            + PARTS.keySet().stream()
                    .sorted(Comparator.comparingInt(String::length).reversed())
                    .collect(Collectors.joining("|"))
            + ")";
    private static final Pattern LIMB = item(BEFORE + SIDE + PART + "(?<joints> " + JOINTS + ")?");
    private static final Pattern JOINTS_OF =
            item(BEFORE + "(?<joints>" + JOINTS + " (?:of|on|in) )" + BEFORE + SIDE + PART);
    private static final Pattern WHOLE = item(BEFORE
            + "(?:(?:(?:full |human |person |pose |coco )*body )?(?:poses?|skeletons?|stick figure|posture)(?: " + JOINTS
            + ")?|(?:(?:body|human|person|pose|coco) )+" + JOINTS + "|key ?points?|joints|landmarks|joint positions)");
    private static final Pattern AND = Pattern.compile("(?: (?:,|and|or|plus|as well as))+ ");
    private static final Pattern OWNED = Pattern.compile(" (?:of|on|for|from|belonging to) (?<owner>.+)");
    private static final Pattern POSSESSIVE =
            Pattern.compile("(?<owner>(?:his|her|its|their|my|it is)|.+?(?:'s|s'))(?: own)? (?<list>.+)");

    /** What a word names, with {@code {side}} left open. */
    private record Part(boolean sure, List<String> names) {}

    /**
     * Points and whose they are.
     *
     * @param names COCO's, in its order
     * @param owner words for the one whose points they are; "the person" where nobody is named
     */
    record Points(List<String> names, List<String> owner) {}

    private final String text;
    private int at;
    private boolean sure;
    private boolean sided;
    private final Set<String> names = new LinkedHashSet<>();

    private BodyPoints(String text) {
        this.text = text;
    }

    /** The points that an expression asks for, or nothing. */
    static Optional<Points> in(List<String> expression) {
        String text = String.join(" ", expression);
        Matcher possessive = POSSESSIVE.matcher(text);
        if (possessive.matches()) {
            BodyPoints points = new BodyPoints(group(possessive, "list"));
            if (points.list() && points.at == points.text.length()) {
                return points.of(owner(group(possessive, "owner")));
            }
        }
        BodyPoints points = new BodyPoints(text);
        if (!points.list()) {
            return Optional.empty();
        }
        if (points.at == text.length()) {
            // A hand may be anything's; the left hand is a person's.
            points.sure |= points.sided;
            return points.sure ? points.of("the person") : Optional.empty();
        }
        Matcher owned = OWNED.matcher(text).region(points.at, text.length());
        return owned.matches() ? points.of(group(owned, "owner")) : Optional.empty();
    }

    private static String owner(String possessive) {
        return switch (possessive) {
            case "his", "her", "its", "my", "it is" -> "it";
            case "their" -> "them";
            default -> possessive.replaceFirst("'s$", "").replaceFirst("s'$", "s");
        };
    }

    private Optional<Points> of(String owner) {
        List<String> words = List.of(owner.split(" ", -1));
        boolean person = Nouns.is("person", NounPhrase.of(Tokens.join(words)).head())
                || words.stream().anyMatch(Tokens::isRegion);
        if (!sure && !person) {
            return Optional.empty();
        }
        List<String> sorted = new ArrayList<>(names);
        sorted.sort(Comparator.comparingInt(COCO::indexOf));
        return Optional.of(new Points(sorted, words));
    }

    /** Reads "left wrist, elbow and the nose" as far as it goes. */
    private boolean list() {
        String side = "";
        int from = at;
        while (true) {
            Optional<String> read = item(from, side);
            if (read.isEmpty()) {
                return !names.isEmpty();
            }
            side = read.get();
            Matcher and = AND.matcher(text).region(at, text.length());
            if (!and.lookingAt()) {
                return true;
            }
            from = and.end();
        }
    }

    /** Reads one of a list; says the side that the next may leave out. */
    private Optional<String> item(int from, String before) {
        for (Pattern pattern : List.of(JOINTS_OF, WHOLE, LIMB)) {
            Matcher item = pattern.matcher(text).region(from, text.length());
            if (item.lookingAt()) {
                at = item.end();
                if (pattern == WHOLE) {
                    sure = true;
                    names.addAll(COCO);
                    return Optional.of("");
                }
                return Optional.of(limb(item, text.substring(from, item.start("part")), before));
            }
        }
        return Optional.empty();
    }

    private String limb(Matcher item, String determined, String before) {
        String word = group(item, "part");
        Part part = Objects.requireNonNull(PARTS.get(word));
        String said = item.group("side");
        boolean inherits = said == null && determined.isEmpty() && !Nouns.isPlural(word);
        String side = said != null ? said : inherits ? before : "";
        sided |= said != null;
        sure |= part.sure() || item.group("joints") != null;
        for (String name : part.names()) {
            if (!name.contains("{side}")) {
                names.add(name);
            } else {
                (side.equals("left") || side.equals("right") ? List.of(side) : List.of("left", "right"))
                        .forEach(s -> names.add(name.replace("{side}", s)));
            }
        }
        return side;
    }

    private static String group(Matcher matcher, String name) {
        return Objects.requireNonNull(matcher.group(name));
    }

    /** Ends where a word ends. */
    private static Pattern item(String pattern) {
        return Pattern.compile(pattern + "(?= |$)");
    }

    private static Map<String, Part> parts() {
        Map<String, Part> parts = new HashMap<>();
        for (String line : Resource.lines("keypoints.txt")) {
            String[] kind = Resource.halves(line, ":");
            String[] names = Resource.halves(kind[1], "=");
            for (String word : names[0].split(", *", -1)) {
                parts.put(word, new Part(kind[0].equals("sure"), List.of(names[1].split(" ", -1))));
            }
        }
        return parts;
    }
}
