import { drawableAt, drawables } from '../model/drawables.js';
import { Emitter } from '../emitter.js';
import { Overlay } from './overlay.js';
import { Viewport } from './viewport.js';

/** @import {Drawable} from '../model/drawables.js' */
/** @import {ImagePyramid} from './pyramid.js' */
/** @import {Workspace} from '../model/workspace.js' */

/** From this zoom on pixels are shown as squares: whoever looks that closely wants to see them. */
const CRISP_SCALE = 4;

/**
 * @typedef {object} Layer something that draws over everything else, such as a tool's unfinished shape
 * @property {(ctx: CanvasRenderingContext2D, stage: Stage) => void} paint in CSS pixels of the stage
 */

/**
 * The picture with everything on it: two canvases, one for pixels and one for the overlay, so that pointing at things
 * does not draw the picture again. Emits `view` when zoom or place change.
 */
export class Stage extends Emitter {
  viewport = new Viewport();
  /** @type {Drawable[]} */
  drawables = [];

  #overlay = new Overlay();
  #workspace;
  #image;
  #marks;
  #imageContext;
  #marksContext;
  /** @type {ImagePyramid|null} */
  #pyramid = null;
  /** @type {Layer[]} */
  #layers = [];
  #ratio = 1;
  #frame = 0;
  #imageDirty = false;
  #probe = /** @type {OffscreenCanvasRenderingContext2D} */ (
    new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true })
  );

  /**
   * @param {HTMLElement} frame the element that holds both canvases
   * @param {HTMLCanvasElement} image
   * @param {HTMLCanvasElement} marks
   * @param {Workspace} workspace
   */
  constructor(frame, image, marks, workspace) {
    super();
    this.#workspace = workspace;
    this.#image = image;
    this.#marks = marks;
    this.#imageContext = /** @type {CanvasRenderingContext2D} */ (image.getContext('2d'));
    this.#marksContext = /** @type {CanvasRenderingContext2D} */ (marks.getContext('2d'));
    this.#resize(frame.clientWidth, frame.clientHeight);
    const resize = () => this.#resize(frame.clientWidth, frame.clientHeight);
    new ResizeObserver(resize).observe(frame);
    this.#watchRatio(resize);
    workspace.on('shown regions hidden view turns turn draft', () => this.refresh());
    workspace.on('selection hover editing tool', () => this.repaint());
  }

  /**
   * Shows a picture.
   *
   * @param {ImagePyramid} pyramid closed when another one is shown
   * @param {{width: number, height: number}} size that coordinates refer to
   */
  show(pyramid, { width, height }) {
    this.#pyramid?.close();
    this.#pyramid = pyramid;
    this.viewport.setImage(width, height);
    this.refresh();
    this.#moved();
  }

  clear() {
    this.#pyramid?.close();
    this.#pyramid = null;
    this.refresh();
    this.#imageDirty = true;
  }

  /** @param {Layer} layer */
  addLayer(layer) {
    this.#layers.push(layer);
  }

  /** Collects anew what is to be drawn. */
  refresh() {
    this.drawables = drawables(this.#workspace);
    this.repaint();
  }

  repaint() {
    if (!this.#frame) this.#frame = requestAnimationFrame(() => this.#paint());
  }

  /**
   * Changes zoom or place.
   *
   * @param {(viewport: Viewport) => void} change
   */
  move(change) {
    change(this.viewport);
    this.#moved();
  }

  /**
   * What lies under a place of the stage.
   *
   * @param {number} sx
   * @param {number} sy
   * @param {(drawable: Drawable) => boolean} [among]
   * @param {number} [slack] in CSS pixels
   */
  at(sx, sy, among = () => true, slack = 5) {
    const [x, y] = this.viewport.toImage(sx, sy);
    return drawableAt(this.drawables.filter(among), x, y, slack / this.viewport.scale);
  }

  /**
   * The colour of one pixel, as the picture has it, before any window.
   *
   * @param {number} x
   * @param {number} y
   * @returns {[number, number, number]|null}
   */
  pixel(x, y) {
    const full = this.#pyramid?.full;
    const { imageWidth, imageHeight } = this.viewport;
    if (!full || x < 0 || y < 0 || x >= imageWidth || y >= imageHeight) return null;
    const column = Math.floor((x * full.width) / imageWidth);
    const row = Math.floor((y * full.height) / imageHeight);
    this.#probe.drawImage(full, column, row, 1, 1, 0, 0, 1, 1);
    const [r, g, b] = this.#probe.getImageData(0, 0, 1, 1).data;
    return [r, g, b];
  }

  get hasImage() {
    return this.#pyramid !== null;
  }

  #moved() {
    this.#imageDirty = true;
    this.repaint();
    this.emit('view');
  }

  /**
   * The page's own zoom, or a move to another screen, changes the pixels and not the size.
   *
   * @param {() => void} changed
   */
  #watchRatio(changed) {
    matchMedia(`(resolution: ${window.devicePixelRatio}dppx)`).addEventListener(
      'change',
      () => {
        changed();
        this.#watchRatio(changed);
      },
      { once: true },
    );
  }

  /**
   * @param {number} width
   * @param {number} height
   */
  #resize(width, height) {
    this.#ratio = window.devicePixelRatio || 1;
    for (const canvas of [this.#image, this.#marks]) {
      canvas.width = Math.max(1, Math.round(width * this.#ratio));
      canvas.height = Math.max(1, Math.round(height * this.#ratio));
    }
    this.viewport.resize(Math.max(1, width), Math.max(1, height));
    this.#imageDirty = true;
    // At once: a resized canvas is empty, and an empty frame between would be seen as flicker.
    this.#paint();
    this.emit('view');
  }

  #paint() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    if (this.#imageDirty) this.#paintImage();
    this.#imageDirty = false;
    const ctx = this.#marksContext;
    ctx.setTransform(1, 0, 0, 1, 0, 0);
    ctx.clearRect(0, 0, this.#marks.width, this.#marks.height);
    if (!this.#pyramid) return;
    const { hover, selection, editing, view } = this.#workspace;
    this.#overlay.paint(ctx, {
      viewport: this.viewport,
      ratio: this.#ratio,
      drawables: this.drawables,
      lit: new Set(selection ? [...hover, selection] : hover),
      editing,
      view,
    });
    for (const layer of this.#layers) {
      ctx.save();
      ctx.setTransform(this.#ratio, 0, 0, this.#ratio, 0, 0);
      layer.paint(ctx, this);
      ctx.restore();
    }
  }

  #paintImage() {
    const ctx = this.#imageContext;
    ctx.setTransform(1, 0, 0, 1, 0, 0);
    ctx.clearRect(0, 0, this.#image.width, this.#image.height);
    if (!this.#pyramid) return;
    const { viewport } = this;
    const { imageWidth, imageHeight, scale, x, y } = viewport;
    const level = this.#pyramid.levelFor(imageWidth * scale * this.#ratio);
    const [vx1, vy1, vx2, vy2] = viewport.visible;
    // Only the part in sight, on whole pixels, so that a far zoom does not scale a whole picture.
    const x1 = Math.max(0, Math.floor(vx1));
    const y1 = Math.max(0, Math.floor(vy1));
    const x2 = Math.min(imageWidth, Math.ceil(vx2));
    const y2 = Math.min(imageHeight, Math.ceil(vy2));
    if (x2 <= x1 || y2 <= y1) return;
    ctx.imageSmoothingEnabled = scale < CRISP_SCALE;
    ctx.imageSmoothingQuality = 'high';
    const fx = level.width / imageWidth;
    const fy = level.height / imageHeight;
    const s = scale * this.#ratio;
    ctx.drawImage(
      level,
      x1 * fx,
      y1 * fy,
      (x2 - x1) * fx,
      (y2 - y1) * fy,
      x1 * s + x * this.#ratio,
      y1 * s + y * this.#ratio,
      (x2 - x1) * s,
      (y2 - y1) * s,
    );
  }
}
