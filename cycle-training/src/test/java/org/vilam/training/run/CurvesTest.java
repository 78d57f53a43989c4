package org.vilam.training.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CurvesTest {
    @TempDir
    private Path folder;

    private Path metrics(String... lines) throws IOException {
        return Files.writeString(folder.resolve("metrics.jsonl"), String.join("\n", lines) + "\n");
    }

    @Test
    void losses_and_the_scores_of_each_family_are_drawn() throws IOException {
        Curves.draw(
                metrics(
                        "{\"step\":10,\"loss\":5.0,\"box\":2.0,\"norm\":3.0,\"rate\":0.001}",
                        "{\"step\":20,\"loss\":4.0,\"box\":1.0,\"norm\":3.0,\"rate\":0.001}",
                        "{\"step\":20,\"eval\":{\"shapes/seed/rec acc@0.5\":0.5,\"things/seed/sets f1@0.5\":0.25}}"),
                folder);
        BufferedImage losses = ImageIO.read(folder.resolve("losses.png").toFile());
        assertThat(colours(losses)).isGreaterThan(3);
        assertThat(ImageIO.read(folder.resolve("scores-shapes.png").toFile())).isNotNull();
        assertThat(ImageIO.read(folder.resolve("scores-things.png").toFile())).isNotNull();
        assertThat(folder.resolve("scores-people.png")).doesNotExist();
    }

    @Test
    void a_line_that_was_cut_off_and_a_loss_of_zero_or_none_do_no_harm() throws IOException {
        Curves.draw(
                metrics(
                        "{\"step\":10,\"loss\":5.0}",
                        "{\"step\":20,\"lo",
                        "",
                        "{\"step\":30,\"loss\":0.0,\"box\":\"NaN\"}"),
                folder);
        assertThat(folder.resolve("losses.png")).exists();
    }

    @Test
    void steps_that_were_done_twice_are_drawn_as_those_that_were_kept() throws IOException {
        Path twice = metrics("{\"step\":10,\"loss\":5.0}", "{\"step\":20,\"loss\":9.0}", "{\"step\":20,\"loss\":4.0}");
        Curves.draw(twice, folder);
        byte[] drawn = Files.readAllBytes(folder.resolve("losses.png"));
        Curves.draw(metrics("{\"step\":10,\"loss\":5.0}", "{\"step\":20,\"loss\":4.0}"), folder);
        assertThat(folder.resolve("losses.png")).hasBinaryContent(drawn);
    }

    @Test
    void a_run_without_lines_draws_nothing() throws IOException {
        Curves.draw(folder.resolve("metrics.jsonl"), folder);
        assertThat(folder.resolve("losses.png")).doesNotExist();
    }

    private static long colours(BufferedImage image) {
        return image.getRaster().getNumBands() == 0
                ? 0
                : java.util.stream.IntStream.range(0, image.getWidth() * image.getHeight())
                        .map(i -> image.getRGB(i % image.getWidth(), i / image.getWidth()))
                        .distinct()
                        .count();
    }
}
