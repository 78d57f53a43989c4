package org.vilam.training.evaluate;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.vilam.grounding.answer.Grounded;
import org.vilam.grounding.answer.Grounded.Found;
import org.vilam.grounding.answer.Grounded.ScoredKeypoint;
import org.vilam.grounding.metrics.BoxSetF1;
import org.vilam.grounding.metrics.NoTargetDecision;
import org.vilam.grounding.metrics.Pck;
import org.vilam.grounding.metrics.RecAccuracy;
import org.vilam.grounding.metrics.ReferringSegmentation;
import org.vilam.grounding.metrics.RoundTripAccuracy;
import org.vilam.grounding.metrics.ScoreTable;
import org.vilam.grounding.metrics.statistics.Bootstrap;
import org.vilam.training.scene.Expression;
import org.vilam.training.scene.SceneObject;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.geometry.Keypoint;
import org.vilam.vision.geometry.Keypoints;
import org.vilam.vision.geometry.Mask;
import org.vilam.vision.geometry.Skeleton;

/**
 * Collects the scores of one family and split until each sort of question has been answered so many times; what comes after is
 * not counted. For one thread.
 */
final class Scores {
    /** IoU from which on a box counts as found. */
    private static final double FOUND = 0.5;

    private final int quota;
    private final RecAccuracy rec = new RecAccuracy();
    private final Map<Expression.Kind, RecAccuracy> recByKind = new EnumMap<>(Expression.Kind.class);
    private final ReferringSegmentation masks = new ReferringSegmentation();
    private final ReferringSegmentation masksFound = new ReferringSegmentation();
    private final Pck pck = new Pck(0.1, Pck.Normaliser.BOX_HEIGHT);
    private final Pck pckFound = new Pck(0.1, Pck.Normaliser.BOX_HEIGHT);
    private final BoxSetF1 sets = new BoxSetF1(FOUND);
    private final RoundTripAccuracy roundTrip = new RoundTripAccuracy();
    private final CategoryAccuracy categories = new CategoryAccuracy();
    private final List<Decision> present = new ArrayList<>();
    private final List<Decision> absent = new ArrayList<>();

    private record Decision(String image, boolean saidNoTarget) {}

    /** Scores of at most {@code quota} questions of each sort. */
    Scores(int quota) {
        this.quota = quota;
    }

    Answers.Wanted wanted() {
        return new Answers.Wanted(
                present.size() < quota,
                sets.samples().size() < quota,
                absent.size() < quota,
                roundTrip.samples().size() < quota,
                categories.samples().size() < quota);
    }

    /** How many questions have been answered, of all sorts together. */
    int answered() {
        return present.size()
                + sets.samples().size()
                + absent.size()
                + roundTrip.samples().size()
                + categories.samples().size();
    }

    /** Adds the answers about a picture. */
    void add(Answers answers) {
        Questions asked = answers.questions();
        for (int i = 0; i < answers.ones().size() && present.size() < quota; i++) {
            one(asked, asked.ones().get(i), answers.ones().get(i));
        }
        for (int i = 0; i < answers.sets().size() && sets.samples().size() < quota; i++) {
            sets.add(
                    asked.image(),
                    asked.sets().get(i).objects().stream()
                            .map(id -> asked.scene().objects().get(id).box())
                            .toList(),
                    answers.sets().get(i).all().stream().map(Found::box).toList());
        }
        for (int i = 0; i < answers.absent().size() && absent.size() < quota; i++) {
            absent.add(new Decision(asked.image(), !answers.absent().get(i).present()));
        }
        for (int i = 0; i < answers.descriptions().size() && roundTrip.samples().size() < quota; i++) {
            roundTrip(
                    asked.image(),
                    asked.described().get(i).box(),
                    answers.descriptions().get(i),
                    answers.groundedAgain().get(i));
        }
        for (int i = 0; i < answers.names().size() && categories.samples().size() < quota; i++) {
            categories.add(asked.image(), asked.named().get(i), answers.names().get(i));
        }
    }

    private void one(Questions asked, Expression expression, Grounded grounded) {
        SceneObject object = asked.scene().objects().get(expression.objects().get(0));
        Found found = grounded.one();
        rec.add(asked.image(), object.box(), found.box());
        recByKind
                .computeIfAbsent(expression.kind(), kind -> new RecAccuracy())
                .add(asked.image(), object.box(), found.box());
        present.add(new Decision(asked.image(), !grounded.present()));
        boolean hit = found.box().iou(object.box()) >= FOUND;
        found.mask().ifPresent(mask -> mask(asked.image(), object.mask(), mask, hit));
        if (!object.keypoints().isEmpty() && !found.keypoints().isEmpty()) {
            Keypoints truth = ordered(object.keypoints());
            Keypoints answer = ordered(
                    found.keypoints().stream().map(ScoredKeypoint::keypoint).toList());
            double area = object.mask().area();
            pck.add(asked.image(), truth, object.whole(), area, answer);
            if (hit) {
                pckFound.add(asked.image(), truth, object.whole(), area, answer);
            }
        }
    }

    private void mask(String image, Mask truth, Mask answer, boolean hit) {
        masks.add(image, truth, answer);
        if (hit) {
            masksFound.add(image, truth, answer);
        }
    }

    private void roundTrip(String image, Box described, String description, Grounded again) {
        if (description.isBlank()) {
            roundTrip.addUnparseable(image);
        } else if (again.present()) {
            roundTrip.add(image, described, again.one().box());
        } else {
            roundTrip.addNotFound(image);
        }
    }

    /** COCO's 17 points in their order; a name that is not there is absent. */
    private static Keypoints ordered(List<Keypoint> points) {
        return new Keypoints(
                Skeleton.COCO_PERSON,
                Skeleton.COCO_PERSON.names().stream()
                        .map(name -> points.stream()
                                .filter(p -> p.name().equals(name))
                                .findFirst()
                                .orElseGet(() -> Keypoint.absent(name)))
                        .toList());
    }

    /** The scores so far, what was never asked left out. */
    ScoreTable table(String title, Bootstrap bootstrap) {
        ScoreTable.Builder table = ScoreTable.titled(title, bootstrap);
        if (!rec.samples().isEmpty()) {
            table.add(Target.REC_50, rec, RecAccuracy.accuracyAt(0.5));
            table.add(Target.REC_75, rec, RecAccuracy.accuracyAt(0.75));
            table.add("rec mean iou", rec, RecAccuracy.meanIou());
        }
        if (!sets.samples().isEmpty()) {
            table.add(Target.SETS, sets, BoxSetF1.f1());
            table.add("sets f1@0.5 (mean of expressions)", sets, BoxSetF1.macroF1());
            table.add("sets precision@0.5", sets, BoxSetF1.precision());
            table.add("sets recall@0.5", sets, BoxSetF1.recall());
        }
        NoTargetDecision decisions = decisions();
        if (!decisions.samples().isEmpty()) {
            table.add(Target.NO_TARGET, decisions, NoTargetDecision.f1());
            table.add("no-target precision", decisions, NoTargetDecision.precision());
            table.add("no-target recall", decisions, NoTargetDecision.recall());
        }
        if (!masks.samples().isEmpty()) {
            table.add(Target.MASKS, masks, ReferringSegmentation.meanIou());
            table.add("mask mean iou (of found)", masksFound, ReferringSegmentation.meanIou());
        }
        if (!pck.samples().isEmpty()) {
            table.add(Target.KEYPOINTS, pckFound, Pck.pck());
            table.add("keypoints pck@0.1 (found or not)", pck, Pck.pck());
        }
        if (!roundTrip.samples().isEmpty()) {
            table.add(Target.ROUND_TRIP, roundTrip, RoundTripAccuracy.accuracyAt(0.5));
        }
        if (!categories.samples().isEmpty()) {
            table.add(Target.CATEGORY, categories, CategoryAccuracy.exact());
            table.add("category accuracy (or another fitting noun)", categories, CategoryAccuracy.fitting());
        }
        recByKind.forEach((kind, metric) -> {
            String name = kind.name().toLowerCase(Locale.ROOT);
            table.add("rec acc@0.5 of " + name, metric, RecAccuracy.accuracyAt(0.5));
        });
        return table.build();
    }

    /** As many expressions with a target as without. */
    private NoTargetDecision decisions() {
        NoTargetDecision decisions = new NoTargetDecision();
        int each = Math.min(present.size(), absent.size());
        present.subList(0, each).forEach(d -> decisions.add(d.image(), false, d.saidNoTarget()));
        absent.subList(0, each).forEach(d -> decisions.add(d.image(), true, d.saidNoTarget()));
        return decisions;
    }
}
