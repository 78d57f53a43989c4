package org.vilam.training.evaluate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.vilam.assistant.vilam.Teller;
import org.vilam.grounding.answer.Grounded;
import org.vilam.grounding.answer.Grounder;
import org.vilam.grounding.answer.Grounder.Ability;
import org.vilam.grounding.answer.Grounder.Detail;
import org.vilam.grounding.answer.Grounder.Query;
import org.vilam.grounding.language.LocationCodec;
import org.vilam.prompts.Instructions;
import org.vilam.prompts.Task;
import org.vilam.training.scene.Expression;
import org.vilam.training.scene.Scene;
import org.vilam.training.scene.SceneObject;
import org.vilam.vision.image.RgbImage;

/**
 * The answers to the questions about one picture, each list in the order of its questions.
 *
 * @param ones with masks and keypoints where the grounder has them
 * @param sets boxes alone
 * @param absent boxes alone
 * @param descriptions of the described objects; empty where nothing tells
 * @param groundedAgain each description, grounded
 * @param names categories of the named objects; empty where nothing tells
 */
record Answers(
        Questions questions,
        List<Grounded> ones,
        List<Grounded> sets,
        List<Grounded> absent,
        List<String> descriptions,
        List<Grounded> groundedAgain,
        List<String> names) {

    /** What is still wanted; the rest need not be asked. */
    record Wanted(boolean ones, boolean sets, boolean absent, boolean descriptions, boolean names) {}

    /** Asks the questions about several pictures, those of one sort together. */
    static List<Answers> ask(Grounder grounder, @Nullable Teller teller, List<Questions> pictures, Wanted wanted) {
        Detail detail = new Detail(
                grounder.abilities().contains(Ability.MASKS),
                grounder.abilities().contains(Ability.KEYPOINTS));
        List<List<Grounded>> ones = ground(
                grounder,
                pictures,
                pictures.stream().map(q -> texts(q.ones(), wanted.ones())).toList(),
                detail);
        List<List<Grounded>> sets = ground(
                grounder,
                pictures,
                pictures.stream().map(q -> texts(q.sets(), wanted.sets())).toList(),
                Detail.BOXES);
        List<List<Grounded>> absent = ground(
                grounder,
                pictures,
                pictures.stream().map(q -> texts(q.absent(), wanted.absent())).toList(),
                Detail.BOXES);
        List<List<String>> descriptions = tell(
                teller,
                pictures,
                pictures.stream()
                        .map(q -> wanted.descriptions() ? q.described() : List.<SceneObject>of())
                        .toList(),
                Task.DESCRIBE);
        List<List<Grounded>> again = ground(grounder, pictures, descriptions, Detail.BOXES);
        List<List<String>> names = tell(
                teller,
                pictures,
                pictures.stream()
                        .map(q -> wanted.names() ? q.named() : List.<SceneObject>of())
                        .toList(),
                Task.CLASSIFY);
        List<Answers> out = new ArrayList<>();
        for (int i = 0; i < pictures.size(); i++) {
            out.add(new Answers(
                    pictures.get(i),
                    ones.get(i),
                    sets.get(i),
                    absent.get(i),
                    descriptions.get(i),
                    again.get(i),
                    names.get(i)));
        }
        return out;
    }

    private static List<String> texts(List<Expression> expressions, boolean wanted) {
        return wanted ? expressions.stream().map(Expression::text).toList() : List.of();
    }

    private static List<List<Grounded>> ground(
            Grounder grounder, List<Questions> pictures, List<List<String>> expressions, Detail detail) {
        List<Query> queries = new ArrayList<>();
        for (int i = 0; i < pictures.size(); i++) {
            RgbImage image = pictures.get(i).scene().image();
            // What has no words has nothing to be grounded by; it is asked as it is, and fails.
            expressions.get(i).forEach(text -> queries.add(new Query(image, text)));
        }
        return grouped(queries.isEmpty() ? List.of() : grounder.ground(queries, detail), expressions);
    }

    private static List<List<String>> tell(
            @Nullable Teller teller, List<Questions> pictures, List<List<SceneObject>> objects, Task task) {
        if (teller == null) {
            return pictures.stream().map(p -> List.<String>of()).toList();
        }
        List<Teller.Question> questions = new ArrayList<>();
        for (int i = 0; i < pictures.size(); i++) {
            Scene scene = pictures.get(i).scene();
            LocationCodec places =
                    new LocationCodec(scene.image().width(), scene.image().height());
            for (SceneObject object : objects.get(i)) {
                questions.add(new Teller.Question(
                        scene.image(),
                        object.box(),
                        Instructions.canonical(task).fill(Map.of("region", places.box(object.box())))));
            }
        }
        return grouped(questions.isEmpty() ? List.of() : teller.answer(questions), objects);
    }

    /** Cuts a list into groups as long as those of another. */
    private static <T> List<List<T>> grouped(List<T> flat, List<? extends List<?>> like) {
        List<List<T>> out = new ArrayList<>();
        int from = 0;
        for (List<?> group : like) {
            out.add(List.copyOf(flat.subList(from, from + group.size())));
            from += group.size();
        }
        return out;
    }
}
