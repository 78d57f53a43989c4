package org.vilam.training.scene;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.vilam.training.scene.Expression.Kind;
import org.vilam.vision.geometry.Keypoint;
import org.vilam.vision.geometry.Visibility;

/** Asks for points on a person: "the left wrist of ...", "both eyes of ...", "all keypoints of ...". */
final class KeypointWriter {
    private static final Kind[] OWNERS = {
        Kind.CATEGORY,
        Kind.ATTRIBUTE,
        Kind.SUPERLATIVE,
        Kind.ORDINAL,
        Kind.PLACE,
        Kind.RELATION,
        Kind.SIZE,
        Kind.BETWEEN
    };

    /** Everyday words for a joint; all name the place that COCO's point marks. */
    private static final Map<String, List<String>> WORDS = Map.of(
            "nose", List.of("nose", "tip of the nose"),
            "eye", List.of("eye"),
            "ear", List.of("ear"),
            "shoulder", List.of("shoulder"),
            "elbow", List.of("elbow"),
            "wrist", List.of("wrist", "hand"),
            "hip", List.of("hip", "hip joint"),
            "knee", List.of("knee", "kneecap"),
            "ankle", List.of("ankle", "foot"));

    private static final List<String> PAIRED =
            List.of("eye", "ear", "shoulder", "elbow", "wrist", "hip", "knee", "ankle");
    private static final List<String> ARM = List.of("shoulder", "elbow", "wrist");
    private static final List<String> LEG = List.of("hip", "knee", "ankle");

    /** What is asked for, in the words of the asker. */
    private record Part(String words, boolean many, List<String> names) {}

    private final Scene scene;
    private final SplittableRandom random;
    private final Diction diction;
    private final Manner manner;

    KeypointWriter(Scene scene, Manner manner, SplittableRandom random) {
        this.scene = scene;
        this.manner = manner;
        this.random = random;
        this.diction = manner == Manner.PLAIN ? Diction.PLAIN : Diction.varied(random);
    }

    /** About this person; empty where nothing names the person alone. */
    Optional<KeypointExpression> write(SceneObject owner) {
        return owner.keypoints().isEmpty() ? Optional.empty() : named(owner).map(name -> about(owner, name));
    }

    private Optional<String> named(SceneObject owner) {
        Manner words = manner == Manner.EVERYDAY ? Manner.VARIED : manner;
        ExpressionWriter writer = new ExpressionWriter(scene, words, random);
        for (int i = 0; i < 2 * OWNERS.length; i++) {
            Optional<Expression> found = writer.write(OWNERS[random.nextInt(OWNERS.length)], owner);
            if (found.isPresent()) {
                return found.map(Expression::text);
            }
        }
        return Optional.empty();
    }

    private KeypointExpression about(SceneObject owner, String name) {
        Part part = part(owner);
        boolean bare = name.matches(".*(person|figure|human|man|guy|lady|child|kid)");
        String text;
        if (bare && diction.once(3)) {
            text = name + "'s " + (diction.once(6) && part.names().size() == 1 ? "own " : "") + part.words();
        } else {
            text = (diction.once(4)
                                    || part.words().startsWith("both ")
                                    || part.words().startsWith("all ")
                            ? ""
                            : "the ")
                    + part.words()
                    + (diction.once(10) ? " on " : " of ")
                    + name;
        }
        String typed = new ExpressionWriter(scene, manner, random).typed(new Wording.Said(text, part.many()));
        return new KeypointExpression(typed, owner.id(), part.names());
    }

    private Part part(SceneObject owner) {
        while (true) {
            Part part = anyPart(owner);
            boolean whole = part.names().size() == owner.keypoints().size();
            boolean known = owner.keypoints().stream()
                    .filter(k -> part.names().contains(k.name()))
                    .noneMatch(k -> k.visibility() == Visibility.ABSENT);
            // All points may be asked of anyone; single ones only where they are in the picture.
            if (whole || known) {
                return part;
            }
        }
    }

    private Part anyPart(SceneObject owner) {
        String joint = PAIRED.get(random.nextInt(PAIRED.size()));
        String side = random.nextBoolean() ? "left" : "right";
        return switch (random.nextInt(12)) {
            case 0 -> new Part(diction.word(WORDS.getOrDefault("nose", List.of())), false, List.of("nose"));
            case 1, 2 -> both(joint);
            case 3 -> head();
            case 4 -> limb(side);
            case 5 -> limbs();
            case 6, 7 -> everything(owner);
            case 8 -> two(side);
            default -> new Part(single(side, joint), false, List.of(side + "_" + joint));
        };
    }

    private String word(String joint) {
        return diction.word(WORDS.getOrDefault(joint, List.of(joint)));
    }

    private String single(String side, String joint) {
        return side + " " + word(joint);
    }

    private Part both(String joint) {
        String word = word(joint);
        String words = switch (diction.form(List.of(0, 1, 2, 3))) {
            case 1 -> Nouns.plural(word);
            case 2 -> "left and right " + word;
            case 3 -> "two " + Nouns.plural(word);
            default -> "both " + Nouns.plural(word);
        };
        return new Part(words, true, pair(joint));
    }

    private Part two(String side) {
        String a = PAIRED.get(random.nextInt(PAIRED.size()));
        String other = side.equals("left") ? "right" : "left";
        String b = PAIRED.get(random.nextInt(PAIRED.size()));
        List<String> names = new ArrayList<>(List.of(side + "_" + a, other + "_" + b));
        return new Part(side + " " + word(a) + " and the " + other + " " + word(b), true, sorted(names));
    }

    private Part head() {
        List<String> names = new ArrayList<>(List.of("nose"));
        names.addAll(pair("eye"));
        if (random.nextBoolean()) {
            return new Part(diction.form(List.of("eyes and nose", "nose and eyes", "nose and both eyes")), true, names);
        }
        names.addAll(pair("ear"));
        String words = diction.form(List.of("face points", "facial keypoints", "points of the face", "head keypoints"));
        return new Part(words, true, names);
    }

    private Part limb(String side) {
        boolean arm = random.nextBoolean();
        List<String> names =
                (arm ? ARM : LEG).stream().map(joint -> side + "_" + joint).toList();
        String limb = side + " " + (arm ? "arm" : "leg");
        String words = diction.form(List.of("joints of the " + limb, limb + " joints", limb + " keypoints", limb));
        return new Part(words, !words.equals(limb), names);
    }

    private Part limbs() {
        boolean arms = random.nextBoolean();
        List<String> names = new ArrayList<>();
        (arms ? ARM : LEG).forEach(joint -> names.addAll(pair(joint)));
        String words = arms
                ? diction.form(
                        List.of("arms", "both arms", "arm joints", "upper body joints", "shoulders, elbows and wrists"))
                : diction.form(
                        List.of("legs", "both legs", "leg joints", "lower body joints", "hips, knees and ankles"));
        return new Part(words, true, names);
    }

    private Part everything(SceneObject owner) {
        List<String> names = owner.keypoints().stream().map(Keypoint::name).toList();
        String words = diction.form(List.of(
                "all keypoints",
                "keypoints",
                "all the keypoints",
                "all joints",
                "all body points",
                "body keypoints",
                "all 17 keypoints",
                "pose",
                "skeleton",
                "body pose",
                "pose keypoints"));
        return new Part(words, !words.endsWith("pose") && !words.equals("skeleton"), names);
    }

    private static List<String> pair(String joint) {
        return List.of("left_" + joint, "right_" + joint);
    }

    /** In COCO's order, which goes down the body and names left before right. */
    private static List<String> sorted(List<String> names) {
        names.sort(java.util.Comparator.comparingInt(name ->
                2 * PAIRED.indexOf(name.substring(name.indexOf('_') + 1)) + (name.startsWith("right") ? 1 : 0)));
        return names;
    }
}
