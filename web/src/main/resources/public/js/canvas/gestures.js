import { Emitter } from '../emitter.js';

/** @import {Stage} from './stage.js' */

/**
 * @typedef {object} Place where a pointer is
 * @property {number} x in image pixels
 * @property {number} y
 * @property {number} sx in CSS pixels of the stage
 * @property {number} sy
 * @property {boolean} alt
 * @property {boolean} shift
 * @property {boolean} touch
 *
 * @typedef {object} Tool what pointers and keys do
 * @property {(place: Place) => boolean} down whether it takes the press; else the press moves the picture
 * @property {(place: Place, pressed: boolean) => void} move
 * @property {(place: Place) => void} up after a press that it took
 * @property {(place: Place) => void} click a press that it did not take, without moving
 * @property {(place: Place) => void} doubleClick
 * @property {() => boolean} cancel whether there was something to cancel
 * @property {(event: KeyboardEvent) => boolean} key whether it used the key
 * @property {(place: Place) => string} cursor
 */

const CLICK_SLACK = 4;

/**
 * Pointers on the stage: wheel and pinch zoom, dragging moves the picture, the right button sets the window, all else
 * goes to the tool. Emits `place` with a Place or null.
 */
export class Gestures extends Emitter {
  /** @type {Map<number, {sx: number, sy: number}>} */
  #pointers = new Map();
  /** @type {'none'|'tool'|'pan'|'pinch'|'window'} */
  #mode = 'none';
  #from = { sx: 0, sy: 0 };
  #last = { sx: 0, sy: 0 };
  #moved = false;
  #space = false;

  /**
   * @param {HTMLElement} surface
   * @param {Stage} stage
   * @param {() => Tool} tool the one in hand
   * @param {{window: (dx: number, dy: number) => void}} handlers
   */
  constructor(surface, stage, tool, handlers) {
    super();
    const place = (/** @type {PointerEvent|MouseEvent} */ e) => this.#place(surface, stage, e);

    surface.addEventListener('pointerdown', (e) => {
      if (!stage.hasImage) return;
      const at = place(e);
      // A person who only looks on with a second finger must not lose the first one's track.
      surface.setPointerCapture(e.pointerId);
      this.#pointers.set(e.pointerId, at);
      this.#from = this.#last = at;
      this.#moved = false;
      if (this.#pointers.size === 2) {
        if (this.#mode === 'tool') tool().cancel();
        this.#mode = 'pinch';
      } else if (e.button === 2) {
        this.#mode = 'window';
      } else if (e.button === 1 || this.#space || !tool().down(at)) {
        this.#mode = 'pan';
      } else {
        this.#mode = 'tool';
      }
      this.#setCursor(surface, tool(), at);
      if (e.button === 1) e.preventDefault();
    });

    surface.addEventListener('pointermove', (e) => {
      if (!stage.hasImage) return;
      const at = place(e);
      this.emit('place', at);
      if (this.#mode === 'pinch') {
        this.#pinch(stage, e.pointerId, at);
        return;
      }
      if (this.#pointers.size && Math.hypot(at.sx - this.#from.sx, at.sy - this.#from.sy) > CLICK_SLACK) {
        this.#moved = true;
      }
      if (this.#mode === 'pan' && this.#moved) {
        stage.move((v) => v.pan(at.sx - this.#last.sx, at.sy - this.#last.sy));
      } else if (this.#mode === 'window' && this.#moved) {
        handlers.window(at.sx - this.#last.sx, at.sy - this.#last.sy);
      } else if (this.#mode === 'tool' || this.#mode === 'none') {
        tool().move(at, this.#mode === 'tool');
      }
      if (this.#moved || this.#mode === 'none') this.#last = at;
      this.#setCursor(surface, tool(), at);
    });

    const end = (/** @type {PointerEvent} */ e) => {
      if (!this.#pointers.delete(e.pointerId)) return;
      const at = place(e);
      const mode = this.#mode;
      if (mode === 'pinch') {
        this.#mode = this.#pointers.size ? 'pinch' : 'none';
        return;
      }
      this.#mode = 'none';
      if (e.type === 'pointercancel') tool().cancel();
      else if (mode === 'tool') tool().up(at);
      else if (mode === 'pan' && !this.#moved && e.button === 0 && !this.#space) tool().click(at);
      this.#setCursor(surface, tool(), at);
    };
    surface.addEventListener('pointerup', end);
    surface.addEventListener('pointercancel', end);
    surface.addEventListener('pointerleave', () => this.#pointers.size || this.emit('place', null));
    surface.addEventListener('dblclick', (e) => stage.hasImage && tool().doubleClick(place(e)));
    surface.addEventListener('contextmenu', (e) => e.preventDefault());
    surface.addEventListener(
      'wheel',
      (e) => {
        if (!stage.hasImage) return;
        e.preventDefault();
        const { sx, sy } = place(e);
        const lines = e.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
        // Pinching on a touchpad arrives as a wheel with the control key and small steps.
        stage.move((v) => v.zoomAt(sx, sy, Math.exp(-e.deltaY * lines * (e.ctrlKey ? 0.01 : 0.0015))));
      },
      { passive: false },
    );
    surface.addEventListener('keydown', (e) => {
      if (e.key === ' ' && !e.repeat) this.#hold(surface, true);
    });
    window.addEventListener('keyup', (e) => e.key === ' ' && this.#hold(surface, false));
    window.addEventListener('blur', () => this.#hold(surface, false));
  }

  /**
   * @param {HTMLElement} surface
   * @param {boolean} space
   */
  #hold(surface, space) {
    if (this.#space === space) return;
    this.#space = space;
    surface.style.cursor = space ? 'grab' : '';
  }

  /**
   * @param {HTMLElement} surface
   * @param {Tool} tool
   * @param {Place} at
   */
  #setCursor(surface, tool, at) {
    if (this.#mode === 'pan' && this.#moved) surface.style.cursor = 'grabbing';
    else if (this.#mode === 'window') surface.style.cursor = 'move';
    else surface.style.cursor = this.#space ? 'grab' : tool.cursor(at);
  }

  /**
   * @param {Stage} stage
   * @param {number} id
   * @param {Place} at
   */
  #pinch(stage, id, at) {
    const before = [...this.#pointers.values()];
    if (!this.#pointers.has(id)) return;
    this.#pointers.set(id, at);
    const after = [...this.#pointers.values()];
    if (after.length < 2) return;
    const [a, b] = before;
    const [c, d] = after;
    const spread = Math.hypot(c.sx - d.sx, c.sy - d.sy) / Math.max(1, Math.hypot(a.sx - b.sx, a.sy - b.sy));
    const [mx, my] = [(c.sx + d.sx) / 2, (c.sy + d.sy) / 2];
    stage.move((v) => {
      v.pan(mx - (a.sx + b.sx) / 2, my - (a.sy + b.sy) / 2);
      v.zoomAt(mx, my, spread);
    });
  }

  /**
   * @param {HTMLElement} surface
   * @param {Stage} stage
   * @param {PointerEvent|MouseEvent} e
   * @returns {Place}
   */
  #place(surface, stage, e) {
    const rect = surface.getBoundingClientRect();
    const sx = e.clientX - rect.left;
    const sy = e.clientY - rect.top;
    const [x, y] = stage.viewport.toImage(sx, sy);
    const touch = 'pointerType' in e && e.pointerType === 'touch';
    return { x, y, sx, sy, alt: e.altKey, shift: e.shiftKey, touch };
  }
}
