package org.vilam.training.scene;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.vilam.training.scene.Meaning.And;
import org.vilam.training.scene.Meaning.Between;
import org.vilam.training.scene.Meaning.Has;
import org.vilam.training.scene.Meaning.Kind;
import org.vilam.training.scene.Meaning.Not;
import org.vilam.training.scene.Meaning.Order;
import org.vilam.training.scene.Meaning.Placed;
import org.vilam.training.scene.Meaning.Ranked;
import org.vilam.training.scene.Meaning.Related;
import org.vilam.training.scene.Meaning.Relation;
import org.vilam.training.scene.Meaning.Sized;

/**
 * The objects of a scene that a meaning is true of, false of, or unclear of.
 *
 * <p>Every comparison has a margin (a share of the picture's diagonal, or a ratio of sizes); inside it the answer is UNSURE.
 * "The ..." inside a meaning must denote exactly one object, otherwise all is UNSURE.
 */
public final class Denotation {
    /** Sizes whose ratio is below this cannot be told apart. */
    private static final double SIZE_RATIO = 1.25;

    private final Scene scene;
    private final Truth[] truth;

    private Denotation(Scene scene, Truth[] truth) {
        this.scene = scene;
        this.truth = truth;
    }

    /** Evaluates a meaning. */
    public static Denotation of(Meaning meaning, Scene scene) {
        return new Denotation(scene, new Evaluation(scene).truth(meaning));
    }

    /** True when no object is unclear: the set denoted can be stated with certainty. */
    public boolean certain() {
        return Arrays.stream(truth).noneMatch(t -> t == Truth.UNSURE);
    }

    /** The objects it is true of, in the scene's order. */
    public List<SceneObject> objects() {
        List<SceneObject> out = new ArrayList<>();
        for (int i = 0; i < truth.length; i++) {
            if (truth[i] == Truth.YES) {
                out.add(scene.objects().get(i));
            }
        }
        return out;
    }

    /** Certain, and exactly one. */
    public boolean unique() {
        return certain() && objects().size() == 1;
    }

    /** The rules, on one scene. */
    private static final class Evaluation {
        private final Scene scene;
        private final List<SceneObject> objects;
        private final SpatialRules spatial;
        private final double margin;

        Evaluation(Scene scene) {
            this.scene = scene;
            this.objects = scene.objects();
            this.spatial = new SpatialRules(scene);
            this.margin = spatial.margin();
        }

        Truth[] truth(Meaning meaning) {
            if (meaning instanceof Kind kind) {
                return each(o -> o.kinds().contains(kind.noun())
                        ? Truth.YES
                        : Nouns.confused(o.category(), kind.noun()) ? Truth.UNSURE : Truth.NO);
            } else if (meaning instanceof Has has) {
                return each(o -> has(o, has));
            } else if (meaning instanceof And and) {
                Truth[] all = each(o -> Truth.YES);
                for (Meaning part : and.parts()) {
                    all = both(all, truth(part));
                }
                return all;
            } else if (meaning instanceof Not not) {
                Truth[] inner = truth(not.inner());
                return each(o -> inner[o.id()].not());
            } else if (meaning instanceof Sized sized) {
                return sized(truth(sized.among()), sized.big());
            } else if (meaning instanceof Ranked ranked) {
                return ranked(truth(ranked.among()), ranked.order(), ranked.rank());
            } else if (meaning instanceof Placed placed) {
                return both(truth(placed.among()), each(o -> spatial.placed(o, placed.place())));
            } else if (meaning instanceof Related related) {
                return related(truth(related.among()), truth(related.anchor()), related.relation());
            } else if (meaning instanceof Between between) {
                return between(truth(between.among()), truth(between.first()), truth(between.second()));
            }
            throw new IllegalArgumentException("unknown meaning " + meaning);
        }

        private Truth[] each(java.util.function.Function<SceneObject, Truth> rule) {
            Truth[] out = new Truth[objects.size()];
            for (int i = 0; i < out.length; i++) {
                out[i] = rule.apply(objects.get(i));
            }
            return out;
        }

        private Truth[] both(Truth[] a, Truth[] b) {
            return each(o -> a[o.id()].and(b[o.id()]));
        }

        /** An attribute the object does not carry is disputable where its kind could carry it, so it is UNSURE, not NO. */
        private static Truth has(SceneObject object, Has has) {
            String value = object.attributes().get(has.attribute());
            boolean unclear = value == null || Nouns.confused(value, has.value());
            return value != null && value.equals(has.value()) ? Truth.YES : unclear ? Truth.UNSURE : Truth.NO;
        }

        /** The sizes of the class are split at their widest gap; it must be wide, and both sides present. */
        private Truth[] sized(Truth[] among, boolean big) {
            List<SceneObject> group = with(among, Truth.YES, Truth.UNSURE);
            group.sort(Comparator.comparingDouble(SceneObject::size));
            double widest = 1;
            double threshold = Double.NaN;
            for (int i = 1; i < group.size(); i++) {
                double ratio = group.get(i).size() / group.get(i - 1).size();
                if (ratio > widest) {
                    widest = ratio;
                    threshold = Math.sqrt(group.get(i).size() * group.get(i - 1).size());
                }
            }
            double split = threshold;
            boolean clear = widest >= 1.4;
            return each(o -> among[o.id()].and(clear ? Truth.of(o.size() > split == big) : Truth.UNSURE));
        }

        private Truth[] ranked(Truth[] among, Order order, int rank) {
            List<SceneObject> group = with(among, Truth.YES);
            boolean known = with(among, Truth.UNSURE).isEmpty();
            if (known && rank > Math.max(1, group.size())) {
                return each(o -> Truth.NO); // of two there is no third
            }
            if (!known || group.size() < 2) {
                return unclear(among);
            }
            ToDoubleFunction<SceneObject> key = key(order);
            group.sort(Comparator.comparingDouble(key));
            double own = key.applyAsDouble(group.get(rank - 1));
            boolean clear = true;
            for (int i = 0; i < group.size(); i++) {
                double distance = Math.abs(key.applyAsDouble(group.get(i)) - own);
                clear &= i == rank - 1 || distance >= needed(order);
            }
            if (!clear) {
                return unclear(among);
            }
            SceneObject chosen = group.get(rank - 1);
            return each(o -> Truth.of(o.id() == chosen.id()));
        }

        private ToDoubleFunction<SceneObject> key(Order order) {
            double cx = scene.image().width() / 2.0;
            double cy = scene.image().height() / 2.0;
            return switch (order) {
                case LEFTMOST -> SceneObject::centreX;
                case RIGHTMOST -> o -> -o.centreX();
                case TOPMOST -> SceneObject::centreY;
                case BOTTOMMOST -> o -> -o.centreY();
                case LARGEST -> o -> -Math.log(o.size());
                case SMALLEST -> o -> Math.log(o.size());
                case MOST_CENTRAL -> o -> Math.hypot(o.centreX() - cx, o.centreY() - cy);
            };
        }

        private double needed(Order order) {
            return order == Order.LARGEST || order == Order.SMALLEST ? Math.log(SIZE_RATIO) : margin;
        }

        private Truth[] related(Truth[] among, Truth[] anchors, Relation relation) {
            List<SceneObject> anchor = with(anchors, Truth.YES);
            if (anchor.size() != 1 || !with(anchors, Truth.UNSURE).isEmpty()) {
                return unclear(among);
            }
            SceneObject a = anchor.get(0);
            Truth[] others = each(o -> o.id() == a.id() ? Truth.NO : among[o.id()]);
            if (relation == Relation.NEAREST || relation == Relation.FARTHEST) {
                return byDistance(others, a, relation == Relation.NEAREST);
            }
            return each(o -> others[o.id()].and(o.id() == a.id() ? Truth.NO : spatial.stands(o, a, relation)));
        }

        private Truth[] byDistance(Truth[] among, SceneObject anchor, boolean nearest) {
            List<SceneObject> group = with(among, Truth.YES);
            if (group.size() < 2 || !with(among, Truth.UNSURE).isEmpty()) {
                return unclear(among);
            }
            double sign = nearest ? 1 : -1;
            ToDoubleFunction<SceneObject> key = o -> sign * SpatialRules.gap(o, anchor);
            group.sort(Comparator.comparingDouble(key));
            SceneObject first = group.get(0);
            // Both the gap between the outlines and the distance of the centres must agree on the winner.
            boolean clear = group.stream()
                    .skip(1)
                    .allMatch(o -> key.applyAsDouble(o) - key.applyAsDouble(first) >= margin
                            && sign * (SpatialRules.distance(o, anchor) - SpatialRules.distance(first, anchor))
                                    >= margin);
            return clear ? each(o -> Truth.of(o.id() == first.id())) : unclear(among);
        }

        private Truth[] between(Truth[] among, Truth[] first, Truth[] second) {
            List<SceneObject> a = with(first, Truth.YES);
            List<SceneObject> b = with(second, Truth.YES);
            boolean clear = with(first, Truth.UNSURE).isEmpty()
                    && with(second, Truth.UNSURE).isEmpty()
                    && a.size() == 1
                    && b.size() == 1
                    && a.get(0).id() != b.get(0).id();
            if (!clear) {
                return unclear(among);
            }
            SceneObject p = a.get(0);
            SceneObject q = b.get(0);
            return each(
                    o -> o.id() == p.id() || o.id() == q.id() ? Truth.NO : among[o.id()].and(spatial.between(o, p, q)));
        }

        private List<SceneObject> with(Truth[] truth, Truth... wanted) {
            List<Truth> accepted = List.of(wanted);
            List<SceneObject> out = new ArrayList<>();
            for (SceneObject o : objects) {
                if (accepted.contains(truth[o.id()])) {
                    out.add(o);
                }
            }
            return out;
        }

        /** What could be meant cannot be told; what certainly is not, stays so. */
        private Truth[] unclear(Truth[] among) {
            return each(o -> among[o.id()].and(Truth.UNSURE));
        }
    }
}
