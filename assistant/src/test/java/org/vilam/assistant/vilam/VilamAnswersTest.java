package org.vilam.assistant.vilam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.vilam.assistant.text.TextTokenizer;
import org.vilam.assistant.text.TinyTokenizers;
import org.vilam.assistant.vilam.Teller.Question;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.image.ImageProcessor;
import org.vilam.vision.image.ImageProcessorConfig;
import org.vilam.vision.image.RgbImage;
import org.vilam.vision.tensor.Parameters;

/** The words of a small network with random weights: noise, but the same noise however it is asked for. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@org.jspecify.annotations.NullUnmarked
class VilamAnswersTest {
    private static final String CONFIG = """
            {"family": "vilam-grounding",
             "encoder": {"img_size": 32, "patch_size": 8, "encoder_embed_dim": 24, "encoder_attention_heads": 2,
                         "encoder_ffn_embed_dim": 32, "encoder_layers": 1, "vocab_size": 261, "max_source_positions": 40,
                         "layernorm_eps": 1e-5, "drop_path_rate": 0.0, "conv_stem": true, "stem_blocks": [0, 0, 0]},
             "heads": {"width": 24, "heads": 2, "decoder_layers": 1, "anchors": 2, "region_grid": 8, "region_width": 16,
                       "region_layers": 1, "keypoints": 17, "region_tokens": 2},
             "num_query_tokens": 3,
             "qformer_config": {"vocab_size": 261, "hidden_size": 24, "num_hidden_layers": 1, "num_attention_heads": 2,
                                "intermediate_size": 32, "max_position_embeddings": 40, "layer_norm_eps": 1e-6,
                                "cross_attention_frequency": 1, "encoder_hidden_size": 24},
             "text_config": {"vocab_size": 261, "hidden_size": 24, "intermediate_size": 32, "num_hidden_layers": 1,
                             "num_attention_heads": 2, "num_key_value_heads": 2, "max_position_embeddings": 128,
                             "rms_norm_eps": 1e-6, "rope_theta": 10000.0, "tie_word_embeddings": false},
             "max_text": 30}""";
    private static final String PREPROCESSOR = """
            {"size": {"height": 32, "width": 32}, "resample": "pil_bilinear", "mask_resample": "opencv_nearest",
             "fit": "letterbox", "padding": {"stage": "after_normalization", "value": [0.0, 0.0, 0.0]},
             "rescale_factor": 0.00392156862745098, "image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5]}""";

    private NDManager manager;
    private TextTokenizer tokenizer;
    private Parameters parameters;
    private Vilam vilam;

    @BeforeAll
    void open() throws JsonProcessingException {
        ObjectMapper json = new ObjectMapper();
        manager = NDManager.newBaseManager();
        tokenizer = TinyTokenizers.load(TinyTokenizers.byteLevel());
        parameters = Parameters.initialise(manager, 11);
        VilamModel model = new VilamModel(parameters.root(), json.readValue(CONFIG, VilamConfig.class));
        ImageProcessor processor = new ImageProcessor(ImageProcessorConfig.fromJson(json.readTree(PREPROCESSOR)));
        vilam = new Vilam(model, tokenizer, processor, manager);
    }

    @AfterAll
    void close() {
        parameters.close();
        tokenizer.close();
        manager.close();
    }

    private static Question question(int shade, boolean whole) {
        byte[] rgb = new byte[3 * 20 * 30];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) (i * shade);
        }
        return new Question(new RgbImage(20, 30, rgb), whole ? null : new Box(2, 3, 15, 20), "dog " + shade);
    }

    @Test
    void the_pieces_joined_are_the_answer() {
        int pieces = 0;
        for (int shade = 1; shade <= 6; shade++) {
            Question question = question(shade, shade % 2 == 0);
            List<String> heard = new ArrayList<>();
            String answer = vilam.answer(question, heard::add);
            assertThat(answer).isEqualTo(vilam.answer(List.of(question)).get(0));
            assertThat(String.join("", heard).strip()).isEqualTo(answer);
            assertThat(heard).doesNotContain("");
            pieces += heard.size();
        }
        assertThat(pieces).as("pieces of six answers").isGreaterThan(12);
    }

    @Test
    void what_the_listener_throws_ends_the_answer() {
        Question question = question(1, true);
        List<String> heard = new ArrayList<>();
        assertThatThrownBy(() -> vilam.answer(question, piece -> {
                    heard.add(piece);
                    throw new CancellationException("enough");
                }))
                .isInstanceOf(CancellationException.class);
        assertThat(heard).hasSize(1);
        assertThat(vilam.answer(List.of(question)).get(0)).isNotEmpty();
    }
}
