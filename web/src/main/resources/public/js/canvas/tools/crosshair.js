import { clamp } from '../../model/geometry.js';

/** @import {Stage} from '../stage.js' */
/** @import {Point} from '../../types.js' */

const STEPS = /** @type {Record<string, Point>} */ ({
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
});

/** The direction of an arrow key, null for any other. @param {string} key */
export function arrowOf(key) {
  return STEPS[key] ?? null;
}

/** A pen that arrow keys lead over the picture, for drawing without a pointer. */
export class Crosshair {
  /** @type {Point|null} */
  at = null;

  #stage;

  /** @param {Stage} stage */
  constructor(stage) {
    this.#stage = stage;
  }

  /**
   * Takes a step; the first key only shows it in the middle of what is in sight. A step is 8 screen pixels, with shift
   * 40; with alt it is one pixel of the image.
   *
   * @param {KeyboardEvent} event
   * @returns {boolean} whether the key was one of its own
   */
  key(event) {
    const step = arrowOf(event.key);
    if (!step) return false;
    const { viewport } = this.#stage;
    const from = this.at ?? viewport.toImage(viewport.width / 2, viewport.height / 2);
    const length = !this.at ? 0 : event.altKey ? 1 : (event.shiftKey ? 40 : 8) / viewport.scale;
    this.at = [
      clamp(from[0] + step[0] * length, 0, viewport.imageWidth),
      clamp(from[1] + step[1] * length, 0, viewport.imageHeight),
    ];
    this.#follow();
    this.#stage.repaint();
    return true;
  }

  hide() {
    this.at = null;
  }

  /** @param {CanvasRenderingContext2D} ctx */
  paint(ctx) {
    if (!this.at) return;
    const { viewport } = this.#stage;
    const [x, y] = viewport.toScreen(...this.at);
    for (const [style, width] of /** @type {[string, number][]} */ ([
      ['rgba(0, 0, 0, 0.7)', 3],
      ['#FFFFFF', 1],
    ])) {
      ctx.strokeStyle = style;
      ctx.lineWidth = width;
      ctx.beginPath();
      ctx.moveTo(0, y);
      ctx.lineTo(viewport.width, y);
      ctx.moveTo(x, 0);
      ctx.lineTo(x, viewport.height);
      ctx.stroke();
    }
  }

  /** Keeps the pen on the stage. */
  #follow() {
    if (!this.at) return;
    const { viewport } = this.#stage;
    const edge = 24;
    const [x, y] = viewport.toScreen(...this.at);
    const dx = clamp(x, edge, viewport.width - edge) - x;
    const dy = clamp(y, edge, viewport.height - edge) - y;
    if (dx || dy) this.#stage.move((v) => v.pan(dx, dy));
  }
}
