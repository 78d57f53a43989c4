package org.vilam.assistant.route;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.vilam.assistant.route.Step.Ask;
import org.vilam.prompts.Task;

/** Words that stand for regions that somebody has drawn. */
final class Regions {
    private static final Set<String> WORDS =
            Set.of("region", "box", "area", "point", "polygon", "selection", "rectangle", "outline", "object", "mark");
    private static final Set<String> PRONOUNS = Set.of("it", "this", "that", "them", "these", "those");
    private static final Set<String> POINTING =
            Set.of("this", "that", "the", "my", "selected", "marked", "highlighted", "drawn");
    private static final Set<String> PICTURE = Set.of(
            "image",
            "picture",
            "photo",
            "photograph",
            "pic",
            "img",
            "scene",
            "scan",
            "x-ray",
            "xray",
            "radiograph",
            "screenshot",
            "view");
    private static final Set<String> DETERMINERS = Set.of("the", "this", "that", "my", "whole", "entire", "full");

    private Regions() {}

    /** "Region 1" and "this region" become {@code #1} where there are regions. */
    static List<String> numbered(List<String> words, int regions) {
        if (regions == 0) {
            return words;
        }
        List<String> out = new ArrayList<>();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            boolean place = WORDS.contains(Nouns.singular(word));
            if (place && i + 1 < words.size() && words.get(i + 1).matches("\\d{1,3}")) {
                strip(out);
                out.add("#" + words.get(++i));
            } else if (place && !out.isEmpty() && pointed(out.get(out.size() - 1), words, i + 1)) {
                strip(out);
                out.addAll(List.of(all(regions).split(" ", -1)));
            } else {
                out.add(word);
            }
        }
        return out;
    }

    /**
     * A region before the words it is the object of takes its place in them: "#1 what is it" becomes "what is #1", "#1 describe"
     * becomes "describe #1".
     */
    static List<String> inPlace(List<String> words) {
        int ahead = 0;
        while (ahead < words.size() && Tokens.isRegion(words.get(ahead))) {
            ahead++;
        }
        List<String> regions = words.subList(0, ahead);
        List<String> rest = words.subList(ahead, words.size());
        while (!rest.isEmpty() && Tokens.isMark(rest.get(0))) {
            rest = rest.subList(1, rest.size());
        }
        if (ahead == 0 || rest.isEmpty() || rest.stream().anyMatch(Tokens::isRegion)) {
            return words;
        }
        List<String> out = new ArrayList<>(rest);
        for (int i = 0; i < rest.size(); i++) {
            if (PRONOUNS.contains(rest.get(i))) {
                out.remove(i);
                out.addAll(i, regions);
                return out;
            }
        }
        if (rest.stream().filter(word -> !Tokens.isMark(word)).count() == 1) {
            out.addAll(1, regions);
            return out;
        }
        return words;
    }

    /** "This box" is the one drawn; "the box" is so only where nothing more is said of it. */
    private static boolean pointed(String before, List<String> words, int at) {
        return (POINTING.contains(before) && !before.equals("the")) || (before.equals("the") && endsClause(words, at));
    }

    private static boolean endsClause(List<String> words, int at) {
        return at >= words.size()
                || Tokens.isMark(words.get(at))
                || Set.of("and", "then", "please").contains(words.get(at));
    }

    private static void strip(List<String> out) {
        while (!out.isEmpty() && POINTING.contains(out.get(out.size() - 1))) {
            out.remove(out.size() - 1);
        }
    }

    /** A step about "it" is about the regions, where there are any and none is named. */
    static Step pointed(Step step, List<String> words, int regions) {
        if (regions == 0 || step.ask() == Ask.HELP || words.stream().anyMatch(Tokens::isRegion)) {
            return step;
        }
        if (step.expression().equals("it") || step.expression().equals("them")) {
            return step.about(all(regions));
        }
        boolean whole = words.stream().anyMatch(PICTURE::contains);
        return step.task() == Task.CAPTION && !whole ? step.with(Task.DESCRIBE).about(all(regions)) : step;
    }

    /** "#1 and #2". */
    static String all(int regions) {
        return IntStream.rangeClosed(1, regions).mapToObj(i -> "#" + i).collect(Collectors.joining(" and "));
    }

    /** Whether an expression names the whole picture. */
    static boolean isPicture(String expression) {
        List<String> words = List.of(expression.split(" ", -1));
        return PICTURE.contains(words.get(words.size() - 1))
                && words.subList(0, words.size() - 1).stream().allMatch(DETERMINERS::contains);
    }
}
