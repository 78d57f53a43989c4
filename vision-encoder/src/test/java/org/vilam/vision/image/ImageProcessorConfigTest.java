package org.vilam.vision.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;
import org.vilam.vision.image.ImageProcessorConfig.Padding;
import org.vilam.vision.image.ImageProcessorConfig.Size;

class ImageProcessorConfigTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    static Stream<ImageProcessorConfig> presets() {
        return Stream.of(
                ImageProcessorConfig.VILAM,
                ImageProcessorConfig.BEIT3,
                ImageProcessorConfig.SIMVG,
                ImageProcessorConfig.C3VG,
                ImageProcessorConfig.ONEREF,
                ImageProcessorConfig.ONEREF_TOKENIZER,
                ImageProcessorConfig.HIVG,
                ImageProcessorConfig.VILAM
                        .withSize(new Size(10, 20))
                        .withFit(FitMode.CORNER)
                        .withPadding(Padding.colour(1, 2, 3)));
    }

    @ParameterizedTest
    @MethodSource("presets")
    void a_configuration_survives_its_file(ImageProcessorConfig config) throws JsonProcessingException {
        String json = JSON.writeValueAsString(config);
        assertThat(JSON.readValue(json, ImageProcessorConfig.class)).isEqualTo(config);
    }

    @Test
    void the_file_of_instructblip_on_hugging_face_is_the_vilam_preset() throws JsonProcessingException {
        String file = """
                {"do_convert_rgb": true, "do_normalize": true, "do_rescale": true, "do_resize": true,
                 "image_mean": [0.48145466, 0.4578275, 0.40821073], "image_processor_type": "BlipImageProcessor",
                 "image_std": [0.26862954, 0.26130258, 0.27577711], "processor_class": "InstructBlipProcessor",
                 "resample": 3, "rescale_factor": 0.00392156862745098, "size": {"height": 224, "width": 224}}
                """;
        assertThat(JSON.readValue(file, ImageProcessorConfig.class)).isEqualTo(ImageProcessorConfig.VILAM);
    }

    @Test
    void the_written_names_are_those_of_hugging_face() {
        ObjectNode json = JSON.valueToTree(ImageProcessorConfig.SIMVG);
        assertThat(json.toString())
                .isEqualTo("{\"size\":{\"height\":640,\"width\":640},\"resample\":\"opencv_linear\","
                        + "\"mask_resample\":\"opencv_nearest\",\"fit\":\"squash\","
                        + "\"padding\":{\"stage\":\"after_normalization\",\"value\":[0.0,0.0,0.0]},"
                        + "\"rescale_factor\":0.00392156862745098,"
                        + "\"image_mean\":[0.485,0.456,0.406],\"image_std\":[0.229,0.224,0.225]}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "size              | {\"shortest_edge\": 224}",
                "size              | 0",
                "size              | 100000",
                "size              | {\"height\": 3, \"width\": -1}",
                "size              | \"224\"",
                "resample          | 1",
                "resample          | \"lanczos\"",
                "mask_resample     | \"pil_bicubic\"",
                "fit               | \"crop\"",
                "fit               | 7",
                "padding           | \"black\"",
                "padding.stage     | {\"stage\": \"never\", \"value\": [0, 0, 0]}",
                "padding.value     | {\"stage\": \"before_normalization\", \"value\": [0, 0, 256]}",
                "rescale_factor    | 0",
                "rescale_factor    | \"1/255\"",
                "image_mean        | [0.5, 0.5]",
                "image_mean        | 0.5",
                "image_std         | [0.5, 0, 0.5]",
                "image_std         | [0.5, null, 0.5]",
                "do_center_crop    | true",
                "do_resize         | false",
                "crop_size         | {\"height\": 224, \"width\": 224}",
                "crop_pct          | 0.9",
            })
    void a_wrong_field_is_refused_by_name(String field, String value) throws JsonProcessingException {
        ObjectNode json = JSON.valueToTree(ImageProcessorConfig.VILAM);
        String name = field.contains(".") ? field.substring(0, field.indexOf('.')) : field;
        json.set(name, JSON.readTree(value));
        assertThatThrownBy(() -> ImageProcessorConfig.fromJson(json))
                .isInstanceOfSatisfying(VilamException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
                    assertThat(e.hint()).isNotBlank();
                })
                .hasMessageContaining(field);
    }

    @Test
    void missing_constants_are_refused_and_the_rest_has_defaults() throws JsonProcessingException {
        ObjectNode json = (ObjectNode) JSON.readTree("{\"size\": 224, \"image_mean\": [0.5, 0.5, 0.5]}");
        assertThatThrownBy(() -> ImageProcessorConfig.fromJson(json)).hasMessageContaining("image_std");
        json.putArray("image_std").add(0.5).add(0.5).add(0.5);
        assertThat(ImageProcessorConfig.fromJson(json)).isEqualTo(ImageProcessorConfig.BEIT3);
        json.put("do_center_crop", false).put("crop_size", 224);
        assertThat(ImageProcessorConfig.fromJson(json)).isEqualTo(ImageProcessorConfig.BEIT3);
    }

    @Property(tries = 300)
    void any_text_in_a_field_is_a_configuration_or_a_named_error(@ForAll String text, @ForAll boolean number) {
        ObjectNode template = JSON.valueToTree(ImageProcessorConfig.HIVG);
        List<String> fields = new ArrayList<>();
        template.fieldNames().forEachRemaining(fields::add);
        for (String field : fields) {
            ObjectNode json = template.deepCopy();
            if (number) {
                json.put(field, text.hashCode());
            } else {
                json.put(field, text);
            }
            try {
                assertThat(ImageProcessorConfig.fromJson(json)).isNotNull();
            } catch (VilamException e) {
                assertThat(e.getMessage()).contains(field);
            }
        }
    }

    @Test
    void jackson_reports_the_refusal_as_its_cause() {
        assertThatThrownBy(() -> JSON.readValue("[]", ImageProcessorConfig.class))
                .isInstanceOf(JsonMappingException.class)
                .hasCauseInstanceOf(VilamException.class);
    }
}
