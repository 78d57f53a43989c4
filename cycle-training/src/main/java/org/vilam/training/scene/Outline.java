package org.vilam.training.scene;

import java.awt.Font;
import java.awt.Shape;
import java.awt.font.FontRenderContext;
import java.awt.geom.AffineTransform;
import java.awt.geom.Area;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/** Outlines of the shapes family, each within the unit square around the origin ({@code -1..1} on its longer axis). */
enum Outline {
    CIRCLE,
    SQUARE,
    RECTANGLE,
    TRIANGLE,
    PENTAGON,
    HEXAGON,
    OCTAGON,
    STAR,
    CROSS,
    DIAMOND,
    OVAL,
    HEART,
    ARROW,
    CRESCENT,
    RING,
    SEMICIRCLE,
    PARALLELOGRAM,
    TRAPEZOID,
    BLOB,
    LETTER,
    DIGIT;

    /** Letters and digits that no rotation or neighbour makes ambiguous. */
    static final String LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ";

    static final String DIGITS = "23456789";

    /**
     * A shape ready to draw.
     *
     * @param noun its category
     * @param kinds further nouns that fit
     * @param shape the outline
     */
    record Figure(String noun, List<String> kinds, Shape shape) {}

    /** One figure of this kind; the random source decides proportions, letters and blob forms. */
    Figure draw(SplittableRandom random) {
        String noun = name().toLowerCase(Locale.ROOT);
        return switch (this) {
            case CIRCLE -> figure(noun, new Ellipse2D.Double(-1, -1, 2, 2));
            case SQUARE -> figure(noun, new Rectangle2D.Double(-0.9, -0.9, 1.8, 1.8));
            case RECTANGLE -> {
                double thin = 0.35 + 0.25 * random.nextDouble();
                yield figure(noun, new Rectangle2D.Double(-1, -thin, 2, 2 * thin));
            }
            case OVAL -> {
                double thin = 0.4 + 0.25 * random.nextDouble();
                yield figure(noun, new Ellipse2D.Double(-1, -thin, 2, 2 * thin));
            }
            case TRIANGLE -> figure(noun, polygon(3, -Math.PI / 2));
            case PENTAGON -> figure(noun, polygon(5, -Math.PI / 2));
            case HEXAGON -> figure(noun, polygon(6, 0));
            case OCTAGON -> figure(noun, polygon(8, Math.PI / 8));
            case STAR -> figure(noun, star(5 + (random.nextInt(4) == 0 ? 1 : 0), 0.38 + 0.1 * random.nextDouble()));
            case CROSS -> {
                double arm = 0.22 + 0.16 * random.nextDouble();
                Area area = new Area(new Rectangle2D.Double(-1, -arm, 2, 2 * arm));
                area.add(new Area(new Rectangle2D.Double(-arm, -1, 2 * arm, 2)));
                yield figure(noun, area);
            }
            case DIAMOND -> figure(noun, path(0, -1, 0.65, 0, 0, 1, -0.65, 0));
            case HEART -> figure(noun, heart());
            case ARROW -> figure(noun, path(-1, -0.25, 0.1, -0.25, 0.1, -0.7, 1, 0, 0.1, 0.7, 0.1, 0.25, -1, 0.25));
            case CRESCENT -> {
                Area area = new Area(new Ellipse2D.Double(-1, -1, 2, 2));
                area.subtract(new Area(new Ellipse2D.Double(-0.45, -0.85, 1.7, 1.7)));
                yield figure(noun, area);
            }
            case RING -> {
                double hole = 0.5 + 0.2 * random.nextDouble();
                Area area = new Area(new Ellipse2D.Double(-1, -1, 2, 2));
                area.subtract(new Area(new Ellipse2D.Double(-hole, -hole, 2 * hole, 2 * hole)));
                yield figure(noun, area);
            }
            case SEMICIRCLE -> {
                Area area = new Area(new Ellipse2D.Double(-1, -0.5, 2, 2));
                area.intersect(new Area(new Rectangle2D.Double(-1, -0.5, 2, 1)));
                yield figure(noun, area);
            }
            case PARALLELOGRAM -> figure(noun, path(-0.5, -0.5, 1, -0.5, 0.5, 0.5, -1, 0.5));
            case TRAPEZOID -> figure(noun, path(-0.5, -0.55, 0.5, -0.55, 1, 0.55, -1, 0.55));
            case BLOB -> figure(noun, blob(random));
            case LETTER -> glyph("letter", LETTERS.charAt(random.nextInt(LETTERS.length())), random);
            case DIGIT -> glyph("digit", DIGITS.charAt(random.nextInt(DIGITS.length())), random);
        };
    }

    /** Largest turn from upright, radians, at which people still give it the same name. */
    double maximumTurn() {
        return switch (this) {
            case CIRCLE, RING, BLOB, STAR, CRESCENT, HEXAGON, OCTAGON, PENTAGON, TRIANGLE, OVAL, RECTANGLE, ARROW ->
                Math.PI;
            case SQUARE, DIAMOND, CROSS -> 0.2;
            default -> 0.35;
        };
    }

    private static Figure figure(String noun, Shape shape) {
        return new Figure(noun, List.of("shape", "object"), shape);
    }

    private static Figure glyph(String kind, char c, SplittableRandom random) {
        Font font = new Font(
                random.nextBoolean() ? Font.SANS_SERIF : Font.SERIF,
                random.nextBoolean() ? Font.BOLD : Font.PLAIN,
                100);
        Shape shape = font.createGlyphVector(new FontRenderContext(null, true, true), String.valueOf(c))
                .getOutline();
        Rectangle2D box = shape.getBounds2D();
        double scale = 2 / Math.max(box.getWidth(), box.getHeight());
        AffineTransform unit = AffineTransform.getScaleInstance(scale, scale);
        unit.translate(-box.getCenterX(), -box.getCenterY());
        return new Figure(kind + " " + c, List.of(kind, "character", "object"), unit.createTransformedShape(shape));
    }

    private static Path2D path(double... xy) {
        Path2D path = new Path2D.Double();
        path.moveTo(xy[0], xy[1]);
        for (int i = 2; i < xy.length; i += 2) {
            path.lineTo(xy[i], xy[i + 1]);
        }
        path.closePath();
        return path;
    }

    private static Path2D polygon(int corners, double start) {
        double[] xy = new double[2 * corners];
        for (int i = 0; i < corners; i++) {
            double angle = start + 2 * Math.PI * i / corners;
            xy[2 * i] = Math.cos(angle);
            xy[2 * i + 1] = Math.sin(angle);
        }
        return path(xy);
    }

    private static Path2D star(int points, double inner) {
        double[] xy = new double[4 * points];
        for (int i = 0; i < 2 * points; i++) {
            double angle = -Math.PI / 2 + Math.PI * i / points;
            double radius = i % 2 == 0 ? 1 : inner;
            xy[2 * i] = radius * Math.cos(angle);
            xy[2 * i + 1] = radius * Math.sin(angle);
        }
        return path(xy);
    }

    private static Path2D heart() {
        Path2D path = new Path2D.Double();
        path.moveTo(0, 0.95);
        path.curveTo(-1.4, 0, -0.95, -1.1, 0, -0.45);
        path.curveTo(0.95, -1.1, 1.4, 0, 0, 0.95);
        path.closePath();
        return path;
    }

    /** A smooth closed curve through jittered radii; about a third have a hole. */
    private static Shape blob(SplittableRandom random) {
        int knots = 6 + random.nextInt(4);
        List<double[]> points = new ArrayList<>();
        for (int i = 0; i < knots; i++) {
            double angle = 2 * Math.PI * i / knots;
            double radius = 0.55 + 0.45 * random.nextDouble();
            points.add(new double[] {radius * Math.cos(angle), radius * Math.sin(angle)});
        }
        Path2D path = new Path2D.Double();
        for (int i = 0; i < knots; i++) {
            double[] p0 = points.get((i + knots - 1) % knots);
            double[] p1 = points.get(i);
            double[] p2 = points.get((i + 1) % knots);
            double[] p3 = points.get((i + 2) % knots);
            if (i == 0) {
                path.moveTo(p1[0], p1[1]);
            }
            // Catmull-Rom segment as a Bezier curve.
            path.curveTo(
                    p1[0] + (p2[0] - p0[0]) / 6,
                    p1[1] + (p2[1] - p0[1]) / 6,
                    p2[0] - (p3[0] - p1[0]) / 6,
                    p2[1] - (p3[1] - p1[1]) / 6,
                    p2[0],
                    p2[1]);
        }
        path.closePath();
        if (random.nextInt(3) > 0) {
            return path;
        }
        Area area = new Area(path);
        double hole = 0.18 + 0.1 * random.nextDouble();
        area.subtract(new Area(new Ellipse2D.Double(-hole, -hole, 2 * hole, 2 * hole)));
        return area;
    }
}
