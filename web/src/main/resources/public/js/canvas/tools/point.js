import { clamp } from '../../model/geometry.js';
import { Crosshair } from './crosshair.js';

/** @import {Place, Tool} from '../gestures.js' */
/** @import {Stage} from '../stage.js' */
/** @import {Region} from '../../types.js' */

/**
 * Marks a point: by a click, or with arrow keys and Enter.
 *
 * @implements {Tool}
 */
export class PointTool {
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

  down() {
    this.#crosshair.hide();
    return true;
  }

  move() {}

  /** @param {Place} place */
  up(place) {
    const { imageWidth, imageHeight } = this.#stage.viewport;
    this.#finish({ point: [clamp(place.x, 0, imageWidth - 1), clamp(place.y, 0, imageHeight - 1)] }, place);
  }

  click() {}

  doubleClick() {}

  cancel() {
    const busy = this.#crosshair.at !== null;
    this.#crosshair.hide();
    this.#stage.repaint();
    return busy;
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (this.#crosshair.key(event)) return true;
    if (event.key !== 'Enter' || !this.#crosshair.at) return false;
    const [x, y] = this.#crosshair.at;
    this.cancel();
    this.up({ x, y, sx: 0, sy: 0, alt: false, shift: event.shiftKey, touch: false });
    return true;
  }

  cursor() {
    return 'crosshair';
  }

  /** @param {CanvasRenderingContext2D} ctx */
  paint(ctx) {
    this.#crosshair.paint(ctx);
  }
}
