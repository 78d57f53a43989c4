package org.vilam.web.gallery;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.vilam.training.scene.Holdout;
import org.vilam.training.scene.Scene;
import org.vilam.training.scene.SceneFamily;
import org.vilam.training.scene.SceneWorld;
import org.vilam.vision.geometry.Box;
import org.vilam.web.image.EncodedImage;
import org.vilam.web.json.Json;

/**
 * Paints the gallery anew from the procedural world: pictures, and what is true of each suggestion.
 *
 * <p>{@code java org.vilam.web.gallery.GalleryPainter web/src/main/resources/gallery} with the test class path.
 */
public final class GalleryPainter {
    private static final long SEED = 7;

    private GalleryPainter() {}

    /** A picture of the world: its family and number, and what to ask. */
    private record Plan(String id, String title, String family, long index, List<Ask> asks) {}

    /** What to ask, and the objects of the scene that are meant or, where it is ambiguous, could be. */
    private record Ask(String instruction, String status, List<Integer> objects) {
        static Ask ok(String instruction, Integer... objects) {
            return new Ask(instruction, "ok", List.of(objects));
        }

        static Ask none(String instruction) {
            return new Ask(instruction, "no_target", List.of());
        }

        static Ask ambiguous(String instruction, Integer... objects) {
            return new Ask(instruction, "ambiguous", List.of(objects));
        }
    }

    private static final List<Plan> PLANS = List.of(
            new Plan(
                    "circles",
                    "Red circles and a green heart",
                    "shapes",
                    0,
                    List.of(
                            Ask.ok("find the dotted circle", 2),
                            Ask.ok("segment the green heart", 3),
                            Ask.ok("the largest circle", 0),
                            Ask.ok("find all red objects", 0, 1, 2, 4))),
            new Plan(
                    "blobs",
                    "Shapes on green paper",
                    "shapes",
                    13,
                    List.of(
                            Ask.ok("the hexagon between the semicircle and the pink blob", 1),
                            Ask.ok("segment the striped blob", 0),
                            Ask.ok("find all purple objects", 0, 4, 5),
                            Ask.none("find the brown crescent"))),
            new Plan(
                    "hexagons",
                    "Four hexagons: which one?",
                    "shapes",
                    5,
                    List.of(
                            Ask.ambiguous("find the solid hexagon", 0, 2, 3),
                            Ask.ok("the striped hexagon", 1),
                            Ask.ok("the hexagon around the triangle", 3),
                            Ask.ok("find all hexagons", 0, 1, 2, 3))),
            new Plan(
                    "purple",
                    "Purple things and a digit",
                    "shapes",
                    2,
                    List.of(
                            Ask.ok("find the digit 4", 3),
                            Ask.ok("the rectangle between the ring and the digit 4", 4),
                            Ask.ok("segment the ring", 5),
                            Ask.none("is there a black square?"))),
            new Plan(
                    "banana",
                    "A banana and a camera, and no scissors",
                    "things",
                    0,
                    List.of(
                            Ask.none("find the scissors"),
                            Ask.ok("the banana left of the camera", 1),
                            Ask.ok("segment the yellow camera", 0))),
            new Plan(
                    "kitchen",
                    "A snail among food",
                    "things",
                    2,
                    List.of(
                            Ask.ok("the purple animal", 1),
                            Ask.ok("the pear right of the garlic", 2),
                            Ask.ok("segment the alarm clock", 4),
                            Ask.none("find the magnet"))),
            new Plan(
                    "crayon",
                    "Melon, chicken and crayon",
                    "things",
                    17,
                    List.of(
                            Ask.ok("the chicken above the crayon", 1),
                            Ask.ok("segment the melon", 0),
                            Ask.ok("the leftmost object", 0))),
            new Plan(
                    "people",
                    "Four people",
                    "people",
                    2,
                    List.of(
                            Ask.ok("the person in the yellow shirt", 0),
                            Ask.ambiguous("find the person in the white trousers", 1, 3),
                            Ask.ok("find all people facing us", 0, 1, 3),
                            Ask.ok("keypoints of the person crouching", 0))),
            new Plan(
                    "acrobats",
                    "Two people, one above the other",
                    "people",
                    17,
                    List.of(
                            Ask.ok("the person wearing glasses", 1),
                            Ask.ok("keypoints of the person in the green shirt", 0),
                            Ask.none("is there a dog?"))),
            new Plan(
                    "chest-x-ray",
                    "Chest film with two nodules and a tube (drawn, no patient)",
                    "phantoms",
                    9,
                    List.of(
                            Ask.ok("the nodule inside the right lung", 4),
                            Ask.ok("segment the heart", 2),
                            Ask.ok("find all nodules", 3, 4),
                            Ask.ambiguous("find the nodule", 3, 4))),
            new Plan(
                    "chest-ct",
                    "Chest slice (drawn, no patient)",
                    "phantoms",
                    2,
                    List.of(
                            Ask.ok("segment the left lung", 2),
                            Ask.ok("the spine below the heart", 0),
                            Ask.none("find the kidney"))),
            new Plan(
                    "abdomen-ct",
                    "Abdominal slice (drawn, no patient)",
                    "phantoms",
                    17,
                    List.of(
                            Ask.ok("segment the liver", 1),
                            Ask.ok("the right kidney below the liver", 2),
                            Ask.ok("find all kidneys", 2, 3))),
            new Plan(
                    "blood",
                    "Blood smear (drawn)",
                    "phantoms",
                    6,
                    List.of(
                            Ask.ok("find all white blood cells", 0, 1, 2),
                            Ask.ok("the white blood cell on the left at the top", 2),
                            Ask.ok("segment all red blood cells", 3, 4, 5, 6, 7, 8, 9))),
            new Plan(
                    "nuclei",
                    "Fluorescent nuclei (drawn)",
                    "phantoms",
                    13,
                    List.of(
                            Ask.ok("segment all nuclei", 0, 1, 2, 3, 4, 5, 6, 7, 8),
                            Ask.ok("the leftmost nucleus", 0))));

    /**
     * Writes the gallery.
     *
     * @param args the folder to write into
     */
    public static void main(String[] args) throws IOException {
        Path folder = Files.createDirectories(Path.of(args[0]));
        ObjectNode root = Json.object();
        ArrayNode items = root.putArray("items");
        for (Plan plan : PLANS) {
            Scene scene = SceneWorld.scene(family(plan.family()), Holdout.NONE, SEED, plan.index());
            String file = plan.id() + ".png";
            Files.write(folder.resolve(file), EncodedImage.png(scene.image()).bytes());
            ObjectNode item = items.addObject()
                    .put("id", plan.id())
                    .put("title", plan.title())
                    .put("file", file);
            ArrayNode suggestions = item.putArray("suggestions");
            for (Ask ask : plan.asks()) {
                ObjectNode suggestion = suggestions
                        .addObject()
                        .put("instruction", ask.instruction())
                        .put("status", ask.status());
                ArrayNode boxes = suggestion.putArray("boxes");
                for (int object : ask.objects()) {
                    Box box = scene.objects().get(object).box();
                    boxes.addArray().add(box.x1()).add(box.y1()).add(box.x2()).add(box.y2());
                }
            }
        }
        Files.writeString(
                folder.resolve("gallery.json"),
                Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n");
    }

    private static SceneFamily family(String name) {
        return SceneWorld.families().stream()
                .filter(family -> family.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
