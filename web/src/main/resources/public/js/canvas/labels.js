import { boxesOverlap, clamp } from '../model/geometry.js';

/** @import {Box} from '../types.js' */

/**
 * @typedef {object} LabelRequest
 * @property {string} key
 * @property {Box} box what is to be named, in stage pixels
 * @property {number} [peak] where along its upper edge the thing itself is, if it does not fill the box
 * @property {number} full width of the whole tag
 * @property {number} short width of the number alone
 * @property {number} priority higher is placed first
 * @property {boolean} lit whether it is pointed at or selected
 *
 * @typedef {{key: string, x: number, y: number, width: number, short: boolean, leader: boolean}} Label
 */

const GAP = 3;
const MANY = 40;

/**
 * Places tags so that none covers another and all lie on the stage. Each takes the first free one of the places people
 * expect (above or below its box, at either end, then inside), else the same with its number alone, else a free place
 * further off with a leader line; where nothing is free it is left out. Among many things, tags beside their boxes would
 * hide the neighbours: there only the number is shown, and only inside boxes with room for it.
 *
 * @param {LabelRequest[]} requests
 * @param {number} height of a tag
 * @param {{width: number, height: number}} stage
 * @returns {Map<string, Label>}
 */
export function placeLabels(requests, height, stage) {
  /** @type {Map<string, Label>} */
  const placed = new Map();
  const grid = new Occupancy(64);
  const order = [...requests].sort((a, b) => b.priority - a.priority);
  const many = requests.length > MANY;
  // Either all things of one size have their number or none: gaps would look like a difference.
  const widest = Math.max(...requests.map(({ short }) => short));
  for (const request of order) {
    const { key, box, full, short, lit } = request;
    if (!boxesOverlap(box, [0, 0, stage.width, stage.height])) continue;
    const label =
      many && !lit
        ? attempt(request, short, true, middle(box, short, widest, height))
        : (attempt(request, full, false, nearPlaces(box, full, height, request.peak)) ??
          attempt(request, short, true, nearPlaces(box, short, height, request.peak)) ??
          attempt(request, short, true, farPlaces(box, short, height), true));
    if (label) placed.set(key, label);
  }
  return placed;

  /**
   * @param {LabelRequest} request
   * @param {number} width
   * @param {boolean} isShort
   * @param {Iterable<[number, number]>} places
   * @param {boolean} [leader]
   * @returns {Label|null}
   */
  function attempt({ key }, width, isShort, places, leader = false) {
    if (width > stage.width || height > stage.height) return null;
    for (const [px, py] of places) {
      const x = clamp(px, 0, stage.width - width);
      const y = clamp(py, 0, stage.height - height);
      if (Math.abs(x - px) > width || Math.abs(y - py) > height) continue;
      /** @type {Box} */
      const rect = [x, y, x + width, y + height];
      if (grid.isFree(rect)) {
        grid.take(rect);
        return { key, x, y, width, short: isShort, leader };
      }
    }
    return null;
  }
}

/**
 * @param {Box} box
 * @param {number} width
 * @param {number} height
 * @param {number} [peak]
 * @returns {[number, number][]}
 */
function nearPlaces([x1, y1, x2, y2], width, height, peak) {
  return [
    [peak === undefined ? x1 : peak - width / 2, y1 - height - GAP],
    [x1, y1 - height - GAP],
    [x1, y2 + GAP],
    [x2 - width, y1 - height - GAP],
    [x2 - width, y2 + GAP],
    [x1 + GAP, y1 + GAP],
    [x2 + GAP, y1],
    [x1 - width - GAP, y1],
    [x2 - width - GAP, y1 + GAP],
    [x1 + GAP, y2 - height - GAP],
    [x2 - width - GAP, y2 - height - GAP],
  ];
}

/**
 * @param {Box} box
 * @param {number} width
 * @param {number} widest
 * @param {number} height
 * @returns {[number, number][]}
 */
function middle([x1, y1, x2, y2], width, widest, height) {
  if (x2 - x1 < widest + 2 * GAP || y2 - y1 < height + 2 * GAP) return [];
  return [[(x1 + x2 - width) / 2, (y1 + y2 - height) / 2]];
}

/**
 * Places in widening rings around the box.
 *
 * @param {Box} box
 * @param {number} width
 * @param {number} height
 * @returns {Generator<[number, number]>}
 */
function* farPlaces([x1, y1, x2, y2], width, height) {
  const cx = (x1 + x2) / 2 - width / 2;
  const cy = (y1 + y2) / 2 - height / 2;
  for (let ring = 1; ring <= 4; ring++) {
    for (let step = 0; step < 8 * ring; step++) {
      const angle = -Math.PI / 2 + (2 * Math.PI * step) / (8 * ring);
      yield [cx + Math.cos(angle) * ring * 1.6 * width, cy + Math.sin(angle) * ring * 1.8 * height];
    }
  }
}

/** Which parts of the stage are taken, in cells: asking costs the same however many tags there are. */
class Occupancy {
  /** @type {Map<string, Box[]>} */
  #cells = new Map();
  #size;

  /** @param {number} size of a cell */
  constructor(size) {
    this.#size = size;
  }

  /** @param {Box} rect */
  isFree(rect) {
    return [...this.#keys(rect)].every((key) => !this.#cells.get(key)?.some((other) => boxesOverlap(rect, other)));
  }

  /** @param {Box} rect */
  take(rect) {
    for (const key of this.#keys(rect)) {
      const cell = this.#cells.get(key);
      if (cell) cell.push(rect);
      else this.#cells.set(key, [rect]);
    }
  }

  /** @param {Box} rect */
  *#keys([x1, y1, x2, y2]) {
    for (let i = Math.floor(x1 / this.#size); i <= Math.floor(x2 / this.#size); i++) {
      for (let j = Math.floor(y1 / this.#size); j <= Math.floor(y2 / this.#size); j++) yield `${i},${j}`;
    }
  }
}
