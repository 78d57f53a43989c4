import { boundsOf, handlesOf, pulled, shapeOfDrawable, shifted, without } from '../model/shape.js';
import { drawableAt } from '../model/drawables.js';

/** @import {Point} from '../types.js' */
/** @import {Handle, Shape} from '../model/shape.js' */
/** @import {Workspace} from '../model/workspace.js' */
/** @import {Stage} from './stage.js' */
/** @import {Place} from './gestures.js' */

const REACH = 9;
const TOUCH_REACH = 20;
const SPACING = 14;
const NUDGE_PAUSE = 700;

/**
 * Changes the thing whose handles are out (`workspace.editing`): by dragging a handle or the whole, or by keys, each
 * drag and each run of keys being one step. What comes out goes to `commit`.
 */
export class Editor {
  #workspace;
  #stage;
  #commit;
  /** What the hand holds. @type {{shape: Shape, handle: Handle|null, from: Point}|null} */
  #grip = null;
  /** Index of the handle that keys move; -1 moves the whole. */
  #active = -1;
  #pause = 0;

  /**
   * @param {Workspace} workspace
   * @param {Stage} stage
   * @param {(key: string, shape: Shape, words: string) => void} commit
   */
  constructor(workspace, stage, commit) {
    this.#workspace = workspace;
    this.#stage = stage;
    this.#commit = commit;
    stage.addLayer(this);
    let last = workspace.editing;
    workspace.on('editing', () => {
      if (last) this.#finish(last);
      last = workspace.editing;
      this.#active = -1;
    });
  }

  /** The shape as it stands now. @returns {Shape|null} */
  get shape() {
    const { editing, draft } = this.#workspace;
    if (!editing) return null;
    if (draft?.key === editing) return draft.shape;
    const drawable = this.#stage.drawables.find(({ key }) => key === editing);
    return drawable ? shapeOfDrawable(drawable) : null;
  }

  /**
   * @param {Place} place
   * @returns {boolean} whether there is something to hold here
   */
  grab(place) {
    const shape = this.shape;
    if (!shape) return false;
    const handle = this.#handleAt(shape, place);
    if (handle && place.alt) {
      const rest = without(shape, handle);
      if (rest) this.#done(rest, 'Remove a vertex of');
      return true;
    }
    if (!handle && !this.#isInside(place)) return false;
    this.#grip = { shape, handle, from: [place.x, place.y] };
    return true;
  }

  /** @param {Place} place */
  drag({ x, y }) {
    const { editing, image } = this.#workspace;
    if (!this.#grip || !editing || !image) return;
    const { shape, handle, from } = this.#grip;
    const next = handle ? pulled(shape, handle, [x, y], image) : shifted(shape, x - from[0], y - from[1], image);
    this.#workspace.sketch({ key: editing, shape: next });
  }

  drop() {
    if (!this.#grip) return;
    const { handle } = this.#grip;
    this.#grip = null;
    if (this.#workspace.draft) this.#done(this.#workspace.draft.shape, handle ? 'Reshape' : 'Move');
  }

  /** Lets go without changing anything. */
  cancel() {
    this.#grip = null;
    clearTimeout(this.#pause);
    this.#workspace.sketch(null);
  }

  /**
   * Moves the active handle, or the whole.
   *
   * @param {number} dx in image pixels
   * @param {number} dy
   */
  nudge(dx, dy) {
    const { editing, image } = this.#workspace;
    const shape = this.shape;
    if (!shape || !editing || !image) return;
    const handle = this.#corners(shape)[this.#active];
    const next = handle
      ? pulled(shape, handle, [handle.at[0] + dx, handle.at[1] + dy], image)
      : shifted(shape, dx, dy, image);
    this.#workspace.sketch({ key: editing, shape: next });
    clearTimeout(this.#pause);
    this.#pause = window.setTimeout(() => this.#finish(editing), NUDGE_PAUSE);
  }

  /**
   * Goes to the next handle (1) or the one before (-1); between the last and the first lies the whole.
   *
   * @param {number} step
   * @returns {string} in words
   */
  step(step) {
    const shape = this.shape;
    if (!shape) return '';
    const count = this.#corners(shape).length;
    this.#active = ((this.#active + 1 + step + count + 1) % (count + 1)) - 1;
    this.#stage.repaint();
    return this.#active < 0 ? 'Arrow keys move the whole' : `Arrow keys move handle ${this.#active + 1} of ${count}`;
  }

  /** @returns {boolean} whether there was a vertex to remove */
  removeActive() {
    const shape = this.shape;
    const handle = shape && this.#corners(shape)[this.#active];
    const rest = shape && handle ? without(shape, handle) : null;
    if (!rest) return false;
    this.#done(rest, 'Remove a vertex of');
    return true;
  }

  /**
   * @param {Place} place
   * @returns {string|null} the cursor here
   */
  cursorAt(place) {
    const shape = this.shape;
    if (!shape) return null;
    const handle = this.#handleAt(shape, place);
    if (handle && 'edge' in handle) {
      const [h, v] = handle.edge;
      if (h === 0) return 'ns-resize';
      if (v === 0) return 'ew-resize';
      return h === v ? 'nwse-resize' : 'nesw-resize';
    }
    if (handle) return handle.inserts ? 'copy' : 'crosshair';
    return this.#isInside(place) ? 'move' : null;
  }

  /**
   * @param {CanvasRenderingContext2D} ctx
   * @param {Stage} stage
   */
  paint(ctx, stage) {
    const shape = this.shape;
    if (!shape) return;
    const active = this.#corners(shape)[this.#active];
    if (shape.kind === 'point' || this.#active < 0) this.#paintFrame(ctx, stage, shape);
    for (const handle of this.#shownHandles(shape)) {
      const [x, y] = stage.viewport.toScreen(...handle.at);
      const small = 'inserts' in handle && handle.inserts;
      const r = small ? 2.5 : shape.kind === 'box' ? 5 : 4;
      ctx.beginPath();
      if (small) ctx.arc(x, y, r, 0, 2 * Math.PI);
      else ctx.rect(x - r, y - r, 2 * r, 2 * r);
      ctx.fillStyle = samePlace(handle, active) ? '#FFB000' : '#FFFFFF';
      ctx.strokeStyle = '#101416';
      ctx.lineWidth = 1.5;
      ctx.globalAlpha = small ? 0.75 : 1;
      ctx.fill();
      ctx.stroke();
      ctx.globalAlpha = 1;
    }
  }

  /**
   * @param {CanvasRenderingContext2D} ctx
   * @param {Stage} stage
   * @param {Shape} shape
   */
  #paintFrame(ctx, { viewport }, shape) {
    const [bx1, by1, bx2, by2] = boundsOf(shape);
    const [x1, y1] = viewport.toScreen(bx1, by1);
    const [x2, y2] = viewport.toScreen(bx2, by2);
    const gap = shape.kind === 'point' ? 16 : 7;
    ctx.setLineDash([4, 4]);
    ctx.lineWidth = 1;
    ctx.strokeStyle = '#FFB000';
    ctx.strokeRect(x1 - gap, y1 - gap, x2 - x1 + 2 * gap, y2 - y1 + 2 * gap);
    ctx.setLineDash([]);
  }

  /** @param {string} key that has been edited */
  #finish(key) {
    clearTimeout(this.#pause);
    const { draft } = this.#workspace;
    if (draft?.key === key && !this.#grip) this.#done(draft.shape, 'Move');
  }

  /**
   * @param {Shape} shape
   * @param {string} words
   */
  #done(shape, words) {
    const key = this.#workspace.draft?.key ?? this.#workspace.editing;
    clearTimeout(this.#pause);
    this.#workspace.sketch(null);
    if (key) this.#commit(key, shape, words);
  }

  /** @param {Place} place */
  #isInside({ x, y, touch }) {
    const { editing } = this.#workspace;
    const slack = (touch ? TOUCH_REACH : REACH) / this.#stage.viewport.scale;
    return (
      drawableAt(
        this.#stage.drawables.filter(({ key }) => key === editing),
        x,
        y,
        slack,
      ) !== null
    );
  }

  /**
   * @param {Shape} shape
   * @param {Place} place
   * @returns {Handle|null}
   */
  #handleAt(shape, { sx, sy, touch }) {
    const reach = touch ? TOUCH_REACH : REACH;
    let best = null;
    let bestDistance = reach;
    for (const handle of this.#shownHandles(shape)) {
      const [x, y] = this.#stage.viewport.toScreen(...handle.at);
      // A vertex wins over the place between two where both are near.
      const distance = Math.hypot(x - sx, y - sy) + ('inserts' in handle && handle.inserts ? 2 : 0);
      if (distance <= bestDistance) [best, bestDistance] = [handle, distance];
    }
    return best;
  }

  /**
   * The handles that have room on the screen; zooming in shows more.
   *
   * @param {Shape} shape
   */
  #shownHandles(shape) {
    const handles = handlesOf(shape);
    if (shape.kind !== 'polygons') return handles;
    const { viewport } = this.#stage;
    /** @type {Handle[]} */
    const shown = [];
    for (const inserting of [false, true]) {
      const distance = inserting ? 1.6 * SPACING : SPACING;
      let [lx, ly] = [Infinity, Infinity];
      for (const handle of handles) {
        if (!('inserts' in handle) || (!inserting && handle.inserts)) continue;
        const [x, y] = viewport.toScreen(...handle.at);
        const near = Math.hypot(x - lx, y - ly) < distance;
        if (handle.inserts === inserting && !near) shown.push(handle);
        if (!near || inserting) [lx, ly] = [x, y];
      }
    }
    return shown;
  }

  /** @param {Shape} shape */
  #corners(shape) {
    return handlesOf(shape).filter((handle) => !('inserts' in handle && handle.inserts));
  }
}

/**
 * @param {Handle} handle
 * @param {Handle|undefined} other
 */
function samePlace(handle, other) {
  return other !== undefined && handle.at[0] === other.at[0] && handle.at[1] === other.at[1];
}
