package org.vilam.grounding.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.geometry.Keypoint;
import org.vilam.vision.geometry.Keypoints;
import org.vilam.vision.geometry.Skeleton;

final class PckTest {
    private static final Skeleton FOUR = new Skeleton(
            List.of("nose", "left_shoulder", "right_hip", "tail"),
            List.of(),
            List.of(0, 1, 2, 3),
            List.of(0.1, 0.1, 0.1, 0.1));
    private static final Box BOX = new Box(0, 0, 60, 80); // diagonal 100, longer side 80

    private static Keypoints at(double nose, double shoulder, double hip) {
        return new Keypoints(
                FOUR,
                List.of(
                        Keypoint.visible("nose", nose, 0),
                        Keypoint.occluded("left_shoulder", shoulder, 10),
                        Keypoint.visible("right_hip", hip, 60),
                        Keypoint.absent("tail")));
    }

    private static final Keypoints TRUTH = at(30, 20, 20); // torso 50

    /** Errors of 10, 16 and 20 pixels: the boundary counts as correct. */
    @ParameterizedTest
    @CsvSource({
        "LONGER_BOX_SIDE, 0.2, 2", // 16
        "BOX_HEIGHT, 0.25, 3", // 20
        "BOX_DIAGONAL, 0.1, 1", // 10
        "SQUARE_ROOT_OF_AREA, 0.2, 0", // sqrt(900) = 30: 6
        "TORSO, 0.2, 1", // 10
        "TORSO, 0.19, 0"
    })
    void by_hand(Pck.Normaliser normaliser, double alpha, int correct) {
        Pck pck = new Pck(alpha, normaliser);
        pck.add("a", TRUTH, BOX, 900, at(40, 36, 40));
        assertThat(pck.result().keypoints()).isEqualTo(3);
        assertThat(pck.samples()).containsExactly(new Pck.Sample(3, correct, true));
    }

    @Test
    void missing_points_and_unparseable_answers_are_wrong_and_people_are_pooled() {
        Pck pck = new Pck(0.2, Pck.Normaliser.LONGER_BOX_SIDE);
        Keypoints noNose = new Keypoints(
                FOUR,
                List.of(
                        Keypoint.absent("nose"),
                        Keypoint.visible("left_shoulder", 20, 10),
                        Keypoint.visible("right_hip", 20, 60),
                        Keypoint.visible("tail", 0, 0)));
        pck.add("a", TRUTH, BOX, 900, noNose);
        pck.add("b", TRUTH, BOX, 900, TRUTH);
        pck.addUnparseable("c", TRUTH, BOX, 900);
        Pck.Result result = pck.result();
        assertThat(result.pck()).hasValue(5 / 9.0);
        assertThat(result.keypoints()).isEqualTo(9);
        assertThat(result.unparseable()).isEqualTo(1);
        assertThat(result.undefined()).isZero();
    }

    @Test
    void people_without_the_length_are_left_out_and_counted() {
        Pck pck = new Pck(0.2, Pck.Normaliser.TORSO);
        assertThat(pck.result().pck()).isEmpty();
        Keypoints noHip = new Keypoints(
                FOUR,
                List.of(
                        Keypoint.visible("nose", 1, 1),
                        Keypoint.visible("left_shoulder", 2, 2),
                        Keypoint.absent("right_hip"),
                        Keypoint.absent("tail")));
        pck.add("a", noHip, BOX, 900, noHip);
        assertThat(pck.result().undefined()).isEqualTo(1);
        assertThat(pck.result().keypoints()).isZero();
        assertThat(pck.result().pck()).isEmpty();
        Pck flat = new Pck(0.2, Pck.Normaliser.BOX_HEIGHT);
        flat.add("a", TRUTH, new Box(0, 5, 10, 5), 900, TRUTH);
        assertThat(flat.result().undefined()).isEqualTo(1);
    }

    @Test
    void what_cannot_be_compared_is_refused() {
        assertThatThrownBy(() -> new Pck(0, Pck.Normaliser.TORSO)).isInstanceOf(IllegalArgumentException.class);
        Keypoints person = Keypoints.ofCoco(Skeleton.COCO_PERSON, new double[51]);
        Pck pck = new Pck(0.2, Pck.Normaliser.BOX_HEIGHT);
        assertThatThrownBy(() -> pck.add("a", TRUTH, BOX, 900, person)).isInstanceOf(IllegalArgumentException.class);
    }
}
