import { simplifyRing } from '../model/geometry.js';

/** @import {Polygon, Ring} from '../types.js' */

/** The outlines of polygons as canvas paths in image pixels, kept for each coarseness that a zoom level needs. */
export class ShapePaths {
  /** @type {WeakMap<Polygon[], Map<number, Path2D>>} */
  #paths = new WeakMap();

  /**
   * @param {Polygon[]} polygons
   * @param {number} scale stage pixels for each image pixel; details finer than half a stage pixel are left out
   */
  of(polygons, scale) {
    const level = Math.max(0, Math.floor(Math.log2(1 / scale)));
    let levels = this.#paths.get(polygons);
    if (!levels) this.#paths.set(polygons, (levels = new Map()));
    let path = levels.get(level);
    if (!path) levels.set(level, (path = trace(polygons, 2 ** level / 2)));
    return path;
  }
}

/**
 * @param {Polygon[]} polygons
 * @param {number} tolerance
 */
function trace(polygons, tolerance) {
  const path = new Path2D();
  for (const { exterior, holes } of polygons) {
    traceRing(path, simplifyRing(exterior, tolerance));
    for (const hole of holes ?? []) traceRing(path, simplifyRing(hole, tolerance));
  }
  return path;
}

/**
 * @param {Path2D} path
 * @param {Ring} ring
 */
function traceRing(path, ring) {
  ring.forEach(([x, y], i) => (i === 0 ? path.moveTo(x, y) : path.lineTo(x, y)));
  path.closePath();
}
