package org.vilam.training;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.vilam.training.run.Recipe;
import org.vilam.training.text.BpeConfig;
import org.vilam.training.text.BpeTrainer;

/** Runs of seconds: two-layer networks, a tokenizer of a few sentences. */
public final class TinyRuns {
    private TinyRuns() {}

    /** The text of the recipe. */
    public static String yaml() {
        try (InputStream in = Objects.requireNonNull(TinyRuns.class.getResourceAsStream("tiny.yaml"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The recipe with some of its text replaced, as a file. */
    public static Path recipe(Path folder, String... replacements) throws IOException {
        String text = yaml();
        for (int i = 0; i < replacements.length; i += 2) {
            if (!text.contains(replacements[i])) {
                throw new IllegalArgumentException("the recipe does not say " + replacements[i]);
            }
            text = text.replace(replacements[i], replacements[i + 1]);
        }
        Files.createDirectories(folder);
        return Files.writeString(folder.resolve("tiny-" + Integer.toHexString(text.hashCode()) + ".yaml"), text);
    }

    /** The recipe with some of its text replaced. */
    public static Recipe read(Path folder, String... replacements) throws IOException {
        return Recipe.read(recipe(folder, replacements));
    }

    /** The folder of a run yet to begin, with a tokenizer so that the run need not train one. */
    public static Path folder(Path folder) throws IOException {
        Files.createDirectories(folder);
        BpeTrainer trainer = new BpeTrainer(BpeConfig.of(400, List.of()));
        trainer.addAll(List.of(
                "the red circle left of the star",
                "the person in the blue shirt",
                "all green squares",
                " describe the object at [10, 20, 300, 400]",
                " what is at [567, 89, 1000, 1000]?"));
        trainer.train().write(folder.resolve("tokenizer.json"));
        return folder;
    }
}
