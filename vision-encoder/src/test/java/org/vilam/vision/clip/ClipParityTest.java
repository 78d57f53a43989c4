package org.vilam.vision.clip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.vilam.vision.error.VilamException;
import org.vilam.vision.parity.FilledWeights;
import org.vilam.vision.parity.ParityPack;
import org.vilam.vision.tensor.Constants;
import org.vilam.vision.tensor.GradientScope;
import org.vilam.vision.tensor.Mode;
import org.vilam.vision.tensor.Operations;
import org.vilam.vision.tensor.Parameter;
import org.vilam.vision.tensor.Parameters;

/** Both towers against Hugging Face's CLIP, hidden state by hidden state. */
final class ClipParityTest {
    private final ParityPack pack = ParityPack.open("clip-text-image-tiny");

    @Test
    void texts_and_images_give_the_reference_at_every_layer() {
        try (NDManager manager = NDManager.newBaseManager();
                Parameters parameters = Parameters.load(manager, FilledWeights.of(pack, "weights"))) {
            ClipModel clip = new ClipModel(parameters.root(), config());
            parameters.loadReport().requireExact();
            ClipTextModel.Encoded text = clip.text().forward(ids(manager), Mode.INFERENCE);
            assertClose("text_hidden_states", NDArrays.stack(new NDList(text.hiddenStates())));
            assertClose("text_last_hidden_state", text.tokens());
            assertClose("text_pooled", text.pooled());
            assertClose("text_token_features", clip.projectText(text.tokens()));
            NDArray textEmbeds = clip.projectText(text.pooled());
            assertClose("text_embeds", textEmbeds);
            ClipVisionModel.Encoded vision = clip.vision().forward(array("image", manager), Mode.INFERENCE);
            assertClose("vision_hidden_states", NDArrays.stack(new NDList(vision.hiddenStates())));
            assertClose("vision_pooled", vision.pooled());
            NDArray imageEmbeds = clip.projectImage(vision.pooled());
            assertClose("image_embeds", imageEmbeds);
            assertClose("logits_per_text", clip.logitsPerText(textEmbeds, imageEmbeds));
        }
    }

    @Test
    void positions_are_resampled_for_larger_and_smaller_images() {
        try (NDManager manager = NDManager.newBaseManager();
                Parameters parameters = Parameters.load(manager, FilledWeights.of(pack, "weights"))) {
            ClipModel clip = new ClipModel(parameters.root(), config());
            assertClose("embeddings_larger_image", clip.vision().embed(array("image_larger", manager)));
            assertClose("embeddings_smaller_image", clip.vision().embed(array("image_smaller", manager)));
        }
    }

    @Test
    void padding_behind_the_end_token_changes_nothing() {
        try (NDManager manager = NDManager.newBaseManager();
                Parameters parameters = Parameters.load(manager, FilledWeights.of(pack, "weights"))) {
            ClipModel clip = new ClipModel(parameters.root(), config());
            NDArray whole = ids(manager).get(new NDIndex("0:1")); // 9 tokens, then zeros
            NDArray cut = whole.get(new NDIndex(":, :9")).duplicate();
            NDArray pooled = clip.text().forward(whole, Mode.INFERENCE).pooled();
            assertThat(clip.text()
                            .forward(cut, Mode.INFERENCE)
                            .pooled()
                            .sub(pooled)
                            .abs()
                            .max()
                            .getFloat())
                    .isLessThan(1e-5f);
        }
    }

    /** The towers learn: a few steps bring the texts' logits to their own images. */
    @Test
    void one_batch_is_learned_by_heart() {
        try (NDManager manager = NDManager.newBaseManager();
                Parameters parameters = Parameters.load(manager, FilledWeights.of(pack, "weights"))) {
            ClipModel clip = new ClipModel(parameters.root(), config());
            parameters.requireGradients(true);
            NDArray images = array("image", manager);
            NDArray ids = ids(manager);
            var learned = parameters.trainable().stream().map(Parameter::array).toList();
            float first = 0;
            float last = 0;
            for (int step = 0; step < 30; step++) {
                try (NDManager scratch = manager.newSubManager()) {
                    NDArray loss;
                    try (GradientScope scope = GradientScope.recording()) {
                        NDArray shown = images.duplicate();
                        shown.attach(scratch);
                        NDArray said = ids.duplicate();
                        said.attach(scratch);
                        NDArray logits = clip.logitsPerText(
                                clip.projectText(clip.text()
                                        .forward(said, Mode.INFERENCE)
                                        .pooled()),
                                clip.projectImage(clip.vision()
                                        .forward(shown, Mode.INFERENCE)
                                        .pooled()));
                        NDArray own = Constants.of(scratch, new float[] {1, 0, 0, 1}, new Shape(2, 2));
                        loss = logits.logSoftmax(1).mul(own).sum().neg();
                    }
                    last = loss.getFloat();
                    first = step == 0 ? last : first;
                    var gradients = Operations.get().gradients(loss, learned);
                    try (GradientScope scope = GradientScope.noGradient()) {
                        for (int i = 0; i < learned.size(); i++) {
                            learned.get(i).subi(Constants.scale(gradients.get(i), 0.05));
                            gradients.get(i).close();
                        }
                    }
                }
            }
            assertThat(last).isLessThan(first / 2);
        }
    }

    @Test
    void an_image_that_is_no_whole_number_of_patches_is_refused() {
        try (NDManager manager = NDManager.newBaseManager();
                Parameters parameters = Parameters.outline(manager)) {
            ClipModel clip = new ClipModel(parameters.root(), config());
            NDArray image = manager.zeros(new Shape(1, 3, 90, 96));
            assertThatThrownBy(() -> clip.vision().forward(image, Mode.INFERENCE))
                    .isInstanceOf(VilamException.class)
                    .hasMessageContaining("multiples of 16");
        }
    }

    /** The counts are those of OpenAI's models. */
    @Test
    void the_presets_have_the_published_sizes() {
        try (NDManager manager = NDManager.newBaseManager();
                Parameters base = Parameters.outline(manager);
                Parameters large = Parameters.outline(manager)) {
            new ClipModel(base.root(), ClipConfig.VIT_B_16);
            new ClipModel(large.root(), ClipConfig.VIT_L_14);
            assertThat(base.count()).isEqualTo(149_620_737);
            assertThat(large.count()).isEqualTo(427_616_513);
        }
    }

    private ClipConfig config() {
        JsonNode c = pack.caseJson().get("config");
        return new ClipConfig(
                new ClipConfig.Text(
                        c.get("vocab_size").asInt(),
                        c.get("text_hidden_size").asInt(),
                        c.get("text_intermediate_size").asInt(),
                        c.get("text_layers").asInt(),
                        c.get("text_heads").asInt(),
                        77,
                        c.get("layer_norm_eps").asDouble()),
                new ClipConfig.Vision(
                        c.get("vision_hidden_size").asInt(),
                        c.get("vision_intermediate_size").asInt(),
                        c.get("vision_layers").asInt(),
                        c.get("vision_heads").asInt(),
                        c.get("image_size").asInt(),
                        c.get("patch_size").asInt(),
                        c.get("layer_norm_eps").asDouble()),
                c.get("projection_dim").asInt());
    }

    private NDArray array(String key, NDManager manager) {
        ParityPack.Tensor tensor = pack.io(key);
        return Constants.of(manager, tensor.floats(), new Shape(tensor.shape()));
    }

    private NDArray ids(NDManager manager) {
        ParityPack.Tensor tensor = pack.io("token_ids");
        long[] ids = new long[tensor.values().length];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = (long) tensor.values()[i];
        }
        return manager.create(ids, new Shape(tensor.shape()));
    }

    private void assertClose(String key, NDArray actual) {
        ParityPack.Tensor expected = pack.io(key);
        assertThat(actual.getShape().getShape()).as(key).isEqualTo(expected.shape());
        JsonNode stated = pack.caseJson().get("tolerance");
        double rtol = stated.get("rtol").asDouble();
        double atol = pack.caseJson()
                .get("tensors")
                .get(key)
                .path("atol")
                .asDouble(stated.get("atol").asDouble());
        float[] values = actual.toFloatArray();
        for (int i = 0; i < values.length; i++) {
            double want = expected.values()[i];
            assertThat((double) values[i]).as("%s[%d]", key, i).isCloseTo(want, within(atol + rtol * Math.abs(want)));
        }
    }
}
