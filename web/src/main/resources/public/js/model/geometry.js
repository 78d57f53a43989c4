/** Boxes, rings and polygons in image pixels. Pure functions. */

/** @import {Box, Point, Polygon, Ring} from '../types.js' */

/**
 * The box with two given opposite corners, inside an image and at least one pixel wide and high.
 *
 * @param {number} ax
 * @param {number} ay
 * @param {number} bx
 * @param {number} by
 * @param {number} width of the image
 * @param {number} height of the image
 * @returns {Box}
 */
export function boxBetween(ax, ay, bx, by, width, height) {
  const x1 = clamp(Math.min(ax, bx), 0, width - 1);
  const y1 = clamp(Math.min(ay, by), 0, height - 1);
  const x2 = clamp(Math.max(ax, bx), x1 + 1, width);
  const y2 = clamp(Math.max(ay, by), y1 + 1, height);
  return [x1, y1, x2, y2];
}

/**
 * @param {number} value
 * @param {number} low
 * @param {number} high
 */
export function clamp(value, low, high) {
  return Math.min(Math.max(value, low), high);
}

/** @param {number} value to the two decimals that the server keeps */
export function round2(value) {
  return Math.round(value * 100) / 100;
}

/** @param {Box} box */
export function boxArea([x1, y1, x2, y2]) {
  return Math.max(0, x2 - x1) * Math.max(0, y2 - y1);
}

/**
 * @param {Box} a
 * @param {Box} b
 */
export function boxesOverlap(a, b) {
  return a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];
}

/**
 * @param {Box} box
 * @param {number} x
 * @param {number} y
 * @param {number} [margin]
 */
export function boxContains([x1, y1, x2, y2], x, y, margin = 0) {
  return x >= x1 - margin && x < x2 + margin && y >= y1 - margin && y < y2 + margin;
}

/**
 * Intersection over union.
 *
 * @param {Box} a
 * @param {Box} b
 */
export function iou(a, b) {
  const shared = boxArea([Math.max(a[0], b[0]), Math.max(a[1], b[1]), Math.min(a[2], b[2]), Math.min(a[3], b[3])]);
  const union = boxArea(a) + boxArea(b) - shared;
  return union > 0 ? shared / union : 0;
}

/**
 * The shoelace formula, without sign.
 *
 * @param {Ring} ring
 */
export function ringArea(ring) {
  let twice = 0;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    twice += ring[j][0] * ring[i][1] - ring[i][0] * ring[j][1];
  }
  return Math.abs(twice) / 2;
}

/** @param {Polygon[]} polygons */
export function polygonsArea(polygons) {
  let area = 0;
  for (const { exterior, holes } of polygons) {
    area += ringArea(exterior);
    for (const hole of holes ?? []) area -= ringArea(hole);
  }
  return area;
}

/**
 * Even-odd rule.
 *
 * @param {Ring} ring
 * @param {number} x
 * @param {number} y
 */
export function ringContains(ring, x, y) {
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [xi, yi] = ring[i];
    const [xj, yj] = ring[j];
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
  }
  return inside;
}

/**
 * @param {Polygon[]} polygons
 * @param {number} x
 * @param {number} y
 */
export function polygonsContain(polygons, x, y) {
  return polygons.some(
    ({ exterior, holes }) => ringContains(exterior, x, y) && !(holes ?? []).some((hole) => ringContains(hole, x, y)),
  );
}

/**
 * @param {Ring} ring
 * @returns {Box}
 */
export function ringBounds(ring) {
  /** @type {Box} */
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of ring) {
    box[0] = Math.min(box[0], x);
    box[1] = Math.min(box[1], y);
    box[2] = Math.max(box[2], x);
    box[3] = Math.max(box[3], y);
  }
  return box;
}

/**
 * @param {Polygon[]} polygons at least one
 * @returns {Box}
 */
export function polygonsBounds(polygons) {
  return ringBounds(polygons.flatMap((polygon) => polygon.exterior));
}

/**
 * @param {Polygon[]} polygons
 * @param {(point: Point) => Point} move
 * @returns {Polygon[]}
 */
export function mapPolygons(polygons, move) {
  return polygons.map(({ exterior, holes }) => ({
    exterior: exterior.map(move),
    holes: (holes ?? []).map((hole) => hole.map(move)),
  }));
}

/**
 * How far a shape with these bounds may move by (dx, dy) and stay inside the image.
 *
 * @param {Box} bounds
 * @param {number} dx
 * @param {number} dy
 * @param {number} width
 * @param {number} height
 * @returns {Point}
 */
export function allowedShift([x1, y1, x2, y2], dx, dy, width, height) {
  return [clamp(dx, -x1, Math.max(-x1, width - x2)), clamp(dy, -y1, Math.max(-y1, height - y2))];
}

/**
 * Douglas and Peucker's simplification of a closed ring: no dropped point lies further than the tolerance from what stays.
 *
 * @param {Ring} ring
 * @param {number} tolerance
 * @returns {Ring}
 */
export function simplifyRing(ring, tolerance) {
  if (ring.length < 5) return ring;
  const keep = new Uint8Array(ring.length);
  let far = 0;
  let farthest = -1;
  for (let i = 1; i < ring.length; i++) {
    const d = (ring[i][0] - ring[0][0]) ** 2 + (ring[i][1] - ring[0][1]) ** 2;
    if (d > farthest) [farthest, far] = [d, i];
  }
  keep[0] = keep[far] = 1;
  const closed = [...ring, ring[0]];
  const spans = [
    [0, far],
    [far, ring.length],
  ];
  for (let span = spans.pop(); span; span = spans.pop()) {
    const [from, to] = span;
    let worst = tolerance;
    let index = -1;
    for (let i = from + 1; i < to; i++) {
      const d = distanceToSegment(closed[i][0], closed[i][1], closed[from], closed[to]);
      if (d > worst) [worst, index] = [d, i];
    }
    if (index > 0) {
      keep[index] = 1;
      spans.push([from, index], [index, to]);
    }
  }
  const simple = ring.filter((_, i) => keep[i]);
  return simple.length < 3 ? ring : simple;
}

/**
 * @param {number} x
 * @param {number} y
 * @param {Point} a
 * @param {Point} b
 */
export function distanceToSegment(x, y, [ax, ay], [bx, by]) {
  const dx = bx - ax;
  const dy = by - ay;
  const length = dx * dx + dy * dy;
  const t = length === 0 ? 0 : clamp(((x - ax) * dx + (y - ay) * dy) / length, 0, 1);
  return Math.hypot(x - ax - t * dx, y - ay - t * dy);
}

/**
 * Where in the picture something lies and how much of it that is, in words a person would use: "upper left of the image,
 * 13 %". It says "of the image" because in medicine a left lung is on the right of it.
 *
 * @param {Box} box
 * @param {number} area in square pixels
 * @param {{width: number, height: number}} image
 */
export function placeWords([x1, y1, x2, y2], area, { width, height }) {
  const across = Math.min(2, Math.floor(((x1 + x2) / 2 / width) * 3));
  const down = Math.min(2, Math.floor(((y1 + y2) / 2 / height) * 3));
  const place = [
    ['upper left', 'upper middle', 'upper right'],
    ['left side', 'centre', 'right side'],
    ['lower left', 'lower middle', 'lower right'],
  ][down][across];
  const percent = (100 * area) / (width * height);
  return `${place} of the image, ${percent < 1 ? 'under 1' : Math.round(percent)} %`;
}
