import { allowedShift, clamp, mapPolygons, polygonsBounds, round2 } from './geometry.js';

/** @import {Box, Found, Patch, Point, Polygon, Region} from '../types.js' */
/** @import {Drawable} from './drawables.js' */

/**
 * What can be changed by hand: a box, outlines, or a point. Pure functions.
 *
 * @typedef {{kind: 'box', box: Box}|{kind: 'polygons', polygons: Polygon[]}|{kind: 'point', point: Point}} Shape
 */

/**
 * @param {Region} region
 * @param {{find: (id: string) => Found|null}} known where objects that a region names are looked up
 * @returns {Shape|null}
 */
export function shapeOfRegion(region, known) {
  if ('box' in region) return { kind: 'box', box: region.box };
  if ('point' in region) return { kind: 'point', point: region.point };
  if ('polygon' in region) return { kind: 'polygons', polygons: [{ exterior: region.polygon, holes: [] }] };
  const found = known.find(region.object);
  return found && { kind: 'box', box: found.box };
}

/**
 * @param {Shape} shape
 * @returns {Region}
 */
export function regionOfShape(shape) {
  if (shape.kind === 'box') return { box: /** @type {Box} */ (shape.box.map(round2)) };
  if (shape.kind === 'point') return { point: rounded(shape.point) };
  return { polygon: shape.polygons[0].exterior.map(rounded) };
}

/**
 * @param {Drawable} drawable
 * @returns {Shape}
 */
export function shapeOfDrawable({ point, polygons, box }) {
  if (point) return { kind: 'point', point };
  return polygons.length ? { kind: 'polygons', polygons } : { kind: 'box', box };
}

/**
 * @param {Shape} shape
 * @returns {Patch} what to tell the server; from outlines it derives the box itself
 */
export function patchOfShape(shape) {
  if (shape.kind === 'polygons') return { polygons: mapPolygons(shape.polygons, rounded) };
  return { box: /** @type {Box} */ (boundsOf(shape).map(round2)) };
}

/**
 * The parts of a drawable that its shape decides.
 *
 * @param {Shape} shape
 * @returns {{box: Box, polygons: Polygon[], point: Point|null}}
 */
export function outlined(shape) {
  return {
    box: boundsOf(shape),
    polygons: shape.kind === 'polygons' ? shape.polygons : [],
    point: shape.kind === 'point' ? shape.point : null,
  };
}

/**
 * @param {Shape} shape
 * @returns {Box}
 */
export function boundsOf(shape) {
  if (shape.kind === 'box') return shape.box;
  if (shape.kind === 'polygons') return polygonsBounds(shape.polygons);
  const [x, y] = shape.point;
  return [x, y, x, y];
}

/**
 * The shape moved, as far as the image's edges let it.
 *
 * @param {Shape} shape
 * @param {number} dx
 * @param {number} dy
 * @param {{width: number, height: number}} image
 * @returns {Shape}
 */
export function shifted(shape, dx, dy, { width, height }) {
  const [sx, sy] = allowedShift(boundsOf(shape), dx, dy, width, height);
  if (shape.kind === 'box') {
    const [x1, y1, x2, y2] = shape.box;
    return { kind: 'box', box: [x1 + sx, y1 + sy, x2 + sx, y2 + sy] };
  }
  if (shape.kind === 'point') return { kind: 'point', point: [shape.point[0] + sx, shape.point[1] + sy] };
  return { kind: 'polygons', polygons: mapPolygons(shape.polygons, ([x, y]) => [x + sx, y + sy]) };
}

/**
 * @typedef {{at: Point, edge: [number, number]}} BoxHandle which sides it moves: -1 left or top, 1 right or bottom, 0 none
 * @typedef {{at: Point, polygon: number, ring: number, index: number, inserts: boolean}} VertexHandle ring -1 is the
 *     exterior, others are holes; one that inserts lies between vertex `index` and the next
 * @typedef {BoxHandle|VertexHandle} Handle
 */

/**
 * Where a shape can be taken hold of.
 *
 * @param {Shape} shape
 * @returns {Handle[]}
 */
export function handlesOf(shape) {
  if (shape.kind === 'point') return [];
  if (shape.kind === 'polygons') return shape.polygons.flatMap(vertexHandles);
  const [x1, y1, x2, y2] = shape.box;
  const [mx, my] = [(x1 + x2) / 2, (y1 + y2) / 2];
  return [
    { at: [x1, y1], edge: [-1, -1] },
    { at: [mx, y1], edge: [0, -1] },
    { at: [x2, y1], edge: [1, -1] },
    { at: [x2, my], edge: [1, 0] },
    { at: [x2, y2], edge: [1, 1] },
    { at: [mx, y2], edge: [0, 1] },
    { at: [x1, y2], edge: [-1, 1] },
    { at: [x1, my], edge: [-1, 0] },
  ];
}

/**
 * @param {Polygon} polygon
 * @param {number} p
 * @returns {VertexHandle[]}
 */
function vertexHandles({ exterior, holes }, p) {
  return [exterior, ...(holes ?? [])].flatMap((ring, r) =>
    ring.flatMap(([x, y], index) => {
      const [nx, ny] = ring[(index + 1) % ring.length];
      return [
        { at: /** @type {Point} */ ([x, y]), polygon: p, ring: r - 1, index, inserts: false },
        { at: /** @type {Point} */ ([(x + nx) / 2, (y + ny) / 2]), polygon: p, ring: r - 1, index, inserts: true },
      ];
    }),
  );
}

/**
 * The shape with one handle at another place. A box stays at least one pixel wide and high.
 *
 * @param {Shape} shape
 * @param {Handle} handle of this shape
 * @param {Point} place
 * @param {{width: number, height: number}} image
 * @returns {Shape}
 */
export function pulled(shape, handle, place, { width, height }) {
  const x = clamp(place[0], 0, width);
  const y = clamp(place[1], 0, height);
  if (shape.kind === 'box' && 'edge' in handle) {
    const [x1, y1, x2, y2] = shape.box;
    const [h, v] = handle.edge;
    return {
      kind: 'box',
      box: [
        h < 0 ? Math.min(x, x2 - 1) : x1,
        v < 0 ? Math.min(y, y2 - 1) : y1,
        h > 0 ? Math.max(x, x1 + 1) : x2,
        v > 0 ? Math.max(y, y1 + 1) : y2,
      ],
    };
  }
  if (shape.kind === 'polygons' && 'ring' in handle) {
    return inRing(shape, handle, (ring) =>
      handle.inserts
        ? [...ring.slice(0, handle.index + 1), [x, y], ...ring.slice(handle.index + 1)]
        : ring.map((point, i) => (i === handle.index ? [x, y] : point)),
    );
  }
  return shape;
}

/**
 * The shape without one vertex; null when too few would be left.
 *
 * @param {Shape} shape
 * @param {Handle} handle
 * @returns {Shape|null}
 */
export function without(shape, handle) {
  if (shape.kind !== 'polygons' || !('ring' in handle) || handle.inserts) return null;
  const { exterior, holes } = shape.polygons[handle.polygon];
  const ring = handle.ring < 0 ? exterior : holes[handle.ring];
  if (ring.length <= 3) return null;
  return inRing(shape, handle, (points) => points.filter((_, i) => i !== handle.index));
}

/**
 * @param {{kind: 'polygons', polygons: Polygon[]}} shape
 * @param {VertexHandle} handle
 * @param {(ring: Point[]) => Point[]} change
 * @returns {Shape}
 */
function inRing(shape, handle, change) {
  const polygons = shape.polygons.map((polygon, p) => {
    if (p !== handle.polygon) return polygon;
    const holes = polygon.holes ?? [];
    if (handle.ring < 0) return { exterior: change(polygon.exterior), holes };
    return { exterior: polygon.exterior, holes: holes.map((hole, h) => (h === handle.ring ? change(hole) : hole)) };
  });
  return { kind: 'polygons', polygons };
}

/**
 * @param {Point} point
 * @returns {Point}
 */
function rounded([x, y]) {
  return [round2(x), round2(y)];
}
