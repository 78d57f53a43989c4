import { clamp, ringArea, simplifyRing } from '../../model/geometry.js';
import { Crosshair } from './crosshair.js';
import { strokeDraft } from './draft.js';

/** @import {Place, Tool} from '../gestures.js' */
/** @import {Stage} from '../stage.js' */
/** @import {Point, Region} from '../../types.js' */

const FREEHAND_STEP = 5;
const CLOSE_REACH = 10;

/**
 * Draws an outline: click by click, by dragging freehand, or with arrow keys and Enter. A click on the first vertex, a
 * double click or Enter closes it; Backspace takes back a vertex.
 *
 * @implements {Tool}
 */
export class PolygonTool {
  /** @type {Point[]} */
  #points = [];
  /** @type {Point|null} */
  #pen = null;
  #freehand = false;
  #stage;
  #finish;
  #crosshair;

  /**
   * @param {Stage} stage
   * @param {(region: Region, place: {shift: boolean, touch: boolean}) => void} finish
   */
  constructor(stage, finish) {
    this.#stage = stage;
    this.#finish = finish;
    this.#crosshair = new Crosshair(stage);
  }

  /** @param {Place} place */
  down(place) {
    this.#crosshair.hide();
    this.#freehand = false;
    if (this.#closes(place)) return true;
    this.#add([place.x, place.y]);
    return true;
  }

  /**
   * @param {Place} place
   * @param {boolean} pressed
   */
  move(place, pressed) {
    this.#pen = [place.x, place.y];
    if (
      pressed &&
      this.#points.length &&
      this.#distance(this.#points[this.#points.length - 1], place) > FREEHAND_STEP
    ) {
      this.#freehand = true;
      this.#add(this.#pen);
    }
    this.#stage.repaint();
  }

  /** @param {Place} place */
  up(place) {
    if (this.#closes(place) || (this.#freehand && this.#points.length > 8)) this.#close(place);
  }

  click() {}

  /** @param {Place} place */
  doubleClick(place) {
    this.#close(place);
  }

  cancel() {
    const busy = this.#points.length > 0 || this.#crosshair.at !== null;
    this.#points = [];
    this.#pen = null;
    this.#crosshair.hide();
    this.#stage.repaint();
    return busy;
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (this.#crosshair.key(event)) {
      this.#pen = this.#crosshair.at;
      return true;
    }
    if (event.key === 'Backspace' && this.#points.length) {
      this.#points.pop();
      this.#stage.repaint();
      return true;
    }
    if (event.key !== 'Enter') return false;
    const at = this.#crosshair.at;
    const last = this.#points[this.#points.length - 1];
    if (at && !(last && last[0] === at[0] && last[1] === at[1])) this.#add([...at]);
    else this.#close({ shift: event.shiftKey, touch: false });
    return true;
  }

  cursor() {
    return 'crosshair';
  }

  /** @param {CanvasRenderingContext2D} ctx */
  paint(ctx) {
    if (this.#points.length) {
      const { viewport } = this.#stage;
      const path = new Path2D();
      [...this.#points, ...(this.#pen ? [this.#pen] : [])].forEach((point, i) => {
        const [x, y] = viewport.toScreen(...point);
        if (i === 0) path.moveTo(x, y);
        else path.lineTo(x, y);
      });
      strokeDraft(ctx, path);
      const [x, y] = viewport.toScreen(...this.#points[0]);
      ctx.fillStyle = this.#points.length >= 3 ? '#FFB000' : '#FFFFFF';
      ctx.beginPath();
      ctx.arc(x, y, 5, 0, 2 * Math.PI);
      ctx.fill();
    }
    this.#crosshair.paint(ctx);
  }

  /** @param {Point} point */
  #add([x, y]) {
    const { imageWidth, imageHeight } = this.#stage.viewport;
    this.#points.push([clamp(x, 0, imageWidth), clamp(y, 0, imageHeight)]);
    this.#stage.repaint();
  }

  /** @param {Place} place */
  #closes(place) {
    return this.#points.length >= 3 && this.#distance(this.#points[0], place) <= CLOSE_REACH;
  }

  /**
   * @param {Point} point
   * @param {Place} place
   */
  #distance(point, { x, y }) {
    return Math.hypot(point[0] - x, point[1] - y) * this.#stage.viewport.scale;
  }

  /** @param {{shift: boolean, touch: boolean}} place */
  #close(place) {
    const { scale } = this.#stage.viewport;
    const ring = this.#freehand ? simplifyRing(this.#points, 1.5 / scale) : withoutRepeats(this.#points, 2 / scale);
    if (ring.length < 3 || ringArea(ring) < 1) return;
    this.cancel();
    this.#finish({ polygon: ring }, place);
  }
}

/**
 * A double click has set two vertices at one place.
 *
 * @param {Point[]} points
 * @param {number} least
 */
function withoutRepeats(points, least) {
  return points.filter(([x, y], i) => i === 0 || Math.hypot(x - points[i - 1][0], y - points[i - 1][1]) > least);
}
