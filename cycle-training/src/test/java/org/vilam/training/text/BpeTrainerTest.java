package org.vilam.training.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.vilam.training.text.BpeVocabulary.Merge;
import org.vilam.vision.error.VilamException;

final class BpeTrainerTest {
    private static final int BYTES = 4 + 256;

    @Test
    void the_merges_of_a_tiny_corpus_are_those_worked_out_by_hand() {
        // Words: hug x10, pug x5, pun x12, bun x4, hugs x5 (Hugging Face course, chapter 6.5).
        // u-g 20, u-n 16, h-u 15 ... -> ug; then h-ug 15, p-un/u-n 16 -> un; then h-ug 15 -> hug; then p-un 12 -> pun.
        BpeVocabulary learned = new BpeTrainer(new BpeConfig(BYTES + 4, List.of(), true, 1))
                .add("hug", 10)
                .add("pug", 5)
                .add("pun", 12)
                .add("bun", 4)
                .add("hugs", 5)
                .train();

        assertThat(learned.merges())
                .containsExactly(new Merge("u", "g"), new Merge("u", "n"), new Merge("h", "ug"), new Merge("p", "un"));
        assertThat(learned.tokens().subList(BYTES, BYTES + 4)).containsExactly("ug", "un", "hug", "pun");
    }

    @Test
    void pairs_that_occur_equally_often_are_taken_in_the_order_of_their_ids() {
        BpeVocabulary learned = new BpeTrainer(new BpeConfig(BYTES + 3, List.of(), true, 1))
                .add("zy", 3)
                .add("ba", 3)
                .add("bc", 3)
                .train();

        assertThat(learned.merges()).containsExactly(new Merge("b", "a"), new Merge("b", "c"), new Merge("z", "y"));
    }

    @Test
    void overlapping_repeats_are_merged_from_the_left() {
        BpeVocabulary learned = new BpeTrainer(new BpeConfig(BYTES + 3, List.of(), true, 1))
                .add("aaaaa", 1)
                .train();

        // aaaaa -> aa aa a -> aaaa a -> aaaaa; aa-aa and aa-a occur once each and the id of a is the lower one.
        assertThat(learned.merges()).containsExactly(new Merge("a", "a"), new Merge("aa", "a"), new Merge("aa", "aaa"));
    }

    @Test
    void a_pair_rarer_than_the_minimum_is_no_token() {
        BpeVocabulary learned = new BpeTrainer(new BpeConfig(1000, List.of(), true, 3))
                .add("ab", 2)
                .add("cd", 3)
                .train();

        assertThat(learned.merges()).containsExactly(new Merge("c", "d"));
        assertThat(learned.tokens()).hasSize(BYTES + 1);
    }

    @Test
    void special_tokens_come_first_and_bytes_follow() {
        BpeVocabulary learned = new BpeTrainer(BpeConfig.of(1000, List.of("<region>", "<image>"))).train();

        assertThat(learned.tokens()).hasSize(6 + 256).doesNotHaveDuplicates();
        assertThat(learned.tokens().subList(0, 7))
                .containsExactly("<pad>", "<s>", "</s>", "<unk>", "<region>", "<image>", "!");
    }

    @Test
    void digits_never_merge() {
        BpeTrainer trainer = new BpeTrainer(BpeConfig.of(2000, List.of()));
        for (int i = 0; i <= 1000; i++) {
            trainer.add("the box at " + i + " " + i + ", " + i, 50);
        }

        assertThat(trainer.train().tokens()).noneMatch(token -> token.length() > 1 && token.matches(".*\\d.*"));
    }

    @Test
    void a_special_token_is_never_learned_from_text_nor_spelled_by_merges() {
        BpeVocabulary learned = new BpeTrainer(new BpeConfig(1000, List.of("<|>", "xyzzy"), true, 1))
                .add("<| |> <|>> xyzzy <| |> xyzz zy", 100)
                .train();

        assertThat(learned.tokens()).doesNotHaveDuplicates();
        assertThat(learned.merges())
                .extracting(merge -> merge.left() + merge.right())
                .isNotEmpty()
                .doesNotContain("<|>", "xyzzy");
    }

    @Test
    void the_same_sentences_in_any_order_give_the_same_bytes() {
        List<String> sentences = new ArrayList<>();
        Random random = new Random(7);
        List<String> words = List.of(
                "the",
                "a",
                "red",
                "dog",
                "cat",
                "left",
                "of",
                "near",
                "on",
                "box",
                "\u00e9t\u00e9",
                "\u732b",
                "12",
                "305");
        for (int i = 0; i < 2000; i++) {
            sentences.add(words.get(random.nextInt(words.size())) + " " + words.get(random.nextInt(words.size())) + " "
                    + words.get(random.nextInt(words.size())));
        }
        byte[] first = new BpeTrainer(BpeConfig.of(320, List.of()))
                .addAll(sentences)
                .train()
                .toJson();
        Collections.shuffle(sentences, random);
        byte[] second = new BpeTrainer(BpeConfig.of(320, List.of()))
                .addAll(sentences)
                .train()
                .toJson();

        assertThat(second).isEqualTo(first);
    }

    @Test
    void a_vocabulary_too_small_for_bytes_is_refused_by_name() {
        assertThatThrownBy(() -> BpeConfig.of(259, List.of()))
                .isInstanceOf(VilamException.class)
                .hasMessageContaining("vocabularySize");
        assertThatThrownBy(() -> BpeConfig.of(2000, List.of("<s>")))
                .isInstanceOf(VilamException.class)
                .hasMessageContaining("furtherSpecials");
        assertThatThrownBy(() -> BpeConfig.of(2000, List.of("#")))
                .isInstanceOf(VilamException.class)
                .hasMessageContaining("furtherSpecials");
    }
}
