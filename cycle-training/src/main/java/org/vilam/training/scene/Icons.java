package org.vilam.training.scene;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.weisj.jsvg.SVGDocument;
import com.github.weisj.jsvg.parser.LoaderContext;
import com.github.weisj.jsvg.parser.SVGLoader;
import com.github.weisj.jsvg.view.ViewBox;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Drawings of everyday things in one style, kept as rasters of a few sizes.
 *
 * <p>Two styles ship, both openly licensed (see NOTICE): Noto Emoji for training, Fluent Emoji Flat held out as unseen style.
 * They hold the same nouns.
 */
final class Icons {
    /** Sides of the rasters kept, pixels; a drawing is made from the smallest that is not enlarged, or the largest. */
    private static final int[] SIDES = {40, 80, 160};

    private static final ObjectMapper JSON = new ObjectMapper();

    static final Icons NOTO = read("icons-noto.jsonl");
    static final Icons FLUENT = read("icons-fluent.jsonl");

    /**
     * A noun that can be drawn.
     *
     * @param noun the plain word
     * @param kind the broader word
     */
    record Entry(String noun, String kind, String svg, double viewBox) {}

    private final Map<String, Entry> entries;
    private final List<String> nouns;
    private final Map<String, BufferedImage> rasters = new ConcurrentHashMap<>();
    private final Map<String, Optional<Colour>> colours = new ConcurrentHashMap<>();

    private Icons(Map<String, Entry> entries) {
        this.entries = entries;
        this.nouns = List.copyOf(entries.keySet());
    }

    /** The nouns, in alphabetical order. */
    List<String> nouns() {
        return nouns;
    }

    /** The broader word of a noun. */
    String kind(String noun) {
        return entry(noun).kind();
    }

    /** The drawing at least {@code side} pixels large where such a raster is kept; its pixels are not to be written. */
    BufferedImage raster(String noun, double side) {
        int size = SIDES[SIDES.length - 1];
        for (int i = SIDES.length - 1; i >= 0 && SIDES[i] >= side; i--) {
            size = SIDES[i];
        }
        int wanted = size;
        return rasters.computeIfAbsent(noun + "@" + size, key -> render(entry(noun), wanted));
    }

    /** The colour that two thirds of a drawing have, if there is one and it can be named without argument. */
    Optional<Colour> colour(String noun) {
        return colours.computeIfAbsent(noun, key -> dominant(raster(key, 80)));
    }

    private static Optional<Colour> dominant(BufferedImage drawing) {
        Map<Colour, Integer> votes = new EnumMap<>(Colour.class);
        int total = 0;
        for (int y = 0; y < drawing.getHeight(); y++) {
            for (int x = 0; x < drawing.getWidth(); x++) {
                int p = drawing.getRGB(x, y);
                if (p >>> 24 >= 128) {
                    total++;
                    Colour.named(p).ifPresent(c -> votes.merge(c, 1, Integer::sum));
                }
            }
        }
        for (Map.Entry<Colour, Integer> vote : votes.entrySet()) {
            if (3 * vote.getValue() >= 2 * total) {
                return Optional.of(vote.getKey());
            }
        }
        return Optional.empty();
    }

    private Entry entry(String noun) {
        Entry entry = entries.get(noun);
        if (entry == null) {
            throw new IllegalArgumentException("no drawing of " + noun);
        }
        return entry;
    }

    private static BufferedImage render(Entry entry, int size) {
        SVGDocument document = load(entry);
        if (document == null) {
            throw new IllegalStateException("the drawing of " + entry.noun() + " is not valid SVG");
        }
        BufferedImage image = new BufferedImage(size, size, BufferedImage.TYPE_INT_ARGB);
        Graphics2D g = image.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        document.render((java.awt.Component) null, g, new ViewBox(0, 0, size, size));
        g.dispose();
        return image;
    }

    private static @Nullable SVGDocument load(Entry entry) {
        String text =
                "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" viewBox=\"0 0 "
                        + entry.viewBox() + " " + entry.viewBox() + "\">" + entry.svg() + "</svg>";
        return new SVGLoader()
                .load(
                        new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)),
                        null,
                        LoaderContext.createDefault());
    }

    private static Icons read(String file) {
        Map<String, Entry> entries = new TreeMap<>();
        try (InputStream in = Icons.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException("missing resource " + file);
            }
            BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
            for (String line : new ArrayList<>(lines.lines().toList())) {
                JsonNode node = JSON.readTree(line);
                entries.put(
                        node.get("noun").asText(),
                        new Entry(
                                node.get("noun").asText(),
                                node.get("kind").asText(),
                                node.get("body").asText(),
                                node.get("viewBox").asDouble()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Icons(Collections.unmodifiableMap(entries));
    }
}
