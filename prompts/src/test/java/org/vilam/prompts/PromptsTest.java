package org.vilam.prompts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.vilam.prompts.VicunaConversation.Turn;

final class PromptsTest {
    @Test
    void a_template_is_filled_slot_by_slot() {
        Template template = Template.parse("show the {{points}} of {{expression}}, please");
        assertThat(template.slots()).containsExactly("points", "expression");
        assertThat(template.fill(Map.of("points", "left wrist", "expression", "the man")))
                .isEqualTo("show the left wrist of the man, please");
        assertThat(template).hasToString("show the {{points}} of {{expression}}, please");
    }

    @Test
    void a_missing_or_unknown_slot_is_named() {
        Template template = Template.parse("find {{expression}}");
        assertThatThrownBy(() -> template.fill(Map.of())).hasMessageContaining("{{expression}}");
        assertThatThrownBy(() -> template.fill(Map.of("expression", "a", "region", "b")))
                .hasMessageContaining("{{region}}");
    }

    @Test
    void a_slot_that_is_left_open_is_refused() {
        assertThatThrownBy(() -> Template.parse("find {{expression")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Template.parse("find {{}}")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Template.parse("find {{Big Name}}")).isInstanceOf(IllegalArgumentException.class);
    }

    @Property
    void whatever_is_filled_in_comes_out_unchanged(@ForAll String value) {
        assertThat(Template.parse("<{{expression}}>").fill(Map.of("expression", value)))
                .isEqualTo("<" + value + ">");
    }

    @ParameterizedTest
    @EnumSource(Task.class)
    void every_task_has_wordings_and_no_wording_twice(Task task) {
        List<String> lines =
                Instructions.of(task).stream().map(Template::toString).toList();
        assertThat(lines).hasSizeGreaterThanOrEqualTo(6).doesNotHaveDuplicates();
        assertThat(Instructions.canonical(task)).hasToString(lines.get(0));
    }

    @ParameterizedTest
    @EnumSource(Task.class)
    void all_wordings_of_a_task_have_the_same_slots(Task task) {
        Set<Set<String>> slots = new HashSet<>();
        Instructions.of(task).forEach(template -> slots.add(template.slots()));
        assertThat(slots).hasSize(1);
        assertThat(slots.iterator().next())
                .isEqualTo(
                        switch (task) {
                            case BOX, ALL, POLYGON -> Set.of("expression");
                            case KEYPOINTS -> Set.of("points", "expression");
                            case DESCRIBE, CLASSIFY -> Set.of("region");
                            case CAPTION -> Set.of();
                        });
    }

    @Test
    void a_vicuna_prompt_ends_where_the_answer_begins() {
        assertThat(VicunaConversation.format(
                        VicunaConversation.SYSTEM, List.of(new Turn("Hi.", "Hello."), new Turn("Where is it?", null))))
                .isEqualTo("A chat between a curious user and an artificial intelligence assistant. The assistant gives"
                        + " helpful, detailed, and polite answers to the user's questions. USER: Hi. ASSISTANT:"
                        + " Hello.</s>USER: Where is it? ASSISTANT:");
    }

    @Test
    void an_answer_missing_in_the_middle_is_refused() {
        assertThatThrownBy(() -> VicunaConversation.format("", List.of(new Turn("a", null), new Turn("b", null))))
                .hasMessageContaining("turn 1 of 2");
        assertThatThrownBy(() -> VicunaConversation.format("", List.of())).isInstanceOf(IllegalArgumentException.class);
    }
}
