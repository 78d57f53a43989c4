package org.vilam.assistant.dialogue;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.vilam.assistant.route.NounPhrase;
import org.vilam.assistant.route.NounPhrase.Quantity;
import org.vilam.assistant.route.Step;
import org.vilam.assistant.route.Step.Ask;
import org.vilam.grounding.result.FoundObject;
import org.vilam.grounding.result.FoundObject.NamedPoint;
import org.vilam.prompts.Task;
import org.vilam.vision.geometry.Skeleton;
import org.vilam.vision.geometry.Visibility;

/** How answers are worded. */
final class Sentences {
    private static final List<String> NUMBERS =
            List.of("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten");

    private final Answer answer;

    Sentences(Answer answer) {
        this.answer = answer;
    }

    /**
     * What was looked for is here.
     *
     * @param more how many others fit as well where any one was meant
     */
    void found(Step step, NounPhrase phrase, List<FoundObject> objects, int more) {
        String yes = step.ask() == Ask.WHETHER ? "yes, " : "";
        if (step.ask() == Ask.COUNT || step.many() || objects.size() > 1) {
            answer.say(yes)
                    .say("there " + (objects.size() == 1 ? "is " : "are "))
                    .say(counted(phrase, objects.size()), objects);
            answer.end(".");
            if (phrase.count() > 0 && phrase.count() != objects.size() && step.ask() != Ask.COUNT) {
                answer.say("You spoke of " + number(phrase.count())).end(".");
            }
            return;
        }
        boolean any = phrase.quantity() == Quantity.SOME;
        if (any) {
            answer.say(yes)
                    .say(phrase.isPairNoun() ? "there are " : "there is ")
                    .say(phrase.indefinite(), objects)
                    .end(".");
        } else {
            answer.say(yes)
                    .say(definite(phrase), objects)
                    .say(phrase.isPairNoun() ? " are here" : " is here")
                    .end(".");
        }
        if (more > 0) {
            answer.say(number(more) + (more == 1 ? " other fits" : " others fit") + " as well")
                    .end(".");
        }
    }

    /** Nothing fits. */
    void nothing(Step step, NounPhrase phrase) {
        if (step.ask() == Ask.COUNT) {
            answer.say("there are no " + plurals(phrase) + " in the picture").end(".");
        } else if (step.ask() == Ask.WHETHER) {
            boolean many = step.many() || phrase.plural();
            String what = many ? "are no " + plurals(phrase) : "is no " + phrase.bare();
            answer.say("no, there " + what + " in the picture").end(".");
        } else {
            String what = phrase.quantity() == Quantity.SOME
                    ? phrase.indefinite()
                    : phrase.many() ? plurals(phrase) : definite(phrase);
            answer.say("I looked for " + what + ", and nothing in the picture fits")
                    .end(".");
        }
    }

    /** What the nearest thing is, after {@link #nothing}. */
    void nearest(FoundObject object) {
        answer.say("The nearest is ")
                .say("this", List.of(object))
                .say(", with a score of " + String.format(java.util.Locale.ROOT, "%.2f", object.score()))
                .end(".");
    }

    /** The shortest question that separates candidates. */
    void which(String label, List<FoundObject> candidates, List<String> names) {
        answer.say("Which " + label + ": ");
        for (int i = 0; i < candidates.size(); i++) {
            FoundObject candidate = candidates.get(i);
            answer.say(i == 0 ? "" : ", ").say(candidate.rank() + " (" + names.get(i) + ")", List.of(candidate));
        }
        answer.end("?");
    }

    void outlined(List<FoundObject> objects, List<String> names) {
        boolean one = objects.size() == 1;
        answer.say(one ? "here is the outline of " : "here are the outlines of ");
        join(objects, names);
        answer.end(".");
    }

    /** Points that are seen, and those that are not. */
    void pointed(Step step, List<FoundObject> objects, List<String> names) {
        boolean all = step.points().size() == Skeleton.COCO_PERSON.size();
        boolean one = step.points().size() == 1 && objects.size() == 1;
        String what = all
                ? "keypoints"
                : list(step.points().stream().map(Sentences::spoken).toList());
        List<String> seen = objects.stream()
                .flatMap(o -> o.keypoints().stream())
                .filter(p -> p.visibility() != Visibility.ABSENT)
                .map(NamedPoint::name)
                .distinct()
                .toList();
        String yes = step.ask() == Ask.WHETHER ? (seen.isEmpty() ? "no, " : "yes, ") : "";
        if (seen.isEmpty()) {
            answer.say(yes).say("the " + what + " of ");
            join(objects, names);
            answer.say(" cannot be seen").end(".");
            return;
        }
        answer.say(yes).say(one ? "here is the " + what + " of " : "here are the " + what + " of ");
        join(objects, names);
        answer.end(".");
        List<String> missing = step.points().stream()
                .filter(p -> !seen.contains(p))
                .map(Sentences::spoken)
                .toList();
        if (!missing.isEmpty() && !all) {
            answer.say("The " + list(missing) + " cannot be seen").end(".");
        }
    }

    /** What the language model says, of each object. */
    void told(List<FoundObject> objects, List<String> texts, Task task) {
        for (int i = 0; i < objects.size(); i++) {
            if (objects.size() > 1) {
                answer.say((i + 1) + ": ");
            } else if (task == Task.CLASSIFY) {
                NounPhrase kind = NounPhrase.of(texts.get(i));
                answer.say("this is ")
                        .say(kind.isPairNoun() ? texts.get(i) : kind.indefinite(), objects)
                        .end(".");
                return;
            }
            answer.say(texts.get(i), List.of(objects.get(i))).end(".");
        }
    }

    /** Words of the language model's own, piece by piece. */
    void goOn(String words) {
        answer.say(words);
    }

    /** The end of {@link #goOn}. */
    void stop() {
        answer.end(".");
    }

    /** What was referred to was not spoken of. */
    void unknown(String word) {
        answer.say("I do not know what \"" + word + "\" is, because nothing has been found yet")
                .end(".")
                .say("Say what to look for, such as \"find the largest object\"")
                .end(".");
    }

    void noneOfThem() {
        answer.say("none of them, then").end(".");
    }

    void notDrawn(Task task, List<String> names) {
        String what = task == Task.POLYGON ? "outline" : "body points";
        answer.say("I found no " + what + " for " + list(names)).end(".");
    }

    /** What this model cannot do, and what it can. */
    void unsupported(Task task, Set<Task> able) {
        answer.say("this model cannot " + ability(task))
                .end(".")
                .say("It can " + list(abilities(able)))
                .end(".");
    }

    /** What can be asked. */
    void help(Set<Task> able) {
        answer.say("I answer questions about the picture: I can " + list(abilities(able)))
                .end(".")
                .say("For example: \"find the red circle left of the star\"")
                .end(".");
    }

    private static List<String> abilities(Set<Task> able) {
        return EnumSet.copyOf(able).stream().map(Sentences::ability).toList();
    }

    private static String ability(Task task) {
        return switch (task) {
            case BOX -> "find an object";
            case ALL -> "find and count all objects of a kind";
            case POLYGON -> "outline objects";
            case KEYPOINTS -> "show body points";
            case DESCRIBE -> "describe an object or a region";
            case CLASSIFY -> "name what kind of object something is";
            case CAPTION -> "describe the whole picture";
        };
    }

    private void join(List<FoundObject> objects, List<String> names) {
        if (objects.size() > 1 && names.stream().distinct().count() == 1) {
            answer.say(names.get(0), objects);
            return;
        }
        for (int i = 0; i < objects.size(); i++) {
            answer.say(i == 0 ? "" : i == objects.size() - 1 ? " and " : ", ")
                    .say(names.get(i), List.of(objects.get(i)));
        }
    }

    /** "3 red circles on the left", "one red circle". */
    static String counted(NounPhrase phrase, int n) {
        String tail = phrase.tail().isEmpty() ? "" : " " + phrase.tail();
        String noun = attributed(phrase);
        return n == 1
                ? "one " + singular(noun) + tail
                : number(n) + " " + NounPhrase.of(singular(noun)).plurals() + tail;
    }

    /** The noun with its attributes as they were said, but for words that say how many. */
    private static String attributed(NounPhrase phrase) {
        String bare = phrase.bare();
        return phrase.tail().isEmpty()
                ? bare
                : bare.substring(0, bare.length() - phrase.tail().length() - 1);
    }

    private static String singular(String noun) {
        int cut = noun.lastIndexOf(' ') + 1;
        return noun.substring(0, cut) + NounPhrase.of(noun).head();
    }

    private static String plurals(NounPhrase phrase) {
        String tail = phrase.tail().isEmpty() ? "" : " " + phrase.tail();
        return NounPhrase.of(singular(attributed(phrase))).plurals() + tail;
    }

    static String definite(NounPhrase phrase) {
        return phrase.quantity() == Quantity.THE ? phrase.text() : "the " + phrase.bare();
    }

    static String number(int n) {
        return n < NUMBERS.size() ? NUMBERS.get(n) : Integer.toString(n);
    }

    private static String spoken(String keypoint) {
        return keypoint.replace('_', ' ');
    }

    static String list(List<String> items) {
        int last = items.size() - 1;
        return last < 1
                ? String.join("", items)
                : String.join(", ", items.subList(0, last)) + " and " + items.get(last);
    }

    /**
     * For a question among candidates: where each lies, and in a word or two what it is where that tells them apart; of more than
     * three the latter alone, because "fourth from the left" has to be counted out.
     */
    static List<String> separating(List<FoundObject> candidates, List<String> descriptions) {
        List<String> where =
                new Positions(candidates.stream().map(FoundObject::box).toList()).names();
        List<String> what = new ArrayList<>();
        for (int i = 0; i < descriptions.size(); i++) {
            List<String> common = List.of(candidates.get(i).label().split(" ", -1));
            NounPhrase phrase = NounPhrase.of(descriptions.get(i));
            what.add(List.of(phrase.label().split(" ", -1)).stream()
                    .filter(w -> !common.contains(w))
                    .collect(Collectors.joining(" ")));
        }
        boolean apart = what.size() == candidates.size()
                && what.stream().distinct().count() == what.size()
                && what.stream().allMatch(w -> !w.isEmpty() && w.split(" ", -1).length <= 2);
        return IntStream.range(0, candidates.size())
                .mapToObj(i ->
                        !apart ? where.get(i) : candidates.size() > 3 ? what.get(i) : where.get(i) + ", " + what.get(i))
                .toList();
    }
}
