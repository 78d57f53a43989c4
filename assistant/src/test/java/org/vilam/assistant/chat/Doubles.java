package org.vilam.assistant.chat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import javax.imageio.ImageIO;
import org.vilam.assistant.Assistant;
import org.vilam.assistant.ModelInfo;
import org.vilam.assistant.Picture;
import org.vilam.assistant.vilam.Teller;
import org.vilam.grounding.answer.Grounded;
import org.vilam.grounding.answer.Grounded.Found;
import org.vilam.grounding.answer.Grounded.ScoredKeypoint;
import org.vilam.grounding.answer.Grounder;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.geometry.Keypoint;
import org.vilam.vision.geometry.Mask;
import org.vilam.vision.geometry.Skeleton;
import org.vilam.vision.image.ImageDecoder;

/** The networks as the tests need them: one finds a cat in the upper left quarter
 * and a second die opposite, the other knows two pictures by their shape. */
public final class Doubles {
    /** What answers. */
    public static final ModelInfo INFO = new ModelInfo(
            "double", "test", "A double", "1", "ab".repeat(32), "cpu", "cats and dice", List.of(), "Apache-2.0");

    private Doubles() {}

    /** An assistant over both. */
    public static Assistant assistant() {
        return Assistant.over(INFO, new Cats(), new Reader());
    }

    /** A black picture. */
    public static Picture picture(int width, int height) {
        return Picture.of(new ImageDecoder().decode(png(width, height)));
    }

    /** A black picture as a PNG file. */
    public static byte[] png(int width, int height) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            ImageIO.write(new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB), "png", out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** Finds cats. */
    public static final class Cats implements Grounder {
        /** How often something was looked for. */
        public final AtomicInteger looked = new AtomicInteger();

        @Override
        public Set<Ability> abilities() {
            return EnumSet.allOf(Ability.class);
        }

        @Override
        public List<Grounded> ground(List<Query> queries, Detail detail) {
            looked.addAndGet(queries.size());
            return queries.stream().map(q -> ground(q, detail)).toList();
        }

        private static Grounded ground(Query query, Detail detail) {
            int width = query.image().width();
            int height = query.image().height();
            Box box = new Box(0, 0, width / 2.0, height / 2.0);
            Optional<Mask> mask = detail.masks()
                    ? Optional.of(Mask.where(width, height, (x, y) -> x < width / 2 && y < height / 2))
                    : Optional.empty();
            List<ScoredKeypoint> points = detail.keypoints()
                    ? Skeleton.COCO_PERSON.names().stream()
                            .map(name -> new ScoredKeypoint(Keypoint.visible(name, 1, 2), 0.9))
                            .toList()
                    : List.of();
            Found found = new Found(box, 0.9, mask, points);
            Found other = new Found(new Box(width / 2.0, height / 2.0, width, height), 0.8, mask, points);
            if (query.expression().contains("dice")) {
                return new Grounded(0.95, found, List.of(found, other));
            }
            boolean cat = query.expression().contains("cat");
            return new Grounded(cat ? 0.95 : 0.05, found, cat ? List.of(found) : List.of());
        }
    }

    /** Describes. */
    public static final class Reader implements Teller {
        @Override
        public List<String> answer(List<Question> questions) {
            return questions.stream()
                    .map(q -> q.region() != null
                            ? "a grey cat"
                            : q.image().width() > q.image().height() ? "a pair of dice" : "a cat")
                    .toList();
        }
    }
}
