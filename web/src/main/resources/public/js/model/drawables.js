import { OWN } from './colours.js';
import { boxArea, boxContains, distanceToSegment, polygonsContain, ringContains } from './geometry.js';
import { candidateNumber, candidates, nameOf, nearMisses, scoreWords } from './result.js';
import { outlined, shapeOfRegion } from './shape.js';

/** @import {Box, Found, Keypoint, Point, Polygon, Region} from '../types.js' */
/** @import {Workspace} from './workspace.js' */

/**
 * @typedef {object} Drawable one thing to draw over the picture, in image pixels
 * @property {string} key as in Workspace
 * @property {'object'|'candidate'|'near'|'region'|'asked'} kind
 * @property {string} number what its badge says
 * @property {string} name
 * @property {string} score
 * @property {string} colour
 * @property {Box} box
 * @property {Polygon[]} polygons empty where a box is all there is
 * @property {Keypoint[]} keypoints
 * @property {Point|null} point
 * @property {Found|null} found
 */

/**
 * Everything on the picture, in drawing order (later lies above).
 *
 * @param {Workspace} workspace
 * @returns {Drawable[]}
 */
export function drawables(workspace) {
  const { shown, view } = workspace;
  /** @type {Drawable[]} */
  const all = [];
  if (shown?.result) {
    const { result } = shown;
    const add = (/** @type {Drawable['kind']} */ kind, /** @type {Found} */ found, /** @type {string} */ number) =>
      all.push(ofFound(kind, found, number, workspace.colourOf(found.id)));
    if (view.near) nearMisses(result).forEach((found, i) => add('near', found, letter(i)));
    result.objects.forEach((found, i) => {
      if ((found.score ?? 1) >= view.minScore) add('object', found, String(i + 1));
    });
    candidates(result).forEach((found, i) => add('candidate', found, candidateNumber(found, i)));
  }
  const addRegion = (
    /** @type {string} */ key,
    /** @type {Drawable['kind']} */ kind,
    /** @type {Region} */ region,
    /** @type {number} */ i,
  ) => {
    const shape = shapeOfRegion(region, workspace);
    if (shape) all.push({ ...own(key, kind, i), ...outlined(shape) });
  };
  shown?.regions.forEach((region, i) => addRegion(`t:${i}`, 'asked', region, i));
  workspace.regions.forEach((region, i) => addRegion(`r:${i}`, 'region', region, i));
  const { draft } = workspace;
  return all
    .filter(({ key }) => !workspace.hidden.has(key))
    .map((drawable) => (drawable.key === draft?.key ? { ...drawable, ...outlined(draft.shape) } : drawable));
}

/**
 * @param {Drawable['kind']} kind
 * @param {Found} found
 * @param {string} number
 * @param {string} colour
 * @returns {Drawable}
 */
function ofFound(kind, found, number, colour) {
  return {
    key: `o:${found.id}`,
    kind,
    number,
    name: nameOf(found),
    score: scoreWords(found.score),
    colour,
    box: found.box,
    polygons: found.polygons ?? [],
    keypoints: found.keypoints ?? [],
    point: null,
    found,
  };
}

/**
 * @param {string} key
 * @param {Drawable['kind']} kind
 * @param {number} index
 */
function own(key, kind, index) {
  return { key, kind, number: `#${index + 1}`, name: '', score: '', colour: OWN, keypoints: [], found: null };
}

/** @param {number} index */
function letter(index) {
  return String.fromCharCode(97 + (index % 26));
}

/**
 * What lies under a place: the smallest thing there, since a larger one can be met elsewhere.
 *
 * @param {Drawable[]} all
 * @param {number} x
 * @param {number} y
 * @param {number} slack in image pixels: how near is near enough
 * @returns {Drawable|null}
 */
export function drawableAt(all, x, y, slack) {
  let best = null;
  let bestArea = Infinity;
  for (const drawable of all) {
    if (!covers(drawable, x, y, slack)) continue;
    const area = drawable.point ? 0 : boxArea(drawable.box);
    if (area <= bestArea) [best, bestArea] = [drawable, area];
  }
  return best;
}

/**
 * The keypoint at a place, if there is one.
 *
 * @param {Drawable[]} all
 * @param {number} x
 * @param {number} y
 * @param {number} slack in image pixels
 * @returns {Keypoint|null}
 */
export function keypointAt(all, x, y, slack) {
  let best = null;
  let bestDistance = slack;
  for (const keypoint of all.flatMap(({ keypoints }) => keypoints)) {
    if (keypoint.x == null || keypoint.y == null) continue;
    const distance = Math.hypot(keypoint.x - x, keypoint.y - y);
    if (distance <= bestDistance) [best, bestDistance] = [keypoint, distance];
  }
  return best;
}

/**
 * @param {Drawable} drawable
 * @param {number} x
 * @param {number} y
 * @param {number} slack
 */
function covers({ point, box, polygons, keypoints }, x, y, slack) {
  if (point) return Math.hypot(point[0] - x, point[1] - y) <= 2 * slack;
  if (keypoints.some((k) => k.x != null && k.y != null && Math.hypot(k.x - x, k.y - y) <= slack)) return true;
  if (!boxContains(box, x, y, slack)) return false;
  if (!polygons.length) return true;
  return polygonsContain(polygons, x, y) || polygons.some(({ exterior }) => nearRing(exterior, x, y, slack));
}

/**
 * @param {Point[]} ring
 * @param {number} x
 * @param {number} y
 * @param {number} slack
 */
function nearRing(ring, x, y, slack) {
  return (
    ringContains(ring, x, y) === false &&
    ring.some((point, i) => distanceToSegment(x, y, point, ring[(i + 1) % ring.length]) <= slack)
  );
}
