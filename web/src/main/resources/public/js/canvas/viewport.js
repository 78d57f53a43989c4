import { clamp } from '../model/geometry.js';

/** @import {Box, Point} from '../types.js' */

const MAX_SCALE = 64;
const MARGIN = 24;

/** Where the picture lies on the screen: `screen = image * scale + offset`, in CSS pixels of the stage. */
export class Viewport {
  scale = 1;
  x = 0;
  y = 0;
  width = 1;
  height = 1;
  imageWidth = 1;
  imageHeight = 1;
  /** Whether the picture still fills the stage by itself, so that it should when the stage changes its size. */
  fitted = true;

  /**
   * @param {number} width
   * @param {number} height
   */
  setImage(width, height) {
    this.imageWidth = width;
    this.imageHeight = height;
    this.fit();
  }

  /**
   * @param {number} width of the stage
   * @param {number} height
   */
  resize(width, height) {
    const [cx, cy] = this.toImage(this.width / 2, this.height / 2);
    this.width = width;
    this.height = height;
    if (this.fitted) {
      this.fit();
    } else {
      this.x = width / 2 - cx * this.scale;
      this.y = height / 2 - cy * this.scale;
      this.#keepInSight();
    }
  }

  get fitScale() {
    const margin = Math.min(MARGIN, this.width / 10, this.height / 10);
    return Math.min(
      (this.width - 2 * margin) / this.imageWidth,
      (this.height - 2 * margin) / this.imageHeight,
      MAX_SCALE,
    );
  }

  fit() {
    this.fitted = true;
    this.scale = this.fitScale;
    this.#centre();
  }

  /** One image pixel on one CSS pixel, around what is in the middle now. */
  actualSize() {
    this.zoomAt(this.width / 2, this.height / 2, 1 / this.scale);
  }

  /**
   * @param {Box} box to bring to the middle, with room around it
   */
  show([x1, y1, x2, y2]) {
    const room = 0.6;
    this.fitted = false;
    const most = Math.max(this.fitScale, 4);
    this.scale = clamp(
      Math.min((room * this.width) / Math.max(1, x2 - x1), (room * this.height) / Math.max(1, y2 - y1)),
      this.fitScale,
      most,
    );
    this.x = this.width / 2 - ((x1 + x2) / 2) * this.scale;
    this.y = this.height / 2 - ((y1 + y2) / 2) * this.scale;
    this.#keepInSight();
  }

  /**
   * @param {number} sx the place on the stage that stays where it is
   * @param {number} sy
   * @param {number} factor
   */
  zoomAt(sx, sy, factor) {
    const [ix, iy] = this.toImage(sx, sy);
    this.scale = clamp(this.scale * factor, Math.min(this.fitScale, 1) / 2, MAX_SCALE);
    this.x = sx - ix * this.scale;
    this.y = sy - iy * this.scale;
    this.fitted = false;
    this.#keepInSight();
  }

  /** @param {number} factor */
  zoom(factor) {
    this.zoomAt(this.width / 2, this.height / 2, factor);
  }

  /**
   * @param {number} dx
   * @param {number} dy
   */
  pan(dx, dy) {
    this.x += dx;
    this.y += dy;
    this.fitted = false;
    this.#keepInSight();
  }

  /**
   * @param {number} sx
   * @param {number} sy
   * @returns {Point}
   */
  toImage(sx, sy) {
    return [(sx - this.x) / this.scale, (sy - this.y) / this.scale];
  }

  /**
   * @param {number} ix
   * @param {number} iy
   * @returns {Point}
   */
  toScreen(ix, iy) {
    return [ix * this.scale + this.x, iy * this.scale + this.y];
  }

  /** The part of the image that the stage shows. @returns {Box} */
  get visible() {
    const [x1, y1] = this.toImage(0, 0);
    const [x2, y2] = this.toImage(this.width, this.height);
    return [x1, y1, x2, y2];
  }

  #centre() {
    this.x = (this.width - this.imageWidth * this.scale) / 2;
    this.y = (this.height - this.imageHeight * this.scale) / 2;
  }

  /** A part of the picture always stays on the stage: it cannot be lost. */
  #keepInSight() {
    const rest = 64;
    this.x = clamp(this.x, rest - this.imageWidth * this.scale, this.width - rest);
    this.y = clamp(this.y, rest - this.imageHeight * this.scale, this.height - rest);
  }
}
