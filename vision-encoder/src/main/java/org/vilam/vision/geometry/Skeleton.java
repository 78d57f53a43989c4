package org.vilam.vision.geometry;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/**
 * The keypoints of one kind of object: their names and order, which are joined, which change places in a mirror, and
 * how exactly people mark them.
 *
 * @param names one for each keypoint, all different
 * @param edges the lines to draw between keypoints
 * @param mirror for each keypoint the index of its counterpart on the other side, its own where it lies in the middle
 * @param sigmas for each keypoint the standard deviation of COCO's object keypoint similarity, as a part of the
 *     object's scale, over 0
 */
public record Skeleton(List<String> names, List<Edge> edges, List<Integer> mirror, List<Double> sigmas) {
    /**
     * A line between two keypoints.
     *
     * @param from index of one end, from 0 (COCO's files count from 1)
     * @param to index of the other end
     */
    public record Edge(int from, int to) {}

    /**
     * COCO's 17 keypoints of a person, left and right being the person's own. Edges as in
     * {@code person_keypoints_train2017.json}, sigmas as in pycocotools {@code cocoeval.py}.
     */
    public static final Skeleton COCO_PERSON = of(
            List.of(
                    "nose",
                    "left_eye",
                    "right_eye",
                    "left_ear",
                    "right_ear",
                    "left_shoulder",
                    "right_shoulder",
                    "left_elbow",
                    "right_elbow",
                    "left_wrist",
                    "right_wrist",
                    "left_hip",
                    "right_hip",
                    "left_knee",
                    "right_knee",
                    "left_ankle",
                    "right_ankle"),
            new int[][] {
                {15, 13}, {13, 11}, {16, 14}, {14, 12}, {11, 12}, {5, 11}, {6, 12}, {5, 6}, {5, 7}, {6, 8}, {7, 9},
                {8, 10}, {1, 2}, {0, 1}, {0, 2}, {1, 3}, {2, 4}, {3, 5}, {4, 6}
            },
            new double[] {.26, .25, .25, .35, .35, .79, .79, .72, .72, .62, .62, 1.07, 1.07, .87, .87, .89, .89});

    /** Checks that the lists fit together. */
    public Skeleton {
        names = List.copyOf(names);
        edges = List.copyOf(edges);
        mirror = List.copyOf(mirror);
        sigmas = List.copyOf(sigmas);
        int n = names.size();
        if (mirror.size() != n || sigmas.size() != n || new HashSet<>(names).size() != n) {
            throw new IllegalArgumentException("a skeleton of " + n + " names needs as many different names, mirror "
                    + "places and sigmas, got " + names + ", " + mirror + ", " + sigmas);
        }
        for (int i = 0; i < n; i++) {
            int other = mirror.get(i);
            if (other < 0 || other >= n || mirror.get(other) != i) {
                throw new IllegalArgumentException("the mirror place of " + names.get(i) + " is " + other);
            }
            if (!(sigmas.get(i) > 0)) {
                throw new IllegalArgumentException("the sigma of " + names.get(i) + " is " + sigmas.get(i));
            }
        }
        for (Edge edge : edges) {
            if (Math.min(edge.from(), edge.to()) < 0 || Math.max(edge.from(), edge.to()) >= n) {
                throw new IllegalArgumentException("a skeleton of " + n + " keypoints has the edge " + edge);
            }
        }
    }

    /** Number of keypoints. */
    public int size() {
        return names.size();
    }

    /**
     * Names {@code left_...} and {@code right_...} are each other's mirror; sigmas in tenths, as pycocotools writes
     * them.
     */
    private static Skeleton of(List<String> names, int[][] edges, double[] sigmasInTenths) {
        List<Edge> joined = new ArrayList<>();
        for (int[] edge : edges) {
            joined.add(new Edge(edge[0], edge[1]));
        }
        List<Integer> mirror = new ArrayList<>();
        List<Double> sigmas = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            String other = name.startsWith("left_")
                    ? "right_" + name.substring("left_".length())
                    : name.startsWith("right_") ? "left_" + name.substring("right_".length()) : name;
            mirror.add(names.indexOf(other));
            sigmas.add(sigmasInTenths[i] / 10.0);
        }
        return new Skeleton(names, joined, mirror, sigmas);
    }
}
