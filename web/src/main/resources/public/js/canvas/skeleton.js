/** COCO's 17 keypoints of a person; left and right are the person's own. Lines as in person_keypoints_train2017.json. */

/** @import {Keypoint} from '../types.js' */
/** @import {Drawable} from '../model/drawables.js' */
/** @import {Viewport} from './viewport.js' */

/** Around lines, so that they are seen on any ground. */
export const HALO = 'rgba(0, 0, 0, 0.65)';

/** @type {[string, string][]} */
const LINES = [
  ['left_ankle', 'left_knee'],
  ['left_knee', 'left_hip'],
  ['right_ankle', 'right_knee'],
  ['right_knee', 'right_hip'],
  ['left_hip', 'right_hip'],
  ['left_shoulder', 'left_hip'],
  ['right_shoulder', 'right_hip'],
  ['left_shoulder', 'right_shoulder'],
  ['left_shoulder', 'left_elbow'],
  ['right_shoulder', 'right_elbow'],
  ['left_elbow', 'left_wrist'],
  ['right_elbow', 'right_wrist'],
  ['left_eye', 'right_eye'],
  ['nose', 'left_eye'],
  ['nose', 'right_eye'],
  ['left_eye', 'left_ear'],
  ['right_eye', 'right_ear'],
  ['left_ear', 'left_shoulder'],
  ['right_ear', 'right_shoulder'],
];

/**
 * @param {Keypoint} point
 * @returns {boolean} whether its place is known
 */
export function isPlaced(point) {
  return point.visibility !== 'absent' && point.x != null && point.y != null;
}

/**
 * The lines between those of an object's keypoints that belong together and have a place.
 *
 * @param {Keypoint[]} keypoints
 * @returns {[Keypoint, Keypoint][]}
 */
export function limbs(keypoints) {
  const placed = new Map(keypoints.filter(isPlaced).map((point) => [point.name, point]));
  /** @type {[Keypoint, Keypoint][]} */
  const found = [];
  for (const [from, to] of LINES) {
    const a = placed.get(from);
    const b = placed.get(to);
    if (a && b) found.push([a, b]);
  }
  return found;
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {Viewport} viewport
 * @param {Drawable} drawable
 * @param {boolean} isLit
 */
export function paintSkeleton(ctx, viewport, { keypoints, colour }, isLit) {
  const lines = limbs(keypoints);
  ctx.lineCap = 'round';
  for (const [style, width] of /** @type {[string, number][]} */ ([
    [HALO, 5],
    [colour, isLit ? 3 : 2.5],
  ])) {
    ctx.strokeStyle = style;
    ctx.lineWidth = width;
    ctx.beginPath();
    for (const [a, b] of lines) {
      ctx.moveTo(...viewport.toScreen(a.x ?? 0, a.y ?? 0));
      ctx.lineTo(...viewport.toScreen(b.x ?? 0, b.y ?? 0));
    }
    ctx.stroke();
  }
  for (const point of keypoints.filter(isPlaced)) {
    const [x, y] = viewport.toScreen(point.x ?? 0, point.y ?? 0);
    ctx.beginPath();
    ctx.arc(x, y, isLit ? 5.5 : 4.5, 0, 2 * Math.PI);
    // Seen points are full; those that something covers are rings.
    ctx.fillStyle = point.visibility === 'occluded' ? '#111619' : colour;
    ctx.fill();
    ctx.lineWidth = 1.5;
    ctx.strokeStyle = point.visibility === 'occluded' ? colour : '#111619';
    ctx.stroke();
  }
}
