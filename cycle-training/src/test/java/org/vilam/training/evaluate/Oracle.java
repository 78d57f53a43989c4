package org.vilam.training.evaluate;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.vilam.assistant.vilam.Teller;
import org.vilam.grounding.answer.Grounded;
import org.vilam.grounding.answer.Grounded.Found;
import org.vilam.grounding.answer.Grounded.ScoredKeypoint;
import org.vilam.grounding.answer.Grounder;
import org.vilam.prompts.Instructions;
import org.vilam.prompts.Task;
import org.vilam.training.scene.Expression;
import org.vilam.training.scene.SceneFamily;
import org.vilam.training.scene.SceneObject;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.geometry.Mask;
import org.vilam.vision.image.RgbImage;

/**
 * Knows every answer, having seen the questions; or, where it is told to know nothing, answers that there is nothing.
 *
 * <p>It describes an object by its number, which it understands again.
 */
final class Oracle implements Grounder, Teller {
    private static final String DESCRIBE =
            Instructions.canonical(Task.DESCRIBE).toString().replaceAll("\\{\\{.*", "");

    private final boolean knows;
    private final Map<Integer, Questions> pictures = new HashMap<>();

    private Oracle(boolean knows) {
        this.knows = knows;
    }

    /** One that has seen the first pictures of a family and split. */
    static Oracle knowing(SceneFamily family, Split split, long seed, int count) {
        Oracle oracle = new Oracle(true);
        for (int i = 0; i < count; i++) {
            Questions questions = Questions.of(family, split, seed, i);
            oracle.pictures.put(key(questions.scene().image()), questions);
        }
        return oracle;
    }

    static Oracle ignorant() {
        return new Oracle(false);
    }

    private static int key(RgbImage image) {
        return Arrays.hashCode(image.rgb());
    }

    @Override
    public Set<Ability> abilities() {
        return new HashSet<>(Arrays.asList(Ability.values()));
    }

    @Override
    public List<Grounded> ground(List<Query> queries, Detail detail) {
        return queries.stream().map(query -> ground(query, detail)).toList();
    }

    private Grounded ground(Query query, Detail detail) {
        if (!knows) {
            Mask nothing = Mask.empty(query.image().width(), query.image().height());
            return new Grounded(
                    0,
                    new Found(
                            new Box(0, 0, 0, 0),
                            0,
                            detail.masks() ? Optional.of(nothing) : Optional.empty(),
                            List.of()),
                    List.of());
        }
        Questions known = questions(query.image());
        List<SceneObject> meant = meant(known, query.expression());
        List<Found> all = meant.stream().map(object -> found(object, detail)).toList();
        Found one = all.isEmpty() ? found(known.scene().objects().get(0), detail) : all.get(0);
        return new Grounded(all.isEmpty() ? 0 : 1, one, all);
    }

    private static List<SceneObject> meant(Questions known, String text) {
        List<SceneObject> objects = known.scene().objects();
        if (text.startsWith("#")) {
            return List.of(objects.get(Integer.parseInt(text.substring(1))));
        }
        for (List<Expression> expressions : List.of(known.ones(), known.sets(), known.absent())) {
            for (Expression expression : expressions) {
                if (expression.text().equals(text)) {
                    return expression.objects().stream().map(objects::get).toList();
                }
            }
        }
        throw new IllegalArgumentException("nobody asked for " + text);
    }

    private static Found found(SceneObject object, Detail detail) {
        return new Found(
                object.box(),
                1,
                detail.masks() ? Optional.of(object.mask()) : Optional.empty(),
                detail.keypoints()
                        ? object.keypoints().stream()
                                .map(k -> new ScoredKeypoint(k, 1))
                                .toList()
                        : List.of());
    }

    @Override
    public List<String> answer(List<Question> questions) {
        return questions.stream().map(this::tell).toList();
    }

    private String tell(Question question) {
        if (!knows) {
            return "";
        }
        @Nullable Box region = question.region();
        SceneObject object = questions(question.image()).scene().objects().stream()
                .filter(o -> o.box().equals(region))
                .findFirst()
                .orElseThrow();
        return question.instruction().startsWith(DESCRIBE) ? "#" + object.id() : object.category();
    }

    private Questions questions(RgbImage image) {
        Questions known = pictures.get(key(image));
        if (known == null) {
            throw new IllegalArgumentException("a picture nobody has seen");
        }
        return known;
    }
}
