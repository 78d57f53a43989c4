package org.vilam.web.gallery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.vilam.grounding.result.GroundingResult.Status;
import org.vilam.vision.error.VilamException;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.image.ImageDecoder;
import org.vilam.vision.image.ImageInfo;
import org.vilam.web.gallery.Gallery.Item;
import org.vilam.web.gallery.Gallery.Suggestion;

class GalleryTest {
    private static final Gallery GALLERY = Gallery.bundled();

    @Test
    void there_are_at_least_twelve_pictures_with_different_names() {
        assertThat(GALLERY.items()).hasSizeGreaterThanOrEqualTo(12);
        assertThat(GALLERY.items()).extracting(Item::id).doesNotHaveDuplicates();
        assertThat(GALLERY.items()).allSatisfy(item -> assertThat(item.id()).matches("[a-z0-9-]+"));
    }

    @Test
    void every_kind_of_answer_is_asked_for_somewhere() {
        for (Status status : List.of(Status.OK, Status.NO_TARGET, Status.AMBIGUOUS)) {
            assertThat(GALLERY.items().stream().flatMap(item -> item.suggestions().stream()))
                    .anyMatch(s -> s.status().equals(status.name().toLowerCase(Locale.ROOT)));
        }
    }

    @Test
    void what_is_true_lies_in_the_picture_and_fits_the_answer() {
        for (Item item : GALLERY.items()) {
            ImageInfo info = new ImageDecoder().decode(GALLERY.image(item.id())).info();
            assertThat(item.suggestions()).isNotEmpty();
            for (Suggestion suggestion : item.suggestions()) {
                List<Box> boxes = suggestion.boxes();
                assertThat(boxes).isNotNull();
                assertThat(boxes).allSatisfy(box -> {
                    assertThat(box.clamp(info.width(), info.height())).isEqualTo(box);
                    assertThat(box.isEmpty()).isFalse();
                });
                switch (suggestion.status()) {
                    case "ok" -> assertThat(boxes).isNotEmpty();
                    case "no_target" -> assertThat(boxes).isEmpty();
                    case "ambiguous" -> assertThat(boxes).hasSizeGreaterThan(1);
                    default -> throw new AssertionError(suggestion.status());
                }
            }
        }
    }

    @Test
    void a_picture_that_is_not_there_is_refused() {
        assertThatThrownBy(() -> GALLERY.image("../gallery.json")).isInstanceOf(VilamException.class);
    }
}
