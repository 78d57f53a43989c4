package org.vilam.web.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Light and dark, wide and narrow, coarse and fine screens. */
final class LooksTest extends BrowserCase {
    private static final String SURFACE = "getComputedStyle(document.querySelector('.topbar')).backgroundColor";

    @Test
    void dark_follows_the_system() {
        page.prefer("light");
        Color light = corner();
        page.prefer("dark");
        Color dark = corner();
        assertThat(light.getGreen()).isGreaterThan(220);
        assertThat(dark.getGreen()).isLessThan(60);
    }

    @Test
    void a_chosen_theme_wins_over_the_system_and_is_remembered() {
        page.prefer("light");
        page.click("#theme"); // light
        page.click("#theme"); // dark
        String dark = page.eval(SURFACE).asText();
        assertThat(dark).isEqualTo("rgb(24, 30, 33)");
        page.open(server.url());
        assertThat(page.eval(SURFACE).asText()).isEqualTo(dark);
        page.click("#theme"); // as the system
        assertThat(page.eval(SURFACE).asText()).isEqualTo("rgb(255, 255, 255)");
        assertThat(page.eval("localStorage.getItem('vilam.theme')").isNull()).isTrue();
    }

    /** Every pair of colours that the style sheets put on one another, as WCAG 2.2 measures contrast. */
    @Test
    void words_can_be_read_in_both_themes() {
        List<String[]> words = List.of(
                pair("--text", "--surface"),
                pair("--text", "--surface-raised"),
                pair("--text", "--surface-pressed"),
                pair("--text", "--ground"),
                pair("--text", "--accent-ground"),
                pair("--text", "--bad-ground"),
                pair("--text-quiet", "--surface"),
                pair("--text-quiet", "--surface-raised"),
                pair("--text-quiet", "--surface-pressed"),
                pair("--text-quiet", "--ground"),
                pair("--text-quiet", "--bad-ground"),
                pair("--accent", "--surface"),
                pair("--accent", "--surface-raised"),
                pair("--accent", "--accent-ground"),
                pair("--accent", "--bad-ground"),
                pair("--on-accent", "--accent"),
                pair("--warn", "--warn-ground"),
                pair("--warn", "--surface-raised"),
                pair("--good", "--surface-raised"),
                pair("--bad", "--bad-ground"),
                pair("--on-bad", "--bad"));
        List<String[]> edges = List.of(
                pair("--line-strong", "--surface"),
                pair("--line-strong", "--surface-raised"),
                pair("--focus", "--surface"));
        for (String theme : List.of("light", "dark")) {
            page.prefer(theme);
            words.forEach(pair -> assertThat(contrast(pair))
                    .as(theme + " " + String.join(" on ", pair))
                    .isGreaterThan(4.5));
            edges.forEach(pair -> assertThat(contrast(pair))
                    .as(theme + " " + String.join(" on ", pair))
                    .isGreaterThan(3));
        }
    }

    @Test
    void a_tablet_shows_everything_without_scrolling_sideways() {
        page.size(768, 1024, 2);
        openFromGallery(0);
        ask("the red rectangle");
        assertThat(page.eval("document.documentElement.scrollWidth <= innerWidth")
                        .asBoolean())
                .isTrue();
        for (String part : List.of("#stage", "#toolbar", "#model-banner", "#question", ".send", ".answer-text")) {
            double[] r = page.place(part);
            assertThat(r[0]).as(part).isGreaterThanOrEqualTo(0);
            assertThat(r[0] + r[2]).as(part).isLessThanOrEqualTo(768);
            assertThat(r[1] + r[3]).as(part).isLessThanOrEqualTo(1024);
        }
    }

    @Test
    void a_fine_screen_gets_fine_lines() {
        page.size(Page.WIDTH, Page.HEIGHT, 2);
        openFromGallery(0);
        ask("the red rectangle");
        page.screenshot(); // a frame, with which the page hears of its screen
        JsonNode sizes = page.eval("(() => { const c = document.querySelector('#stage-marks');"
                + " return [c.width / c.clientWidth, c.height / c.clientHeight]; })()");
        assertThat(sizes.get(0).asDouble()).isEqualTo(2);
        assertThat(sizes.get(1).asDouble()).isEqualTo(2);
    }

    @Test
    void the_wheel_zooms_where_the_pointer_is_and_0_shows_the_whole_again() {
        openFromGallery(0);
        double[] corner = at(CannedPicture.SHAPES, 80, 120);
        page.wheel(corner[0], corner[1], -600);
        page.await("the zoom", () -> !page.text(".status-zoom").equals("115 %"));
        // The corner of the red rectangle has stayed under the pointer.
        BufferedImage shot = page.screenshot();
        assertThat(isRed(shot, corner[0] + 5, corner[1] + 5)).isTrue();
        assertThat(isRed(shot, corner[0] - 5, corner[1] - 5)).isFalse();
        page.press("F6");
        page.press("0");
        page.awaitText(".status-zoom", "115 %");
    }

    @Test
    void the_status_line_tells_place_and_colour() {
        openFromGallery(0);
        move(CannedPicture.SHAPES, 160.5, 200.5);
        page.awaitText("#statusbar", "160, 200 · rgb 200, 30, 40");
    }

    @Test
    void grey_values_are_inverted_and_put_back() {
        openFromGallery(0);
        page.press("F6");
        page.press("i");
        page.awaitText("#statusbar", "inverted");
        assertThat(pixel(page.screenshot(), CannedPicture.SHAPES, 160, 200))
                .matches(c -> near(c, new Color(55, 225, 215), 2));
        page.press("r");
        assertThat(pixel(page.screenshot(), CannedPicture.SHAPES, 160, 200)).isEqualTo(CannedPicture.RED);
    }

    @Test
    void the_right_button_sets_the_window() {
        openFromGallery(0);
        double[] p = at(CannedPicture.SHAPES, 300, 250);
        page.dragRight(p[0], p[1], p[0] - 155, p[1]);
        // 255 - 155 grey values wide around 127.5: red 200 is beyond the upper end, green 30 below the lower one.
        page.awaitText("#statusbar", "W 100 L 128");
        assertThat(pixel(page.screenshot(), CannedPicture.SHAPES, 160, 200)).isEqualTo(new Color(255, 0, 0));
    }

    @Test
    void marks_are_put_away_and_the_rest_is_darkened() {
        openFromGallery(0);
        ask("the red rectangle");
        page.press("F6");
        page.press("d");
        BufferedImage dim = page.screenshot();
        assertThat(pixel(dim, CannedPicture.SHAPES, 20, 20).getRed()).isLessThan(120);
        assertThat(pixel(dim, CannedPicture.SHAPES, 160, 200).getRed()).isGreaterThan(180);
        page.press("d");
        page.press("o");
        assertThat(extent(page.screenshot(), FIRST).isEmpty()).isTrue();
    }

    private Color corner() {
        return new Color(page.screenshot().getRGB(600, 10));
    }

    private static boolean isRed(BufferedImage shot, double x, double y) {
        return near(new Color(shot.getRGB((int) x, (int) y)), CannedPicture.RED, 6);
    }

    private static String[] pair(String ink, String ground) {
        return new String[] {ink, ground};
    }

    private double contrast(String[] pair) {
        double a = luminance(pair[0]);
        double b = luminance(pair[1]);
        return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    }

    private double luminance(String token) {
        String rgb = page.eval("(() => { const e = document.createElement('i'); e.style.color = 'var(" + token + ")';"
                        + " document.body.append(e); const c = getComputedStyle(e).color; e.remove(); return c; })()")
                .asText();
        String[] parts = rgb.replaceAll("[^0-9,]", "").split(",", -1);
        return 0.2126 * linear(parts[0]) + 0.7152 * linear(parts[1]) + 0.0722 * linear(parts[2]);
    }

    private static double linear(String part) {
        double c = Integer.parseInt(part) / 255.0;
        return c <= 0.04045 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4);
    }
}
