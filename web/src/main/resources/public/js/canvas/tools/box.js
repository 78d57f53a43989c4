import { boxBetween } from '../../model/geometry.js';
import { Crosshair } from './crosshair.js';
import { strokeDraft } from './draft.js';

/** @import {Place, Tool} from '../gestures.js' */
/** @import {Stage} from '../stage.js' */
/** @import {Point, Region} from '../../types.js' */

const LEAST = 4;

/**
 * Draws a box: by dragging, by two clicks, or with arrow keys and Enter twice.
 *
 * @implements {Tool}
 */
export class BoxTool {
  /** @type {Point|null} */
  #from = null;
  /** @type {Point|null} */
  #to = null;
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
    if (!this.#from) this.#from = [place.x, place.y];
    this.#to = [place.x, place.y];
    this.#stage.repaint();
    return true;
  }

  /** @param {Place} place */
  move(place) {
    if (!this.#from) return;
    this.#to = [place.x, place.y];
    this.#stage.repaint();
  }

  /** @param {Place} place */
  up(place) {
    this.#to = [place.x, place.y];
    this.#complete(place);
  }

  click() {}

  doubleClick() {}

  cancel() {
    const busy = this.#from !== null || this.#crosshair.at !== null;
    this.#from = this.#to = null;
    this.#crosshair.hide();
    this.#stage.repaint();
    return busy;
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (this.#crosshair.key(event)) {
      if (this.#from) this.#to = this.#crosshair.at;
      return true;
    }
    if (event.key !== 'Enter' || !this.#crosshair.at) return false;
    if (this.#from) this.#complete({ shift: event.shiftKey, touch: false });
    else this.#from = this.#to = this.#crosshair.at;
    return true;
  }

  cursor() {
    return 'crosshair';
  }

  /** @param {CanvasRenderingContext2D} ctx */
  paint(ctx) {
    if (this.#from && this.#to) {
      const { viewport } = this.#stage;
      const [x1, y1] = viewport.toScreen(...this.#from);
      const [x2, y2] = viewport.toScreen(...this.#to);
      const path = new Path2D();
      path.rect(Math.min(x1, x2), Math.min(y1, y2), Math.abs(x2 - x1), Math.abs(y2 - y1));
      strokeDraft(ctx, path);
    }
    this.#crosshair.paint(ctx);
  }

  /** @param {{shift: boolean, touch: boolean}} place */
  #complete(place) {
    if (!this.#from || !this.#to) return;
    const { viewport } = this.#stage;
    const [ax, ay] = this.#from;
    const [bx, by] = this.#to;
    // A press without a drag is the first of two clicks.
    if (Math.max(Math.abs(ax - bx), Math.abs(ay - by)) * viewport.scale < LEAST) return;
    const box = boxBetween(ax, ay, bx, by, viewport.imageWidth, viewport.imageHeight);
    this.cancel();
    this.#finish({ box }, place);
  }
}
