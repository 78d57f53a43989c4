import { clamp } from '../model/geometry.js';

/**
 * Window and level as in radiology: grey values from `level - width / 2` to `level + width / 2` are spread over black to
 * white, those beyond are cut. The picture's own pixels stay as they are; an SVG filter of the page does the rest.
 */
export class Tone {
  #filter;
  #canvas;
  #changed;
  width = 255;
  level = 127.5;
  inverted = false;

  /**
   * @param {SVGFilterElement} filter with one feFunc each for red, green and blue
   * @param {HTMLCanvasElement} canvas that it is applied to
   * @param {() => void} changed
   */
  constructor(filter, canvas, changed) {
    this.#filter = filter;
    this.#canvas = canvas;
    this.#changed = changed;
  }

  get isPlain() {
    return this.width === 255 && this.level === 127.5 && !this.inverted;
  }

  /**
   * A drag: to the right widens, up brightens, as in other viewers.
   *
   * @param {number} dx
   * @param {number} dy
   */
  drag(dx, dy) {
    this.set(this.width + dx, this.level + dy / 2);
  }

  /**
   * @param {number} width 1..510
   * @param {number} level 0..255
   */
  set(width, level) {
    this.width = clamp(width, 1, 510);
    this.level = clamp(level, 0, 255);
    this.#apply();
  }

  invert() {
    this.inverted = !this.inverted;
    this.#apply();
  }

  reset() {
    this.width = 255;
    this.level = 127.5;
    this.inverted = false;
    this.#apply();
  }

  /** "W 120 L 90", empty where the picture is shown as it is. */
  get words() {
    if (this.isPlain) return '';
    const window = `W ${Math.round(this.width)} L ${Math.round(this.level)}`;
    return this.inverted ? `${window} inverted` : window;
  }

  #apply() {
    // v' = (v - (level - width / 2)) / width, for v, level and width in parts of 255.
    const slope = 255 / this.width;
    const intercept = 0.5 - (this.level / 255) * slope;
    const sign = this.inverted ? -1 : 1;
    for (const part of this.#filter.querySelectorAll('feFuncR, feFuncG, feFuncB')) {
      part.setAttribute('slope', String(sign * slope));
      part.setAttribute('intercept', String(this.inverted ? 1 - intercept : intercept));
    }
    this.#canvas.classList.toggle('toned', !this.isPlain);
    this.#changed();
  }
}
