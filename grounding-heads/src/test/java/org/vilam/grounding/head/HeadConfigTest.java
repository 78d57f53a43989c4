package org.vilam.grounding.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeadConfigTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void a_config_is_read_as_it_was_written() throws Exception {
        assertThat(JSON.readValue(JSON.writeValueAsString(HeadTest.CONFIG), HeadConfig.class))
                .isEqualTo(HeadTest.CONFIG);
    }

    @ParameterizedTest
    @CsvSource({
        "width, 10",
        "width, 0",
        "heads, 3",
        "decoder_layers, 0",
        "anchors, 0",
        "region_grid, 6",
        "region_width, 0",
        "region_layers, 0",
        "keypoints, -1",
        "region_tokens, 0"
    })
    void a_size_that_does_not_fit_is_refused_by_name(String field, int value) {
        ObjectNode json = JSON.valueToTree(HeadTest.CONFIG);
        json.put(field, value);
        assertThatThrownBy(() -> JSON.treeToValue(json, HeadConfig.class))
                .hasMessageContaining((field.equals("heads") ? "width" : field) + " must be");
    }
}
