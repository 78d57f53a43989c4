package org.vilam.training.scene;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** Drawings of everyday things, turned, mirrored and now and then recoloured, several of a kind in one picture. */
final class ThingsFamily implements SceneFamily {
    /** Colours a drawing can be tinted with: those that have a hue. */
    static final List<Colour> TINTS = List.of(
            Colour.RED,
            Colour.ORANGE,
            Colour.YELLOW,
            Colour.GREEN,
            Colour.CYAN,
            Colour.BLUE,
            Colour.PURPLE,
            Colour.PINK);

    private final Icons icons;

    /** The style used for training. */
    ThingsFamily() {
        this(Icons.NOTO);
    }

    ThingsFamily(Icons icons) {
        this.icons = icons;
    }

    @Override
    public String name() {
        return "things";
    }

    @Override
    public Scene draw(SplittableRandom random, Holdout holdout) {
        Easel easel = Canvases.blank(random);
        int ground = Backdrop.paint(easel, random);
        double side = Math.min(easel.width(), easel.height());
        int wanted = 1 + random.nextInt(8);
        String shared = pick(random);
        int same = random.nextInt(3);
        // Where all things are in one colour each, what is not red can be asked for.
        boolean colourful = random.nextInt(4) == 0;
        List<double[]> placed = new ArrayList<>();
        for (int i = 0; i < wanted; i++) {
            String noun = random.nextInt(4) < same ? shared : pick(random);
            double radius = side
                    * (random.nextInt(3) == 0 ? 0.18 + 0.12 * random.nextDouble() : 0.08 + 0.1 * random.nextDouble());
            radius = Math.max(radius, 9);
            double[] spot = Canvases.spot(easel, radius, placed, random, random.nextInt(6) == 0 ? 0.35 : 0.02);
            if (spot.length == 0) {
                continue;
            }
            if (add(easel, noun, colourful || random.nextInt(5) == 0, ground, spot, radius, holdout, random)) {
                placed.add(new double[] {spot[0], spot[1], radius});
            }
        }
        return Effects.finish(easel, name(), random);
    }

    /**
     * Draws one thing.
     *
     * @param tinted in shades of one colour, any
     * @param ground mean colour of the backdrop; nothing is tinted so that it would vanish before it
     * @return false where it must not be drawn
     */
    boolean add(
            Easel easel,
            String noun,
            boolean tinted,
            int ground,
            double[] spot,
            double radius,
            Holdout holdout,
            SplittableRandom random) {
        BufferedImage drawing = icons.raster(noun, 2 * radius);
        Optional<Colour> colour = tinted ? Optional.of(TINTS.get(random.nextInt(TINTS.size()))) : icons.colour(noun);
        if (colour.isPresent() && holdout.excludes(colour.get().word(), noun)) {
            return false;
        }
        BufferedImage painted = drawing;
        if (tinted && colour.isPresent()) {
            Color shade = colour.get().shade(random);
            if (Colour.contrast(shade.getRGB(), ground) < 0.28) {
                return false;
            }
            painted = tinted(drawing, shade);
        }
        easel.add(sketch(noun, painted, colour, spot, radius, random));
        return true;
    }

    /** Any noun. */
    String pick(SplittableRandom random) {
        return icons.nouns().get(random.nextInt(icons.nouns().size()));
    }

    private Sketch sketch(
            String noun,
            BufferedImage drawing,
            Optional<Colour> colour,
            double[] spot,
            double radius,
            SplittableRandom random) {
        double scale = 2 * radius / drawing.getWidth();
        AffineTransform place = AffineTransform.getTranslateInstance(spot[0], spot[1]);
        if (random.nextInt(3) == 0) {
            place.rotate(0.45 * (2 * random.nextDouble() - 1));
        }
        place.scale(random.nextInt(2) == 0 ? -scale : scale, scale);
        place.translate(-drawing.getWidth() / 2.0, -drawing.getHeight() / 2.0);
        Map<String, String> attributes = new HashMap<>();
        colour.ifPresent(c -> attributes.put("colour", c.word()));
        Set<String> kinds = new LinkedHashSet<>(List.of(noun, "object"));
        kinds.addAll(Nouns.broader(noun));
        if (!icons.kind(noun).equals("thing")) {
            kinds.add(icons.kind(noun));
        }
        int reach = (int) Math.ceil(radius * 1.45) + 2;
        Rectangle bounds = new Rectangle((int) spot[0] - reach, (int) spot[1] - reach, 2 * reach, 2 * reach);
        Consumer<Graphics2D> paint = g -> g.drawImage(drawing, place, null);
        return new Sketch(noun, kinds, attributes, bounds, 0, List.of(), paint);
    }

    /** The same drawing in shades of one colour: lightness kept, hue and saturation replaced. */
    private static BufferedImage tinted(BufferedImage drawing, Color shade) {
        float[] hsb = Color.RGBtoHSB(shade.getRed(), shade.getGreen(), shade.getBlue(), null);
        int[] byLight = new int[256];
        for (int v = 0; v < 256; v++) {
            double light = v / 255.0;
            double brightness = hsb[2] * (0.45 + 0.55 * light);
            double saturation = hsb[1] * (light > 0.8 ? 1 - 1.8 * (light - 0.8) : 1);
            byLight[v] = Color.HSBtoRGB(hsb[0], (float) saturation, (float) brightness) & 0xFFFFFF;
        }
        int side = drawing.getWidth();
        int[] argb = drawing.getRGB(0, 0, side, side, null, 0, side);
        for (int i = 0; i < argb.length; i++) {
            int p = argb[i];
            int light = (3 * (p >> 16 & 0xFF) + 6 * (p >> 8 & 0xFF) + (p & 0xFF) + 5) / 10;
            argb[i] = (p & 0xFF000000) | byLight[light];
        }
        BufferedImage out = new BufferedImage(side, side, BufferedImage.TYPE_INT_ARGB);
        out.setRGB(0, 0, side, side, argb, 0, side);
        return out;
    }
}
