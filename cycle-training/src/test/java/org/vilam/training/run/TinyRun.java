package org.vilam.training.run;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.vilam.assistant.vilam.VilamConfig;
import org.vilam.assistant.vilam.VilamModel;
import org.vilam.training.sample.Framed;
import org.vilam.training.sample.Framer;
import org.vilam.training.sample.SceneExamples;
import org.vilam.training.scene.Holdout;
import org.vilam.training.text.BpeConfig;
import org.vilam.training.text.BpeTrainer;
import org.vilam.vision.image.ImageProcessor;
import org.vilam.vision.tensor.Parameters;

/** A run so small that a step takes a few hundredths of a second: 32 x 32 pixels, 16 patches, 300 tokens. */
final class TinyRun {
    static final int VOCABULARY = 300;

    static final String YAML = """
            name: tiny
            vocabulary: 300
            model:
              family: vilam-grounding
              encoder: {img_size: 32, patch_size: 8, encoder_embed_dim: 24, encoder_attention_heads: 2, encoder_ffn_embed_dim: 32,
                        encoder_layers: 2, vocab_size: 300, max_source_positions: 16, layernorm_eps: 1.0e-5, drop_path_rate: 0.0,
                        conv_stem: true, stem_words: true}
              heads: {width: 16, heads: 2, decoder_layers: 2, anchors: 2, region_grid: 8, region_width: 8, region_layers: 1,
                      keypoints: 17, region_tokens: 2}
              num_query_tokens: 3
              qformer_config: {vocab_size: 300, hidden_size: 16, num_hidden_layers: 1, num_attention_heads: 2, intermediate_size: 24,
                               max_position_embeddings: 96, layer_norm_eps: 1.0e-6, cross_attention_frequency: 1,
                               encoder_hidden_size: 24}
              text_config: {vocab_size: 300, hidden_size: 24, intermediate_size: 48, num_hidden_layers: 2, num_attention_heads: 2,
                            max_position_embeddings: 256, rms_norm_eps: 1.0e-6, tie_word_embeddings: true}
              max_text: 10
            data:
              families: {shapes: 1.0}
              kinds: {none: 1.5}
              groundings: 2
              tellings: 1
              telling_share: 0.5
              expressions_kept: 1.0
              seed: 7
            steps: 6
            images: 2
            shards: 2
            optimizer: {rate: 1.0e-3, final_rate: 1.0e-5, warmup: 2, weight_decay: 0.05, beta2: 0.98, clip: 1.0, ema: 0.9}
            losses: {attention: 3.0, referent: 8.0, presence: 1.0, words: 2.0, box: 0.4, set: 0.3, refine: 0.4, mask: 0.4,
                     keypoints: 1.0, language: 0.5}
            cycle: {reg_to_rec: 0.0, rec_to_reg: 0.0, boxes: 0, from: 0}
            mixed: false
            evaluate_every: 0
            evaluate_on: 0
            checkpoint_every: 3
            seed: 1
            """;

    private TinyRun() {}

    /** The recipe with lines replaced: {@code "steps: 6", "steps: 9"}. */
    static Recipe recipe(String... replacements) {
        String yaml = YAML;
        for (int i = 0; i < replacements.length; i += 2) {
            if (!yaml.contains(replacements[i])) {
                throw new IllegalArgumentException("the recipe has no " + replacements[i]);
            }
            yaml = yaml.replace(replacements[i], replacements[i + 1]);
        }
        try {
            Path file = Files.createTempFile("tiny", ".yaml");
            try {
                Files.writeString(file, yaml);
                return Recipe.read(file);
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Words to tokens without a tokenizer: a word is a number that depends on its letters. */
    static int[] words(String text) {
        return Arrays.stream(text.strip().split("\\s+"))
                .filter(word -> !word.isEmpty())
                .mapToInt(word -> 4 + Math.floorMod(word.hashCode(), VOCABULARY - 4))
                .toArray();
    }

    static Framer framer(Recipe recipe) {
        return new Framer(
                recipe.model(),
                new ImageProcessor(recipe.preprocessor()),
                TinyRun::words,
                recipe.cycle().boxes());
    }

    /** The framed examples of a recipe's data from a number on. */
    static List<Framed> examples(Recipe recipe, int from, int count) {
        SceneExamples source = new SceneExamples(recipe.data(), Holdout.TRAIN);
        Framer framer = framer(recipe);
        List<Framed> out = new ArrayList<>();
        for (int i = from; i < from + count; i++) {
            out.add(framer.frame(source.get(i), new SplittableRandom(~i)));
        }
        return out;
    }

    /** Puts a small tokenizer where a run of this recipe would otherwise train one from the whole world. */
    static void tokenizer(Path folder) throws IOException {
        Files.createDirectories(folder);
        List<String> sentences = new ArrayList<>();
        SceneExamples source = new SceneExamples(
                new SceneExamples.Mixture(Map.of("shapes", 1.0), Map.of(), 4, 2, 1, 1, 3), Holdout.TRAIN);
        for (int i = 0; i < 20; i++) {
            source.get(i).groundings().forEach(g -> sentences.add(g.expression()));
            source.get(i).tellings().forEach(t -> sentences.add(t.instruction() + " " + t.answer()));
        }
        new BpeTrainer(BpeConfig.of(VOCABULARY, List.of()))
                .addAll(sentences)
                .train()
                .write(folder.resolve("tokenizer.json"));
    }

    /** Weights, model, optimiser and trainer of a recipe. */
    static final class Parts implements AutoCloseable {
        final NDManager manager = NDManager.newBaseManager();
        final Parameters parameters;
        final VilamModel model;
        final Optimizer optimizer;
        final Trainer trainer;

        Parts(Recipe recipe) {
            this(recipe, 2);
        }

        Parts(Recipe recipe, int threads) {
            VilamConfig config = recipe.model();
            parameters = Parameters.initialise(manager, recipe.seed());
            model = new VilamModel(parameters.root(), config);
            parameters.requireGradients(true);
            optimizer = new Optimizer(manager, parameters.trainable(), recipe.optimizer());
            trainer = new Trainer(recipe, model, framer(recipe), optimizer, manager, threads);
        }

        @Override
        public void close() {
            trainer.close();
            optimizer.close();
            parameters.close();
            manager.close();
        }
    }
}
