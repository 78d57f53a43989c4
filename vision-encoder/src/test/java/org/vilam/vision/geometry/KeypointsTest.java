package org.vilam.vision.geometry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;
import org.vilam.vision.parity.ParityPack;
import org.vilam.vision.parity.SharedData;

final class KeypointsTest {
    private static final Skeleton THREE = new Skeleton(
            List.of("nose", "left_eye", "right_eye"),
            List.of(new Skeleton.Edge(0, 1)),
            List.of(0, 2, 1),
            List.of(1.0, 1.0, 1.0));

    @Test
    void sigmas_equal_those_of_pycocotools_to_the_last_bit() {
        List<Double> sigmas = new ArrayList<>();
        ParityPack.open("metrics").json("keypoints.json").get("sigmas").forEach(s -> sigmas.add(s.asDouble()));
        assertThat(Skeleton.COCO_PERSON.sigmas()).isEqualTo(sigmas);
    }

    @Test
    void names_and_edges_equal_those_of_a_coco_annotation_file() throws IOException {
        JsonNode person = new ObjectMapper()
                .readTree(SharedData.path("data/keypoints-samples/tests/data/coco/test_coco.json")
                        .toFile())
                .get("categories")
                .get(0);
        List<String> names = new ArrayList<>();
        person.get("keypoints").forEach(n -> names.add(n.asText()));
        assertThat(Skeleton.COCO_PERSON.names()).isEqualTo(names);
        List<Skeleton.Edge> edges = new ArrayList<>();
        person.get("skeleton")
                .forEach(e -> edges.add(
                        new Skeleton.Edge(e.get(0).asInt() - 1, e.get(1).asInt() - 1)));
        assertThat(Skeleton.COCO_PERSON.edges()).isEqualTo(edges);
    }

    @Test
    void left_and_right_are_each_others_mirror_and_the_nose_its_own() {
        Skeleton person = Skeleton.COCO_PERSON;
        assertThat(person.size()).isEqualTo(17);
        assertThat(person.names().get(person.mirror().get(person.names().indexOf("left_wrist"))))
                .isEqualTo("right_wrist");
        assertThat(person.mirror()).containsExactly(0, 2, 1, 4, 3, 6, 5, 8, 7, 10, 9, 12, 11, 14, 13, 16, 15);
    }

    @Test
    void cocos_list_is_read_and_written_and_absent_points_have_no_place() {
        Keypoints face = Keypoints.ofCoco(THREE, 5, 6, 2, 99, 98, 0, 7, 8, 1);
        assertThat(face.points())
                .containsExactly(
                        Keypoint.visible("nose", 5, 6),
                        Keypoint.absent("left_eye"),
                        Keypoint.occluded("right_eye", 7, 8));
        assertThat(face.toCoco()).containsExactly(5, 6, 2, 0, 0, 0, 7, 8, 1);
        assertThat(face.labelled()).isEqualTo(2);
        assertThat(face.get("left_eye").point()).isNull();
        assertThat(face.boundingBox()).isEqualTo(new Box(5, 6, 7, 8));
        assertThat(Keypoints.ofCoco(THREE, new double[9]).boundingBox()).isEqualTo(new Box(0, 0, 0, 0));
    }

    @Test
    void a_mirror_swaps_sides_with_names_and_two_mirrors_change_nothing() {
        Keypoints face = Keypoints.ofCoco(THREE, 5, 6, 2, 1, 1, 1, 0, 0, 0);
        Keypoints mirrored = face.mirrored(20);
        assertThat(mirrored.points())
                .containsExactly(
                        Keypoint.visible("nose", 15, 6),
                        Keypoint.absent("left_eye"),
                        Keypoint.occluded("right_eye", 19, 1));
        assertThat(mirrored.mirrored(20)).isEqualTo(face);
    }

    @Test
    void lists_that_do_not_fit_are_refused_by_name() {
        assertThatThrownBy(() -> Keypoints.ofCoco(THREE, 1, 2, 2))
                .isInstanceOfSatisfying(
                        VilamException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.GEOMETRY_INVALID))
                .hasMessageContaining("3 numbers instead of 9");
        assertThatThrownBy(() -> Keypoints.ofCoco(THREE, 1, 2, 3, 0, 0, 0, 0, 0, 0))
                .hasMessageContaining("nose has the visibility 3.0");
        assertThatThrownBy(() -> Keypoints.ofCoco(THREE, Double.NaN, 2, 2, 0, 0, 0, 0, 0, 0))
                .isInstanceOf(VilamException.class)
                .hasMessageContaining("nose lies at NaN");
        assertThatThrownBy(() -> new Keypoints(THREE, List.of(Keypoint.absent("nose"))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Keypoint("nose", null, Visibility.VISIBLE))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Keypoint("nose", new Point(1, 1), Visibility.ABSENT))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Keypoints.ofCoco(THREE, new double[9]).get("tail"))
                .hasMessageContaining("tail");
    }

    @Test
    void a_skeleton_whose_lists_do_not_fit_is_refused() {
        List<String> names = List.of("a", "b");
        assertThatThrownBy(() -> new Skeleton(names, List.of(), List.of(1, 1), List.of(1.0, 1.0)))
                .hasMessageContaining("mirror place of a");
        assertThatThrownBy(
                        () -> new Skeleton(names, List.of(new Skeleton.Edge(0, 2)), List.of(0, 1), List.of(1.0, 1.0)))
                .hasMessageContaining("edge");
        assertThatThrownBy(() -> new Skeleton(names, List.of(), List.of(0, 1), List.of(1.0, 0.0)))
                .hasMessageContaining("sigma of b");
        assertThatThrownBy(() -> new Skeleton(List.of("a", "a"), List.of(), List.of(0, 1), List.of(1.0, 1.0)))
                .hasMessageContaining("different names");
    }
}
