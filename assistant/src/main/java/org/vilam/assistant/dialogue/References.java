package org.vilam.assistant.dialogue;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.vilam.assistant.route.NounPhrase;
import org.vilam.assistant.route.Step;
import org.vilam.grounding.result.FoundObject;
import org.vilam.vision.geometry.Box;

/**
 * What an expression refers to among the objects of the dialogue. Where it says more than that, the words that refer are replaced
 * by those that were used before: "the one behind it" is looked for as "the object behind the dog".
 */
final class References {
    private static final Pattern IT = Pattern.compile("(it|that one|this one|the same|the same one|that object|this object)");
    private static final Pattern THEM = Pattern.compile(
            "(them|(all|both|each|every one|each one) of (them|these|those)|these ones|those ones|both|all)");
    private static final Pattern OTHER = Pattern.compile("(the|an)? ?(?<word>other|others|another|rest)( (?<noun>.+))?");
    private static final Pattern NEXT = Pattern.compile("the next( one)?");
    private static final Pattern INSIDE = Pattern.compile("(?<=\\S )(it|him|her|them|that one|this one|these|those)$"
            + "|(?<=\\S )(it|him|her|them|that one|this one)(?= )");
    private static final Pattern HIS = Pattern.compile("^(his|her|its|their|the) (?<noun>.+)$");
    private static final Pattern ONE = Pattern.compile("\\b(one|ones)\\b");
    private static final Pattern RELATED = Pattern.compile(
            "(behind|next|beside|besides|(to the |on the )?(left|right) (side )?of|above|below|under|underneath|beneath|over|"
                    + "near|nearest|closest|farthest|furthest|inside|within|around|between|in front|on top).*");
    private static final Pattern REGION = Pattern.compile("#(\\d{1,3})");

    /** What an expression is about. */
    sealed interface Reference {
        /** Objects of the dialogue. */
        record Objects(List<FoundObject> objects) implements Reference {}

        /**
         * Something to look for.
         *
         * @param expression for the grounder
         * @param without boxes that are not meant
         */
        record Words(String expression, List<Box> without) implements Reference {}

        /** One of several, which is not said. */
        record Unclear(List<FoundObject> candidates) implements Reference {}

        /** Something that was not spoken of. */
        record Nothing(String word) implements Reference {}
    }

    private final Memory memory;
    private final Function<Integer, String> regionPhrase;

    /**
     * @param regionPhrase words for the region of a number, from 1
     */
    References(Memory memory, Function<Integer, String> regionPhrase) {
        this.memory = memory;
        this.regionPhrase = regionPhrase;
    }

    Reference resolve(Step step) {
        String text = step.expression();
        List<FoundObject> focus = memory.focus();
        if (IT.matcher(text).matches() || THEM.matcher(text).matches()) {
            if (focus.isEmpty()) {
                return new Reference.Nothing(text);
            }
            boolean one = IT.matcher(text).matches();
            return one && focus.size() > 1 ? new Reference.Unclear(focus) : new Reference.Objects(focus);
        }
        Matcher other = OTHER.matcher(text);
        if (other.matches() && !focus.isEmpty()) {
            return other(Optional.ofNullable(other.group("noun")), String.valueOf(other.group("word")));
        }
        if (NEXT.matcher(text).matches() && memory.group().size() > 1 && focus.size() == 1) {
            return next();
        }
        return selected(text).orElseGet(() -> new Reference.Words(rewritten(text), List.of()));
    }

    /** "The second one", "the left dog": which of the group. "All dogs" are looked for anew. */
    private Optional<Reference> selected(String text) {
        List<FoundObject> group = memory.group();
        boolean anew = NounPhrase.of(text).quantity() == NounPhrase.Quantity.ALL
                && !NounPhrase.of(text).head().equals("one");
        if (group.size() < 2 || anew) {
            return Optional.empty();
        }
        return new Selection(group.stream().map(FoundObject::box).toList())
                .choose(text, group.get(0).label())
                .map(chosen -> new Reference.Objects(chosen.stream().map(group::get).toList()));
    }

    private Reference other(Optional<String> noun, String word) {
        List<FoundObject> others = memory.others();
        FoundObject focus = memory.focus().get(0);
        boolean alike = noun.isEmpty()
                || noun.get().matches("ones?|two|three|of them")
                || NounPhrase.of(noun.get()).head().equals(head(focus.label()));
        boolean many = word.equals("others") || word.equals("rest") || noun.orElse("").matches("ones|two|three")
                || noun.map(n -> NounPhrase.of(n).plural()).orElse(false);
        if (alike && !others.isEmpty()) {
            return others.size() == 1 || many ? new Reference.Objects(others)
                    : word.equals("another") ? new Reference.Objects(others.subList(0, 1)) : new Reference.Unclear(others);
        }
        boolean named = noun.isPresent() && !noun.get().matches("ones?|two|three|of them");
        String kind = named ? NounPhrase.of(noun.get()).label() : head(focus.label());
        return new Reference.Words(
                "all " + NounPhrase.of(kind).plurals(),
                memory.focus().stream().map(FoundObject::box).toList());
    }

    private Reference next() {
        List<FoundObject> group = memory.group();
        FoundObject focus = memory.focus().get(0);
        for (int i = 0; i + 1 < group.size(); i++) {
            if (Memory.same(group.get(i).box(), focus.box())) {
                return new Reference.Objects(List.of(group.get(i + 1)));
            }
        }
        return new Reference.Nothing("the next one");
    }

    /** The expression with what refers replaced by what was said before. */
    String rewritten(String expression) {
        String text = REGION.matcher(expression)
                .replaceAll(m -> Matcher.quoteReplacement(regionPhrase.apply(Integer.parseInt(m.group(1)))));
        if (memory.focus().isEmpty()) {
            return ONE.matcher(text).find() && NounPhrase.of(text).head().equals("one")
                    ? ONE.matcher(text).replaceFirst("object")
                    : text;
        }
        String focus = focusName();
        Matcher his = HIS.matcher(text);
        if (his.matches() && !text.startsWith("the ")) {
            return "the " + his.group("noun") + " of " + focus;
        }
        text = INSIDE.matcher(text).replaceAll(Matcher.quoteReplacement(focus));
        NounPhrase phrase = NounPhrase.of(text);
        if (!phrase.head().equals("one")) {
            return text;
        }
        FoundObject known = memory.focus().get(0);
        boolean related = RELATED.matcher(phrase.tail()).matches();
        String noun = !related ? known.label() : isPerson(known) ? "person" : "object";
        return phrase.text().contains("ones")
                ? text.replaceFirst("\\bones\\b", Matcher.quoteReplacement(NounPhrase.of(noun).plurals()))
                : text.replaceFirst("\\bone\\b", Matcher.quoteReplacement(noun));
    }

    private static boolean isPerson(FoundObject object) {
        return NounPhrase.of(object.label()).isPerson();
    }

    private String focusName() {
        List<FoundObject> focus = memory.focus();
        return focus.size() == 1
                ? name(focus.get(0), memory.group())
                : "the " + NounPhrase.of(focus.get(0).label()).plurals();
    }

    /** "The dog left of the bike", or "the second dog from the left" where it was found among others. */
    static String name(FoundObject object, List<FoundObject> group) {
        NounPhrase phrase = NounPhrase.of(object.phrase());
        boolean shared = group.stream().filter(o -> o.phrase().equals(object.phrase())).count() > 1;
        if (!shared && !phrase.many()) {
            return "the " + phrase.bare();
        }
        int index = group.stream().map(FoundObject::id).toList().indexOf(object.id());
        if (!shared || index < 0) {
            return "the " + object.label();
        }
        String where = new Positions(group.stream().map(FoundObject::box).toList()).names().get(index);
        int from = where.indexOf(" from ");
        return from < 0
                ? "the " + where + " " + object.label()
                : "the " + where.substring(0, from) + " " + object.label() + where.substring(from);
    }

    private static String head(String label) {
        return label.isEmpty() ? "" : NounPhrase.of(label).head();
    }
}
