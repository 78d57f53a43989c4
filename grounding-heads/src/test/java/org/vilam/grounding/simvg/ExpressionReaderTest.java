package org.vilam.grounding.simvg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

final class ExpressionReaderTest {
    @Test
    void punctuation_goes_and_strokes_become_spaces() {
        assertThat(ExpressionReader.clean("The man's T-shirt, (left/right)?! \"#1\"; a*b: c."))
                .isEqualTo("the mans t shirt left right 1 ab c");
    }

    @Test
    void pieces_lie_between_their_marks_and_are_padded() {
        try (NDManager manager = NDManager.newBaseManager()) {
            ExpressionReader reader = new ExpressionReader(
                    text -> text.equals("dog") ? new long[] {7, 8} : new long[] {9, 10, 11, 12, 13, 14}, 6);
            ExpressionReader.Batch batch = reader.read(manager, List.of("Dog!", "a long one"));
            assertThat(batch.ids().getShape()).isEqualTo(new Shape(2, 6));
            assertThat(batch.ids().toLongArray()).containsExactly(0, 7, 8, 2, 1, 1, 0, 9, 10, 11, 12, 2);
            assertThat(batch.padding().toLongArray()).containsExactly(0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0);
        }
    }

    @Property(tries = 40)
    void any_number_of_pieces_makes_a_row_of_the_one_length(@ForAll @IntRange(min = 1, max = 40) int count) {
        try (NDManager manager = NDManager.newBaseManager()) {
            ExpressionReader reader = new ExpressionReader(
                    text -> LongStream.range(100, 100 + count).toArray(), 20);
            ExpressionReader.Batch batch = reader.read(manager, List.of("x"));
            long[] ids = batch.ids().toLongArray();
            int kept = Math.min(count, 18);
            assertThat(ids).hasSize(20).startsWith(0, 100).doesNotContain(100 + 18);
            assertThat(ids[kept + 1]).isEqualTo(2);
            assertThat(LongStream.of(batch.padding().toLongArray()).sum()).isEqualTo(18 - kept);
        }
    }

    @Test
    void an_expression_without_words_is_refused_with_advice() {
        try (NDManager manager = NDManager.newBaseManager()) {
            ExpressionReader reader = new ExpressionReader(text -> new long[] {5}, 20);
            for (String empty : List.of("", " ", "?! - /")) {
                assertThatThrownBy(() -> reader.read(manager, List.of(empty)))
                        .isInstanceOfSatisfying(VilamException.class, e -> {
                            assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
                            assertThat(e.hint()).contains("few words");
                        });
            }
        }
    }
}
