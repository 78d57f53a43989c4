package org.vilam.web.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vilam.grounding.result.FoundObject;
import org.vilam.grounding.result.FoundObject.NamedPoint;
import org.vilam.vision.error.VilamException;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.geometry.Polygon;
import org.vilam.vision.geometry.Rle;
import org.vilam.vision.geometry.Visibility;
import org.vilam.web.json.Json;

class AnnotationImportTest {
    private static ImportedImage back(String format, AnnotatedImage image) {
        return AnnotationImport.read(ExportFormats.write(format, List.of(image)).bytes())
                .get(0);
    }

    private static Rle pixels(FoundObject object) {
        return Rle.ofPolygons(Samples.WIDTH, Samples.HEIGHT, object.polygons());
    }

    @Test
    void coco_comes_back_as_it_was_written() {
        ImportedImage image = back("coco", Samples.all());
        assertThat(image.fileName()).isEqualTo("abababababababab.png");
        assertThat(image.skipped()).isEmpty();
        assertThat(image.objects()).hasSize(4);
        FoundObject parts = image.objects().get(0);
        assertThat(parts.label()).isEqualTo("dog");
        assertThat(parts.phrase()).isEqualTo("the dog");
        assertThat(parts.score()).isEqualTo(0.9);
        assertThat(parts.box()).isEqualTo(Samples.PARTS.box());
        assertThat(parts.polygons()).isEqualTo(Samples.PARTS.polygons());
        assertThat(parts.area()).isEqualTo(Samples.PARTS.area());
        FoundObject frame = image.objects().get(1);
        assertThat(pixels(frame)).isEqualTo(Samples.FRAME.mask());
        assertThat(frame.polygons().get(0).holes()).hasSize(1);
        FoundObject person = image.objects().get(2);
        assertThat(person.box()).isEqualTo(Samples.PERSON.box());
        assertThat(person.score()).isNull();
        assertThat(person.keypoints()).hasSize(17);
        assertThat(person.keypoints())
                .contains(
                        Samples.PERSON.keypoints().get(0),
                        Samples.PERSON.keypoints().get(1));
        assertThat(image.objects().get(3).label()).isEqualTo(Samples.HOSTILE);
    }

    @Test
    void labelme_comes_back_as_it_was_written() {
        ImportedImage image = back("labelme", Samples.all());
        assertThat(image.skipped()).isEmpty();
        assertThat(image.objects())
                .extracting(FoundObject::label)
                .containsExactly("dog", "frame", "person", Samples.HOSTILE);
        assertThat(image.objects().get(0).polygons()).isEqualTo(Samples.PARTS.polygons());
        assertThat(pixels(image.objects().get(1))).isEqualTo(Samples.FRAME.mask());
        assertThat(image.objects().get(2).box()).isEqualTo(Samples.PERSON.box());
        assertThat(image.objects().get(2).keypoints())
                .extracting(NamedPoint::name)
                .containsExactly("nose", "left_wrist");
        assertThat(image.objects().get(3).box()).isEqualTo(Samples.NASTY.box());
    }

    @Property(tries = 200)
    void boxes_and_polygons_of_any_place_come_back(
            @ForAll @IntRange(max = 3999) int x,
            @ForAll @IntRange(max = 1999) int y,
            @ForAll @IntRange(min = 1, max = 4000) int w,
            @ForAll @IntRange(min = 1, max = 2000) int h,
            @ForAll boolean outlined) {
        Box box = new Box(
                x / 100.0,
                y / 100.0,
                Math.min(Samples.WIDTH, (x + w) / 100.0),
                Math.min(Samples.HEIGHT, (y + h) / 100.0));
        FoundObject object =
                Samples.object("o1", "thing", 0.5, box, outlined ? List.of(Polygon.of(box)) : List.of(), List.of());
        for (String format : List.of("coco", "labelme")) {
            FoundObject back = back(format, Samples.image(object)).objects().get(0);
            assertThat(back.box()).isEqualTo(object.box());
            assertThat(back.polygons()).isEqualTo(object.polygons());
        }
    }

    /** 17.01 + 0.01 - 17.01 is less than 0.01 in floating point, and 17 + 0.01 - 17 more. */
    @ParameterizedTest
    @ValueSource(doubles = {0, 0.28, 17, 17.01, 39.99})
    void a_box_of_the_least_width_that_a_result_can_have_comes_back(double left) {
        ImportedImage image = coco("{\"image_id\":7,\"category_id\":5,\"bbox\":[%s,2,0.01,0.01]}".formatted(left));
        assertThat(image.skipped()).isEmpty();
        assertThat(image.objects().get(0).box()).isEqualTo(new Box(left, 2, Math.round(100 * left + 1) / 100.0, 2.01));
    }

    @Test
    void a_box_whose_edges_are_one_when_rounded_is_left_out_and_said_so() {
        ImportedImage image = coco("{\"image_id\":7,\"category_id\":5,\"bbox\":[3.001,2,0.002,4]}");
        assertThat(image.objects()).isEmpty();
        assertThat(image.skipped()).containsExactly("annotations[0] was left out: nothing of it lies in the picture.");
    }

    private static final String COCO = """
            {"images":[{"id":7,"file_name":"a\\\\b/c.jpg","width":40,"height":20,"license":3}],
             "categories":[{"id":5,"name":"cat"}],
             "annotations":[ANNOTATION]}""";

    private static ImportedImage coco(String annotation) {
        return AnnotationImport.read(COCO.replace("ANNOTATION", annotation).getBytes(StandardCharsets.UTF_8))
                .get(0);
    }

    @Test
    void coco_of_other_tools_may_say_more_and_less() {
        ImportedImage image = coco("{\"id\":1,\"image_id\":7,\"category_id\":5,\"bbox\":[1,2,3,4],\"extra\":{}}");
        assertThat(image.fileName()).isEqualTo("c.jpg");
        assertThat(image.objects().get(0).box()).isEqualTo(new Box(1, 2, 4, 6));
        assertThat(coco("{\"image_id\":7,\"category_id\":5,\"segmentation\":[[1,2,3,4,1,6]]}")
                        .objects()
                        .get(0)
                        .box())
                .isEqualTo(new Box(1, 2, 3, 6));
        assertThat(coco("{\"image_id\":7,\"category_id\":5,\"segmentation\":{\"size\":[20,40],\"counts\":[20,3,777]}}")
                        .objects()
                        .get(0)
                        .box())
                .isEqualTo(new Box(1, 0, 2, 3));
    }

    @Test
    void what_is_no_single_object_in_the_picture_is_left_out_and_said_so() {
        ImportedImage image = coco("{\"image_id\":7,\"category_id\":5,\"bbox\":[1,2,3,4],\"iscrowd\":1},"
                + "{\"image_id\":7,\"category_id\":5,\"bbox\":[100,2,3,4]},"
                + "{\"image_id\":7,\"category_id\":5,\"bbox\":[1,2,0,4]},"
                + "{\"image_id\":7,\"category_id\":5}");
        assertThat(image.objects()).isEmpty();
        assertThat(image.skipped()).hasSize(4);
        assertThat(image.skipped().get(0)).isEqualTo("annotations[0] was left out: it is a crowd.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                                                                 | annotations[0].image_id: ",
                "{\"image_id\":8,\"category_id\":5}                                 | annotations[0].image_id: ",
                "{\"image_id\":7,\"category_id\":6}                                 | annotations[0].category_id: ",
                "{\"image_id\":7,\"category_id\":5,\"bbox\":[1,2,3]}                | annotations[0].bbox: ",
                "{\"image_id\":7,\"category_id\":5,\"bbox\":[1,2,3,\"4\"]}          | annotations[0].bbox[3]: ",
                "{\"image_id\":7,\"category_id\":5,\"bbox\":[1,2,-3,4]}             | annotations[0].bbox: ",
                "{\"image_id\":7,\"category_id\":5,\"bbox\":[1e300,2,3,4]}          | annotations[0].bbox[0]: ",
                "{\"image_id\":7,\"category_id\":5,\"segmentation\":[[1,2,3]]}      | annotations[0].segmentation: ",
                "{\"image_id\":7,\"category_id\":5,\"segmentation\":[7]}            | annotations[0].segmentation[0]: ",
                "{\"image_id\":7,\"category_id\":5,\"segmentation\":{\"size\":[40,20],\"counts\":\"\"}} | annotations[0].segmentation.size: ",
                "{\"image_id\":7,\"category_id\":5,\"segmentation\":{\"size\":[20,40],\"counts\":\"zz\"}} | annotations[0].segmentation: ",
                "{\"image_id\":7,\"category_id\":5,\"score\":2}                     | annotations[0].score: ",
                "{\"image_id\":7,\"category_id\":5,\"keypoints\":[1,2,3]}           | annotations[0].keypoints: ",
            })
    void wrong_coco_is_refused_by_the_name_of_its_field(String annotation, String message) {
        assertThatThrownBy(() -> coco(annotation))
                .isInstanceOf(VilamException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void labelme_circles_and_groups_are_understood_and_lines_left_out() {
        String json = """
                {"imagePath":"x.png","imageWidth":40,"imageHeight":20,"imageData":null,"shapes":[
                 {"label":"eye","points":[[10,10],[14,10]],"shape_type":"circle","group_id":null},
                 {"label":"leg","points":[[1,1],[3,1],[3,3]],"group_id":2},
                 {"label":"leg","points":[[5,1],[7,1],[7,3]],"group_id":2},
                 {"label":"way","points":[[1,1],[3,1]],"shape_type":"line"},
                 {"label":"lost","points":[[1,1]],"shape_type":"point"},
                 {"label":"box","points":[[9,9],[4,5]],"shape_type":"rectangle"}]}""";
        ImportedImage image =
                AnnotationImport.read(json.getBytes(StandardCharsets.UTF_8)).get(0);
        assertThat(image.objects()).extracting(FoundObject::label).containsExactly("eye", "leg", "box");
        assertThat(image.objects().get(0).area()).isBetween(49.0, Math.PI * 16);
        assertThat(image.objects().get(1).polygons()).hasSize(2);
        assertThat(image.objects().get(2).box()).isEqualTo(new Box(4, 5, 9, 9));
        assertThat(image.skipped()).hasSize(2);
    }

    @Test
    void what_is_no_known_format_is_refused() {
        for (String json : List.of("{}", "[]", "5", "{\"shapes\":{}}", "{\"images\":[],\"annotations\":[]}")) {
            assertThatThrownBy(() -> AnnotationImport.read(json.getBytes(StandardCharsets.UTF_8)))
                    .isInstanceOf(VilamException.class);
        }
    }

    /** Any value of a good file replaced by any other: it is read, or refused with a message of ours. */
    @Property(tries = 2000)
    void a_damaged_file_is_read_or_refused(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        String format = random.nextBoolean() ? "coco" : "labelme";
        JsonNode root =
                Json.tree(ExportFormats.write(format, List.of(Samples.all())).bytes(), "it");
        for (int change = random.nextInt(1, 4); change > 0; change--) {
            damage(root, random);
        }
        try {
            AnnotationImport.read(root)
                    .forEach(image -> assertThat(image.objects())
                            .allSatisfy(object -> assertThat(object.box().clamp(image.width(), image.height()))
                                    .isEqualTo(object.box())));
        } catch (VilamException e) {
            assertThat(e.getMessage()).isNotEmpty();
            assertThat(e.hint()).isNotEmpty();
        }
    }

    private static void damage(JsonNode root, SplittableRandom random) {
        List<JsonNode> containers = new ArrayList<>();
        collect(root, containers);
        JsonNode container = containers.get(random.nextInt(containers.size()));
        String[] values = {
            "null", "-1", "0", "1e9", "1e308", "\"\"", "\"x\"", "[]", "{}", "[[1,2],[3,4],[5,6]]", "true", "3.7"
        };
        JsonNode value = Json.tree(values[random.nextInt(values.length)].getBytes(StandardCharsets.UTF_8), "it");
        if (container instanceof ObjectNode object) {
            List<String> names = new ArrayList<>();
            object.fieldNames().forEachRemaining(names::add);
            String name = names.get(random.nextInt(names.size()));
            if (random.nextInt(4) == 0) {
                object.remove(name);
            } else {
                object.set(name, value);
            }
        } else if (container instanceof ArrayNode array) {
            if (random.nextInt(4) == 0) {
                array.remove(random.nextInt(array.size()));
            } else {
                array.set(random.nextInt(array.size()), value);
            }
        }
    }

    private static void collect(JsonNode node, List<JsonNode> containers) {
        if (node.isContainerNode() && !node.isEmpty()) {
            containers.add(node);
            node.forEach(child -> collect(child, containers));
        }
    }

    @Test
    void an_absent_keypoint_stays_absent() {
        assertThat(back("coco", Samples.all()).objects().get(2).keypoints())
                .contains(new NamedPoint("right_wrist", null, null, Visibility.ABSENT, 1));
    }
}
