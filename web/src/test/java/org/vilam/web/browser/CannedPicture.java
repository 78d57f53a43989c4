package org.vilam.web.browser;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import javax.imageio.ImageIO;
import org.vilam.grounding.result.FoundObject.NamedPoint;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.geometry.Point;
import org.vilam.vision.geometry.Polygon;
import org.vilam.vision.geometry.Skeleton;
import org.vilam.vision.geometry.Visibility;

/**
 * A picture drawn for the tests, with what the server is to find on it.
 *
 * @param title its name in the gallery
 * @param png the file
 * @param things what is on it
 * @param suggestions what the gallery proposes to ask
 */
@SuppressWarnings("ArrayRecordComponent") // pictures are compared by their id alone
record CannedPicture(String title, int width, int height, byte[] png, List<Thing> things, List<String> suggestions) {
    static final Color RED = new Color(200, 30, 40);
    static final Box RED_BOX = new Box(80, 120, 240, 300);
    static final Box LEFT_TRIANGLE = new Box(300, 330, 400, 430);
    static final Box RIGHT_TRIANGLE = new Box(480, 330, 580, 430);

    /** A red rectangle, a ring, and two green triangles that can be confused. */
    static final CannedPicture SHAPES = shapes();

    /** A stick figure with COCO's keypoints, one of them covered and one absent. */
    static final CannedPicture PERSON = person();

    /**
     * A thing on a picture.
     *
     * @param label what it is called; a question that has this word means it
     * @param phrase words that fit it alone
     */
    record Thing(String label, String phrase, Box box, List<Polygon> polygons, List<NamedPoint> keypoints) {}

    /** The name that the server gives the picture. */
    String id() {
        return sha256(png);
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A picture of many small things, to see how the page bears them. */
    static CannedPicture crowd(int width, int height, int count) {
        int columns = (int) Math.ceil(Math.sqrt((double) count * width / height));
        double step = (double) width / columns;
        List<Thing> things = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            double cx = (i % columns + 0.5) * step;
            int row = i / columns;
            double cy = (row + 0.5) * step;
            Polygon outline = circle(cx, cy, step * 0.4, 24);
            things.add(new Thing(
                    "cell", "the cell number " + (i + 1), outline.boundingBox(), List.of(outline), List.of()));
        }
        byte[] png = draw(width, height, new Color(236, 228, 234), g -> {
            g.setColor(new Color(120, 80, 150));
            for (Thing thing : things) {
                fill(g, thing.polygons().get(0));
            }
        });
        return new CannedPicture("Crowd", width, height, png, things, List.of("all cells"));
    }

    private static CannedPicture shapes() {
        Polygon ring = new Polygon(
                circle(450, 150, 90, 48).exterior(),
                List.of(circle(450, 150, 45, 36).exterior()));
        List<Thing> things = List.of(
                new Thing(
                        "red rectangle",
                        "the red rectangle on the left",
                        RED_BOX,
                        List.of(Polygon.of(RED_BOX)),
                        List.of()),
                new Thing("ring", "the purple ring", ring.boundingBox(), List.of(ring), List.of()),
                new Thing(
                        "triangle",
                        "the left green triangle",
                        LEFT_TRIANGLE,
                        List.of(triangle(LEFT_TRIANGLE)),
                        List.of()),
                new Thing(
                        "triangle",
                        "the right green triangle",
                        RIGHT_TRIANGLE,
                        List.of(triangle(RIGHT_TRIANGLE)),
                        List.of()));
        byte[] png = draw(640, 480, new Color(243, 240, 232), g -> {
            g.setColor(RED);
            g.fillRect(80, 120, 160, 180);
            g.setColor(new Color(110, 80, 160));
            fill(g, new Polygon(ring.exterior(), List.of()));
            g.setColor(new Color(243, 240, 232));
            fill(g, new Polygon(ring.holes().get(0), List.of()));
            g.setColor(new Color(40, 130, 80));
            fill(g, triangle(LEFT_TRIANGLE));
            fill(g, triangle(RIGHT_TRIANGLE));
        });
        return new CannedPicture(
                "Four shapes", 640, 480, png, things, List.of("the red rectangle", "segment the ring", "the triangle"));
    }

    private static CannedPicture person() {
        double[][] places = {
            {240, 110},
            {252, 98},
            {228, 98},
            {264, 106},
            {216, 106},
            {290, 190},
            {190, 190},
            {320, 270},
            {160, 270},
            {330, 345},
            {150, 345},
            {270, 350},
            {210, 350},
            {275, 460},
            {205, 460},
            {280, 560},
            {200, 560}
        };
        List<NamedPoint> points = new ArrayList<>();
        List<String> names = Skeleton.COCO_PERSON.names();
        for (int i = 0; i < names.size(); i++) {
            Visibility visibility = i == 3 ? Visibility.ABSENT : i == 10 ? Visibility.OCCLUDED : Visibility.VISIBLE;
            boolean absent = visibility == Visibility.ABSENT;
            points.add(new NamedPoint(
                    names.get(i),
                    absent ? null : places[i][0],
                    absent ? null : places[i][1],
                    visibility,
                    absent ? 0 : 0.9));
        }
        Thing thing = new Thing("person", "the person in the middle", new Box(130, 60, 350, 590), List.of(), points);
        byte[] png = draw(480, 640, new Color(226, 233, 238), g -> {
            g.setColor(new Color(70, 90, 110));
            g.setStroke(new BasicStroke(26, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
            for (Skeleton.Edge edge : Skeleton.COCO_PERSON.edges()) {
                double[] a = places[edge.from()];
                double[] b = places[edge.to()];
                g.drawLine((int) a[0], (int) a[1], (int) b[0], (int) b[1]);
            }
            g.setColor(new Color(224, 188, 160));
            g.fillOval(195, 60, 90, 100);
        });
        return new CannedPicture("A person", 480, 640, png, List.of(thing), List.of("the pose of the person"));
    }

    static byte[] draw(int width, int height, Color ground, Consumer<Graphics2D> painter) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setColor(ground);
        g.fillRect(0, 0, width, height);
        painter.accept(g);
        g.dispose();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static Polygon triangle(Box b) {
        return Polygon.ofFlat((b.x1() + b.x2()) / 2, b.y1(), b.x2(), b.y2(), b.x1(), b.y2());
    }

    private static Polygon circle(double cx, double cy, double r, int corners) {
        List<Point> ring = new ArrayList<>();
        for (int i = 0; i < corners; i++) {
            double angle = 2 * Math.PI * i / corners;
            ring.add(new Point(cx + r * Math.cos(angle), cy + r * Math.sin(angle)));
        }
        return Polygon.of(ring);
    }

    private static void fill(Graphics2D g, Polygon polygon) {
        int[] x = polygon.exterior().stream()
                .mapToInt(p -> (int) Math.round(p.x()))
                .toArray();
        int[] y = polygon.exterior().stream()
                .mapToInt(p -> (int) Math.round(p.y()))
                .toArray();
        g.fillPolygon(x, y, x.length);
    }
}
