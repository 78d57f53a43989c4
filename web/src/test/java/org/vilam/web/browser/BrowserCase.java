package org.vilam.web.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.Color;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A server, a page, and what all tests do with them. A page that complained of anything fails its test. */
abstract class BrowserCase {
    /** Colours of the first and second object. */
    static final Color FIRST = new Color(0xE6, 0x9F, 0x00);

    static final Color SECOND = new Color(0x56, 0xB4, 0xE9);

    @TempDir
    Path folder;

    CannedServer server;
    Page page;

    /** Complaints that a test is about: part of their text. */
    private String expected = "\0";

    @BeforeEach
    @SuppressWarnings("NullAway.Init") // JUnit fills the folder
    void begin() throws IOException {
        Chromium chromium = Chromium.shared();
        server = new CannedServer(CannedPicture.SHAPES, CannedPicture.PERSON);
        page = new Page(chromium);
        page.open(server.url());
    }

    @AfterEach
    void end() {
        if (page == null) {
            return; // there is no browser
        }
        List<String> complaints = page.complaints();
        page.close();
        server.close();
        assertThat(complaints).filteredOn(c -> !c.contains(expected)).isEmpty();
    }

    void expectComplaint(String part) {
        expected = part;
    }

    /** Opens a picture of the gallery: 0 the shapes, 1 the person. */
    void openFromGallery(int index) {
        String card = ".gallery-card:nth-child(" + (index + 1) + ") img";
        page.awaitElement(card);
        page.click(card);
        awaitPicture();
    }

    void awaitPicture() {
        page.await(
                "the picture",
                () -> !page.eval("document.querySelector('#question').disabled").asBoolean()
                        && page.eval("document.querySelector('#busy').hidden").asBoolean());
    }

    /** Asks and waits for the answer. */
    void ask(String question) {
        int answers = page.count(".answer-head");
        page.click("#question");
        page.type(question);
        page.press("Enter");
        page.await("an answer to " + question, () -> page.count(".answer-head") > answers);
    }

    /** The body of the last question to reach the server. */
    JsonNode lastQuestion() {
        List<CannedServer.Asked> asked = server.asked("POST", "/turns");
        return asked.get(asked.size() - 1).body();
    }

    Path file(CannedPicture picture, String name) throws IOException {
        return Files.write(folder.resolve(name), picture.png());
    }

    /** Where a place of the picture is in the window while the whole picture is shown: in the middle, 24 pixels from the edges. */
    double[] at(CannedPicture picture, double x, double y) {
        double[] stage = page.place("#stage");
        double scale = Math.min((stage[2] - 48) / picture.width(), (stage[3] - 48) / picture.height());
        return new double[] {
            stage[0] + (stage[2] - scale * picture.width()) / 2 + x * scale,
            stage[1] + (stage[3] - scale * picture.height()) / 2 + y * scale
        };
    }

    void click(CannedPicture picture, double x, double y) {
        double[] p = at(picture, x, y);
        page.click(p[0], p[1]);
    }

    void move(CannedPicture picture, double x, double y) {
        double[] p = at(picture, x, y);
        page.move(p[0], p[1]);
    }

    void drag(CannedPicture picture, double fromX, double fromY, double toX, double toY) {
        double[] from = at(picture, fromX, fromY);
        double[] to = at(picture, toX, toY);
        page.drag(from[0], from[1], to[0], to[1]);
    }

    Color pixel(BufferedImage shot, CannedPicture picture, double x, double y) {
        double[] p = at(picture, x, y);
        return new Color(shot.getRGB((int) Math.round(p[0]), (int) Math.round(p[1])));
    }

    /** The smallest rectangle around all pixels of about this colour within the picture's stage, empty where there are none. */
    Rectangle extent(BufferedImage shot, Color colour) {
        double[] stage = page.place("#stage");
        IntPredicate isColour = rgb -> near(new Color(rgb), colour, 12);
        Rectangle found = new Rectangle(0, 0, -1, -1);
        for (int y = (int) stage[1]; y < stage[1] + stage[3]; y++) {
            for (int x = (int) stage[0]; x < stage[0] + stage[2]; x++) {
                if (isColour.test(shot.getRGB(x, y))) {
                    found.add(new Rectangle(x, y, 1, 1));
                }
            }
        }
        return found;
    }

    static boolean near(Color a, Color b, int tolerance) {
        return Math.abs(a.getRed() - b.getRed()) <= tolerance
                && Math.abs(a.getGreen() - b.getGreen()) <= tolerance
                && Math.abs(a.getBlue() - b.getBlue()) <= tolerance;
    }
}
